import { Decimal } from '../../kernel/decimal.js';
import { type Fen, roundToFen, sum, times, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { FigureInput } from '../figure.js';
import { type BedDayRate, type DayCount, stayDays, stayPay, tiersOf } from '../methods/bed-day.js';
import { type MemberPart, paidInputs, payableFigures } from '../methods/member-figures.js';
import { basisOf, bedDayRates, countOrNone, membersLack } from '../methods/method-parameters.js';
import { fundPart } from '../methods/payable-basis.js';
import { clauseOf, defineStep, given, type StepQuestion, type StepRun } from '../step.js';

const RATES = 'bed_day.rates';
const COUNT = 'bed_day.count';
const SHORTEST = 'bed_day.shortest';
const LONGEST = 'bed_day.longest';
const BASIS = 'bed_day.payable_basis';
const ALL = [RATES, COUNT, SHORTEST, LONGEST, BASIS] as const;
const ROWS = ['HN-05', 'HI-07'];

/**
 * What bed-days pay (按床日付费): days of each stay by class, level and tier, for long and chronic stays. A stay shorter than the shortest
 * belongs to the inpatient method and halts; days beyond the longest are not paid.
 *
 * @source hunan-2024-31 §二(五)
 * @source hainan-2025-140 §五
 */
export const bedDay = defineStep({
  name: 'bed-day',
  rows: ROWS,
  reads: [],
  needs: ({ own }) => (own.members.some(hasStays) ? ALL : []),
  missing: (question) => [...unstated(question), ...unpriced(question)],
  compute: (run) =>
    payableFigures(
      {
        key: 'bed-day-payable',
        label: '按床日付费应付',
        clause: clauseOf(run.policy, RATES),
        formula: '各次住院的床日按类别、级别和天数分段 × 床日标准之和，再按支付口径折算',
        buckets: ['bed-day'],
      },
      run.own.members.map((member) => partOf(run, member)),
    ),
});

function hasStays({ methods }: MemberFacts): boolean {
  return methods.bedDays.length > 0;
}

function partOf(run: StepRun, member: MemberFacts): MemberPart {
  const { institution, methods } = member;
  if (!hasStays(member)) return { institution, amount: ZERO_FEN, inputs: [] };
  const rates = bedDayRates(run.policy);
  const lines = methods.bedDays.map((stays) => lineOf(run, member, { ...stays, rates }));
  const standard = sum(lines.map(({ pay }) => pay));
  const basis = basisOf(run.policy, BASIS);
  const paid = {
    booked: member.booked?.['bed-day'] ?? ZERO_FEN,
    cost: methods.bedDayCost ?? ZERO_FEN,
  };
  return {
    institution,
    amount: roundToFen(fundPart(toDecimalFen(standard), paid, basis), 'half-up'),
    inputs: [
      ...lines.map(({ input }) => input),
      given('床日标准合计', standard),
      ...(basis === 'fund-points' ? [] : paidInputs([paid])),
      ...ALL.map((id) => run.by(id)),
    ],
  };
}

interface StayLine {
  readonly class: string;
  readonly nights: number;
  readonly stays: number;
  readonly rates: readonly BedDayRate[];
}

function lineOf(
  { policy }: StepRun,
  { level }: MemberFacts,
  { class: kind, nights, stays, rates }: StayLine,
): { readonly pay: Fen; readonly input: FigureInput } {
  const days = stayDays(nights, policy.text(COUNT) as DayCount);
  const tiers = tiersOf(rates, { class: kind, level }) ?? [];
  const pay = times(
    stayPay(days, tiers, countOrNone(policy, LONGEST)),
    new Decimal(stays),
    'half-up',
  );
  return { pay, input: given(`${kind} ${days} 天 × ${stays} 次`, pay) };
}

/** Bookings by bed-day without the days they stand for; a basis by cost without the cost. */
function unstated(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  const clause = clauseOf(policy, RATES);
  const booked = own.members.filter(
    (member) => !hasStays(member) && (member.booked?.['bed-day'] ?? ZERO_FEN) !== ZERO_FEN,
  );
  const days = membersLack(question, booked, {
    id: 'bed_days',
    label: '床日数',
    clause,
    rows: ROWS,
  });
  if (policy.gapOf(BASIS) !== null || policy.text(BASIS) === 'fund-points') return days;
  const open = own.members.filter(
    (member) => hasStays(member) && (member.booked === null || member.methods.bedDayCost === null),
  );
  const gap = { id: 'bed_day_cost', label: '床日病例总费用和记账金额', rows: ROWS };
  return [...days, ...membersLack(question, open, { ...gap, clause: clauseOf(policy, BASIS) })];
}

/** Stays that the rates do not know, or that are too short to be paid by bed-day. */
function unpriced(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  if (!own.members.some(hasStays) || ALL.some((id) => policy.gapOf(id) !== null)) return [];
  const rates = bedDayRates(policy);
  const shortest = countOrNone(policy, SHORTEST) ?? 0;
  const count = policy.text(COUNT) as DayCount;
  const without = own.members.filter(({ level, methods }) =>
    methods.bedDays.some((stays) => tiersOf(rates, { class: stays.class, level }) === null),
  );
  const short = own.members.filter(({ methods }) =>
    methods.bedDays.some(({ nights }) => stayDays(nights, count) < shortest),
  );
  const tiers = {
    id: 'bed_day_rate',
    label: '床日类别或级别（标准表须有该类别、级别，逐段递增至不封顶）',
    rows: ROWS,
  };
  const stays = {
    id: 'bed_day_stay',
    label: `床日不少于 ${shortest} 天的住院（更短的按住院方式结算）`,
    rows: ROWS,
  };
  return [
    ...membersLack(question, without, { ...tiers, clause: clauseOf(policy, RATES) }),
    ...membersLack(question, short, { ...stays, clause: clauseOf(policy, SHORTEST) }),
  ];
}
