import { Decimal, percent } from '../kernel/decimal.js';
import {
  add,
  type Fen,
  negate,
  subtract,
  sum,
  times,
  toDecimalFen,
  ZERO_FEN,
} from '../kernel/money.js';
import type { Gap, PolicyAt } from '../policy/policy.js';
import type { DistributionRule, Measure } from './distribution-plan.js';
import type { MemberFacts } from './facts.js';
import type { FigureInput } from './figure.js';
import { shareOut } from './shares.js';
import { clauseOf, lacking, type StepQuestion, stated } from './step.js';
import { ownBuckets } from './steps/booked-amounts.js';

/** The parameter that names the region's default split. */
export const SPLIT = 'prepayment.members_split';

type Question = Pick<StepQuestion, 'facts' | 'own' | 'policy'>;

/**
 * Splits an amount among the pool's members, in their order: by the lead's plan where it has one, else by booked amount. Largest
 * remainder, so that the parts always make up the whole.
 */
export function splitAmong({ facts, own, policy }: Question, total: Fen): readonly Fen[] {
  const plan = facts.distribution;
  return plan === undefined
    ? splitByBooked(total, own.members, policy)
    : splitByPlan(total, { plan, members: own.members, policy });
}

/**
 * Splits by the members' booked amounts; a member whose refunds exceed its bookings has no share. A negative amount is borne by the
 * members whose refunds exceed their bookings, where there are any.
 */
export function splitByBooked(
  total: Fen,
  members: readonly MemberFacts[],
  policy: PolicyAt,
): readonly Fen[] {
  const booked = members.map((member) => bookedOf(member, policy));
  const borne = total < 0n && booked.some((amount) => amount < 0n);
  return shareOut(
    total,
    booked.map((amount) => toDecimalFen(borne ? negate(amount) : amount)),
  );
}

/** A member's booked amount over the group's own buckets. */
export function bookedOf({ booked }: MemberFacts, policy: PolicyAt): Fen {
  return booked === null ? ZERO_FEN : sum(ownBuckets(policy).map((bucket) => booked[bucket]));
}

export interface PlannedSplit {
  readonly plan: DistributionRule;
  readonly members: readonly MemberFacts[];
  readonly policy: PolicyAt;
}

/**
 * Splits by a plan. Where a kind of members would get less than its floor, it gets the floor (rounded up to the fen), split as before
 * among its own; the others share what is left. Floors do not speak to an amount that is not positive.
 */
export function splitByPlan(total: Fen, split: PlannedSplit): readonly Fen[] {
  const { plan, members } = split;
  const floors = plan.floors
    .map(({ kinds, share }) => ({
      least: times(total, share, 'up'),
      indices: members.flatMap(({ kind }, index) =>
        kind !== undefined && kinds.includes(kind) ? [index] : [],
      ),
    }))
    .filter(({ indices }) => total > 0n && indices.length > 0);
  const bound = new Set<Floor>();
  for (;;) {
    const shares = withFloors(total, split, [...bound]);
    const below = floors.find((floor) => !bound.has(floor) && partOf(floor, shares) < floor.least);
    if (below === undefined) return shares;
    bound.add(below);
    const taken = [...bound].flatMap(({ indices }) => indices);
    if (taken.length === members.length) return shares; // nobody is left to take the rest
  }
}

interface Floor {
  readonly least: Fen;
  readonly indices: readonly number[];
}

function partOf({ indices }: Floor, shares: readonly Fen[]): Fen {
  return sum(indices.map((index) => shares[index] ?? ZERO_FEN));
}

function withFloors(total: Fen, split: PlannedSplit, bound: readonly Floor[]): readonly Fen[] {
  const taken = new Set(bound.flatMap(({ indices }) => indices));
  const others = split.members.flatMap((_, index) => (taken.has(index) ? [] : [index]));
  const rest = subtract(total, sum(bound.map(({ least }) => least)));
  const groups = [...bound, { least: rest, indices: others }];
  const shares = split.members.map(() => ZERO_FEN);
  for (const { least, indices } of groups) {
    const members = indices.flatMap((index) => split.members[index] ?? []);
    measured(least, { ...split, members }).forEach((share, position) => {
      shares[indices[position] ?? 0] = share;
    });
  }
  return shares;
}

