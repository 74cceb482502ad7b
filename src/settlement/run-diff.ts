import { GatewayError } from '../kernel/errors.js';
import { add, type Fen, subtract, toYuan, yuan, ZERO_FEN } from '../kernel/money.js';
import { byText } from '../kernel/order.js';
import type { Facts } from './facts.js';
import { withoutNewDecisions, withPointsOf } from './mixed-facts.js';
import { runPlan } from './plan.js';
import { type PolicySnapshot, policyOf } from './policy-snapshot.js';
import { type FigureReport, reportResult } from './result.js';

/** A run as it is stored: what it was computed from, and what came out. */
export interface StoredComputation {
  readonly facts: Facts;
  readonly policy: PolicySnapshot;
  /** Digest of the DIP rule package. */
  readonly knowledge: string;
  readonly figures: readonly FigureReport[];
}

export const CAUSES = ['late-data', 'decision', 'parameter', 'rule'] as const;
/** Why a figure changed: other claims or payments, what people decided, a policy value, or the steps and rules themselves. */
export type Cause = (typeof CAUSES)[number];

/** One figure of two runs. Amounts are yuan text; a figure that a run does not have stands at null and counts as zero. */
export interface FigureChange {
  /** `<pool>.<key>` */
  readonly key: string;
  readonly label: string;
  readonly unit: FigureReport['unit'];
  readonly before: string | null;
  readonly after: string | null;
  /** Only of amounts: adds up to the change, to the fen. */
  readonly causes: Readonly<Record<Cause, string>> | null;
}

type Amounts = ReadonlyMap<string, Fen>;

/**
 * What changed between two runs of one period, each fen with its cause. The earlier run is computed again with one thing after another
 * taken from the later one: the data, what people decided, the policy's values; what is left is due to the steps and rules. Where a mixture
 * cannot be computed (a parameter the one policy leaves open), the change falls to the next cause that can.
 */
export function diffRuns(
  before: StoredComputation,
  after: StoredComputation,
): readonly FigureChange[] {
  const sameRules = before.knowledge === after.knowledge;
  const data = sameRules ? after.facts : withPointsOf(after.facts, before.facts);
  const { steps } = before.policy;
  const stages: readonly (readonly [Cause, Amounts | null])[] = [
    ['rule', computed(before.facts, before.policy, steps)],
    ['late-data', computed(withoutNewDecisions(data, before.facts), before.policy, steps)],
    ['decision', computed(data, before.policy, steps)],
    ['parameter', computed(data, after.policy, steps)],
    ['rule', amountsOf(after.figures)],
  ];
  const first = amountsOf(before.figures);
  return changed(before, after).map(({ causes, ...change }) => ({
    ...change,
    causes: causes === null ? null : attributed(change.key, first, stages),
  }));
}

/** A figure's share of the change by stage: each step from one computable stage to the next goes to that stage's cause. */
function attributed(
  key: string,
  first: Amounts,
  stages: readonly (readonly [Cause, Amounts | null])[],
): Readonly<Record<Cause, string>> {
  const found = new Map<Cause, Fen>();
  let last = first.get(key) ?? ZERO_FEN;
  for (const [cause, amounts] of stages) {
    if (amounts === null) continue;
    const now = amounts.get(key) ?? ZERO_FEN;
    found.set(cause, add(found.get(cause) ?? ZERO_FEN, subtract(now, last)));
    last = now;
  }
  const of = (cause: Cause): string => toYuan(found.get(cause) ?? ZERO_FEN);
  return {
    'late-data': of('late-data'),
    decision: of('decision'),
    parameter: of('parameter'),
    rule: of('rule'),
  };
}

/** The figures that differ, in the later run's order; those it dropped stand last. */
function changed(before: StoredComputation, after: StoredComputation): readonly FigureChange[] {
  const then = new Map(before.figures.map((figure) => [keyOf(figure), figure]));
  const now = new Map(after.figures.map((figure) => [keyOf(figure), figure]));
  const dropped = [...then.keys()].filter((key) => !now.has(key)).sort(byText);
  return [...now.keys(), ...dropped].flatMap((key) => {
    const [old, new_] = [then.get(key), now.get(key)];
    const shown = new_ ?? old;
    if (shown === undefined || old?.amount === new_?.amount) return [];
    const { label, unit } = shown;
    const causes = unit === 'yuan' ? NO_CAUSES : null;
    return [{ key, label, unit, before: old?.amount ?? null, after: new_?.amount ?? null, causes }];
  });
}

const NO_CAUSES = { 'late-data': '', decision: '', parameter: '', rule: '' };

/** `<pool>.<key>`: the same figure whatever the region is called. */
function keyOf({ id }: FigureReport): string {
  return id.split('.').slice(2).join('.');
}

function amountsOf(figures: readonly FigureReport[]): Amounts {
  return new Map(
    figures
      .filter(({ unit }) => unit === 'yuan')
      .map((figure) => [keyOf(figure), yuan(figure.amount)]),
  );
}

/** Null where these facts cannot be computed under this policy: something is open or missing. */
function computed(facts: Facts, policy: PolicySnapshot, steps: readonly string[]): Amounts | null {
  try {
    return amountsOf(reportResult(facts, runPlan(facts, steps, policyOf(policy))).figures);
  } catch (error) {
    if (error instanceof GatewayError || error instanceof RangeError) return null;
    throw error;
  }
}
