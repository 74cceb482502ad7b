import { FIELDS, type Stream } from '../fields.js';
import type { StreamConfig } from '../institution-config.js';
import { compileExpectation, type Expectation } from './expectation.js';
import { isProduct } from './numbers.js';
import type { RowScratch } from './row-scratch.js';

/** A check of the whole row after its fields were decoded without fault. */
export type RowCheck = (scratch: RowScratch) => void;

/** The house's own checks of a stream, then those its configuration expects. */
export function rowChecks(
  stream: Stream,
  config: Pick<StreamConfig, 'expect'>,
  settledBefore: string | null,
): readonly RowCheck[] {
  const checks = [...OWN_CHECKS[stream](positionsOf(stream))];
  const settledAt = Object.keys(FIELDS[stream]).indexOf('settledAt');
  if (settledAt !== -1 && settledBefore !== null) checks.push(inWindow(settledAt, settledBefore));
  for (const source of config.expect) {
    const expectation = compileExpectation(stream, source);
    if (typeof expectation !== 'string') checks.push(expected(expectation));
  }
  return checks;
}

type Positions = (name: string) => number;

function positionsOf(stream: Stream): Positions {
  const names = Object.keys(FIELDS[stream]);
  return (name) => names.indexOf(name);
}

const OWN_CHECKS: Readonly<Record<Stream, (at: Positions) => readonly RowCheck[]>> = {
  persons: () => [],
  claims: (at) => [knownPerson(at), refundSign(at), stayInOrder(at)],
  lines: (at) => [lineSigns(at), lineProduct(at)],
  diagnoses: () => [],
  procedures: () => [],
};

function knownPerson(at: Positions): RowCheck {
  const [personId, certificate] = [at('personId'), at('certificate')];
  return (scratch) => {
    if (scratch.texts[personId] === null && scratch.texts[certificate] === null) {
      scratch.fault('unknown-person', 'personId');
    }
  };
}

/** A stay begins no later than it ends; where a source gives only days, the day decides. */
function stayInOrder(at: Positions): RowCheck {
  const [admitted, discharged] = [at('admittedAt'), at('dischargedAt')];
  return (scratch) => {
    const [from, to] = [scratch.texts[admitted], scratch.texts[discharged]];
    if (from === null || from === undefined || to === null || to === undefined) return;
    const precision = Math.min(from.length, to.length);
    if (from.slice(0, precision) > to.slice(0, precision)) {
      scratch.fault('discharged-before-admitted', 'dischargedAt');
    }
  };
}

/** Money flows back only on a claim that says which one it takes back (退费). */
function refundSign(at: Positions): RowCheck {
  const money = Object.entries(FIELDS.claims)
    .filter(([, spec]) => spec.kind === 'money')
    .map(([name]) => ({ name, index: at(name) }));
  const [refundOf, totalFee] = [at('refundOf'), at('totalFee')];
  return (scratch) => {
    if (scratch.texts[refundOf] !== null) {
      if ((scratch.numbers[totalFee] ?? 0) > 0) scratch.fault('positive-refund', 'totalFee');
      return;
    }
    for (const { name, index } of money) {
      if ((scratch.numbers[index] ?? 0) < 0) {
        scratch.fault('negative-without-refund', name);
        return;
      }
    }
  };
}

function lineSigns(at: Positions): RowCheck {
  const [quantity, amount] = [at('quantity'), at('lineAmount')];
  return (scratch) => {
    const { numbers } = scratch;
    const signs = Math.sign(numbers[quantity] ?? 0) * Math.sign(numbers[amount] ?? 0);
    if (signs < 0) scratch.fault('sign-mismatch', 'lineAmount');
  };
}

function lineProduct(at: Positions): RowCheck {
  const [quantity, price, amount] = [at('quantity'), at('unitPrice'), at('lineAmount')];
  return (scratch) => {
    const { numbers } = scratch;
    if (isProduct(numbers[quantity] ?? 0, numbers[price] ?? 0, numbers[amount] ?? 0)) return;
    const [count, each] = [quantity, price].map((index) => scratch.texts[index]);
    const detail = `${count} × ${each} ≠ ${numbers[amount]} 分`;
    scratch.fault('quantity-price-amount', 'lineAmount', detail);
  };
}

function inWindow(settledAt: number, before: string): RowCheck {
  return (scratch) => {
    const moment = scratch.texts[settledAt] ?? '';
    if (moment >= before) scratch.fault('settled-after-window', 'settledAt', moment);
  };
}

function expected(expectation: Expectation): RowCheck {
  return (scratch) => {
    if (!expectation.holds(scratch)) scratch.fault('expect', null, expectation.source);
  };
}