/** The split by the plan's measure; of a combination each part by its own, the parts themselves by largest remainder. */
function measured(total: Fen, { plan, members, policy }: PlannedSplit): readonly Fen[] {
  const { by, shares = {}, weights = {} } = plan.split;
  const parts: readonly (readonly [Measure, Decimal])[] =
    by === 'combination'
      ? MEASURES.flatMap((measure) => {
          const share = shares[measure];
          return share === undefined ? [] : [[measure, share] as const];
        })
      : [[by, new Decimal(1)]];
  const amounts = shareOut(
    total,
    parts.map(([, share]) => share),
  );
  return parts.reduce<readonly Fen[]>(
    (sums, [measure], index) => {
      const more = shareOut(
        amounts[index] ?? ZERO_FEN,
        members.map((member) => weightOf(member, measure, { weights, policy })),
      );
      return sums.map((share, position) => add(share, more[position] ?? ZERO_FEN));
    },
    members.map(() => ZERO_FEN),
  );
}

const MEASURES = ['booked', 'points', 'weights'] as const;

interface Weighing {
  readonly weights: Readonly<Record<string, Decimal>>;
  readonly policy: PolicyAt;
}

function weightOf(member: MemberFacts, by: Measure, { weights, policy }: Weighing): Decimal {
  if (by === 'booked') return toDecimalFen(bookedOf(member, policy));
  return (by === 'points' ? member.points : weights[member.institution]) ?? new Decimal(0);
}

/** How the members' parts come about, in words. */
export function splitFormula({ facts }: Pick<Question, 'facts'>, what: string): string {
  const plan = facts.distribution;
  if (plan === undefined) return `${what}按成员单位记账金额比例分配（最大余数法）`;
  const floors = plan.floors.map(({ label, share }) => `${label}不低于 ${percent(share)}`);
  return [`${what}按牵头医院分配方案（${WORDS[plan.split.by]}）分配（最大余数法）`, ...floors].join(
    '；',
  );
}

const WORDS = {
  booked: '记账金额比例',
  points: '分值比例',
  weights: '方案权重',
  combination: '多项比例组合',
} as const;

/** The lead's plan, or the region's default, as input of a figure. */
export function splitInput(run: Question & { by(id: string): FigureInput }): FigureInput {
  const plan = run.facts.distribution;
  if (plan === undefined) return run.by(SPLIT);
  const input = stated(`牵头医院分配方案：${plan.label}`, WORDS[plan.split.by], plan.clause);
  return plan.sample === 'true' ? { ...input, sample: true } : input;
}

/** The clause that the members' parts stand on. */
export function splitClause({ facts, policy }: Question): string {
  return facts.distribution?.clause ?? clauseOf(policy, SPLIT);
}

/** Parameters the split reads. */
export function splitNeeds({ facts, own }: Pick<Question, 'facts' | 'own'>): readonly string[] {
  return own.members.length === 0 || facts.distribution !== undefined ? [] : [SPLIT];
}

/** What members lack for the lead's plan: points or kinds that it goes by. */
export function splitFaults(question: StepQuestion): readonly Gap[] {
  const { facts, own } = question;
  const plan = facts.distribution;
  if (plan === undefined) return [];
  const { by, shares, weights = {} } = plan.split;
  const unscored = own.members.filter(({ points }) => points === null);
  const known = new Set(own.members.map(({ institution }) => institution));
  const gap = { label: '分配方案', clause: plan.clause, rows: ['SY-14'] };
  return [
    ...((by === 'points' || shares?.points !== undefined) && unscored.length > 0
      ? [
          lacking(
            question,
            { ...gap, id: 'distribution.points' },
            '方案按分值分配，成员单位没有分值',
          ),
        ]
      : []),
    ...(plan.floors.length > 0 && own.members.some(({ kind }) => kind === undefined)
      ? [
          lacking(
            question,
            { ...gap, id: 'distribution.kinds' },
            '方案设有下限，成员单位没有写明类别',
          ),
        ]
      : []),
    ...Object.keys(weights)
      .filter((code) => !known.has(code))
      .map((code) =>
        lacking(question, { ...gap, id: `distribution.weights.${code}` }, `没有成员单位 ${code}`),
      ),
  ];
}
