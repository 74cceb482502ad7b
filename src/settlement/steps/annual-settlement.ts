import { type Fen, negate, sum, ZERO_FEN } from '../../kernel/money.js';
import { knows } from '../assessed.js';
import { BOOKED_BUCKETS, type MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { defineStep, given, lackingFilings, type StepQuestion, type StepRun } from '../step.js';

const FORMULA = 'clearing.formula';
const SETTLED = 'settlement.year';
const ACTUAL = 'settlement.actual_buckets';
const KEPT = ['retained', 'outbudget-retained'] as const;
const TAKEN = 'audit-taken';

/**
 * What the year owes the consortium (年终应结算金额), as a sum of signed lines: its own cost, as cleared or as the months settled it; what the
 * months paid at actual beside the budget; what it keeps of a surplus; less its own part of an overspend and what the months deducted.
 * The agency's clearing plan chooses the base. Lines that are known of each member carry its part, so that the lead can follow them.
 *
 * @source ganyu-2025-1 §三(二)4   by the clearing plan
 * @source hunan-2024-31 §二(六)   yearly clearing with the lead for all members
 */
export const annualSettlement = defineStep({
  name: 'annual-settlement',
  rows: ['GY-11', 'GY-15', 'HN-13'],
  reads: ['cleared', 'retained', 'overspend-own'],
  needs: ({ policy }) => [FORMULA, ...(knows(policy, ACTUAL) ? [ACTUAL] : [])],
  missing: (question) => (isSettled(question) ? lackingFilings(question, [SETTLED]) : []),
  compute: (run) => {
    const base = isSettled(run) ? [settledFigure(run)] : [];
    const own = [...base, ...(base.length === 0 ? atActual(run) : []), ...charges(run)];
    const clearedMembers = base.length === 0 ? clearedParts(run) : [];
    const kept = KEPT.filter((key) => run.find(key) !== null).map((key) => run.figure(key));
    const lines = [
      ...(base.length === 0 ? [run.figure('cleared')] : []),
      ...own.filter(isGroup),
      ...kept,
    ];
    return [
      ...clearedMembers,
      ...own,
      {
        key: 'payable',
        label: '年终应结算金额',
        unit: 'yuan',
        value: sum(lines.map(amountOf)),
        clause: run.policy.parameter(FORMULA).clause,
        formula: lines.map(({ label }) => label).join(' + '),
        inputs: [...lines.map(inputOf), run.by(FORMULA)],
      },
    ];
  },
});

function isSettled({ policy }: Pick<StepQuestion, 'policy'>): boolean {
  return policy.gapOf(FORMULA) === null && policy.text(FORMULA) === 'settled';
}

function isGroup({ key }: Figure): boolean {
  return !key.startsWith('member.');
}

function settledFigure(run: StepRun): Figure {
  const { label, clause } = run.policy.filing(SETTLED);
  return {
    key: 'settled-year',
    label,
    unit: 'yuan',
    value: run.filedFen(SETTLED),
    clause,
    formula: '各月核定结算额之和',
    inputs: [run.filed(SETTLED)],
  };
}

/** What the months paid the lead at actual beside the budget: owed all the same, or the prepayments would take it back. */
function atActual(run: StepRun): readonly Figure[] {
  if (!knows(run.policy, ACTUAL)) return [];
  const names = run.policy.list(ACTUAL);
  const buckets = BOOKED_BUCKETS.filter((bucket) => names.includes(bucket));
  const { label, clause } = run.policy.parameter(ACTUAL);
  const part = (booked: MemberFacts['booked']): Fen =>
    sum(buckets.map((bucket) => booked?.[bucket] ?? ZERO_FEN));
  const whole: Figure = {
    key: 'paid-at-actual',
    label,
    unit: 'yuan',
    value: part(run.own.booked),
    clause,
    formula: '成员单位该类费用记账金额之和',
    inputs: [run.by(ACTUAL)],
    claims: { buckets },
  };
  const members = run.own.members.map(({ institution, booked }) => ({
    ...partOf(whole, institution, part(booked)),
    claims: { buckets, institution },
  }));
  return [whole, ...members];
}

/** A member's own cost, line by line as the whole is made up. */
function clearedParts(run: StepRun): readonly Figure[] {
  const whole = run.figure('cleared');
  const keys = whole.inputs.flatMap(({ figure }) => figure ?? []);
  const { members } = run.own;
  if (members.some(({ booked }) => booked === null)) return [];
  return members.map((member) => {
    const lines = keys.map((key) => memberLine(run, member, key));
    return {
      ...partOf(whole, member.institution, sum(lines.map(({ amount }) => amount))),
      inputs: lines.map(({ label, amount, figure }) => ({
        ...given(label, amount),
        ...(figure === null ? {} : { figure }),
      })),
    };
  });
}

function memberLine(run: StepRun, { institution, booked }: MemberFacts, key: string) {
  const { label } = run.figure(key);
  const own = run.find(`member.${institution}.${key}`);
  if (own !== null) return { label, amount: amountOf(own), figure: own.key };
  const bucket = BOOKED_BUCKETS.find((each) => each === key);
  const amount = bucket === undefined ? ZERO_FEN : (booked?.[bucket] ?? ZERO_FEN);
  return { label, amount, figure: null };
}

/** What is charged, as lines below zero: the own part of an overspend, and what the months deducted, of each member where known. */
function charges(run: StepRun): readonly Figure[] {
  const overspend = charge(run, 'overspend-own', 'overspend-charge');
  if (run.find(TAKEN) === null) return [overspend];
  const taken = charge(run, TAKEN, 'audit-charge');
  const members = run.own.members.flatMap(({ institution, auditTaken }) =>
    auditTaken === undefined ? [] : [partOf(taken, institution, negate(auditTaken))],
  );
  return [overspend, taken, ...members];
}

function charge(run: StepRun, key: string, as: string): Figure {
  const { label, clause } = run.figure(key);
  return {
    key: as,
    label: `${label}（扣减）`,
    unit: 'yuan',
    value: negate(run.fen(key)),
    clause,
    formula: `− ${label}`,
    inputs: [run.from(key)],
  };
}

function partOf({ key, label, clause, formula }: Figure, institution: string, value: Fen): Figure {
  return {
    key: `member.${institution}.${key}`,
    label: `成员单位 ${institution} ${label}`,
    unit: 'yuan',
    value,
    clause,
    formula: `本单位：${formula}`,
    inputs: [],
  };
}
