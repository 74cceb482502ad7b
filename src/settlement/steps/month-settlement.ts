import { type Fen, subtract, sum, times, toYuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap, PolicyAt } from '../../policy/policy.js';
import { BOOKED_BUCKETS, type MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { defineStep, given, lacking, type StepQuestion, type StepRun } from '../step.js';
import { BUCKET_LABELS } from './booked-amounts.js';

const PAYOUT = 'lead.payout_rate';
const DUE = 'method-payable';
const OFF = 'audit-deductions';

/**
 * A month settled by the rules in force (月度预结): what the payment methods come to, less deductions, paid to the lead in one sum. The lead
 * passes on a part and holds the rest as assessment money until the month is assessed; of a debt nothing is held.
 *
 * @source ganyu-2025-1 §三(二)3   settle by rule, pay the lead; about 90 % passed on, the rest held
 * @source ganyu-2025-1 §四(二)    violations deducted in the month
 * @source hunan-2024-31 §二(六)   monthly with the lead for all members; the lead pays members
 */
export const monthSettlement = defineStep({
  name: 'month-settlement',
  rows: ['GY-10', 'GY-15', 'GY-19', 'GY-22', 'HN-06'],
  reads: [DUE],
  needs: () => [PAYOUT],
  missing: (question) => (question.policy.gapOf(PAYOUT) === null ? memberGaps(question) : []),
  compute: (run) => {
    const settlement = settlementFigure(run);
    const members = run.own.members.map((member) => memberFigures(run, member));
    const parts = members.map(({ passedOn }) => amountOf(passedOn));
    const passedOn =
      members.length === 0 ? passedOnOf(run.policy, amountOf(settlement)) : sum(parts);
    return [
      settlement,
      ...leadFigures(run, settlement, passedOn),
      ...members.flatMap(({ due, passedOn: paid, held }) => [due, paid, held]),
    ];
  },
});

function passedOnOf(policy: PolicyAt, net: Fen): Fen {
  return net < 0n ? net : times(net, policy.ratio(PAYOUT), 'half-up');
}

function settlementFigure(run: StepRun): Figure {
  const off = run.find(OFF) === null ? [] : [OFF];
  return {
    key: 'settlement',
    label: '月度结算拨付牵头医疗机构',
    unit: 'yuan',
    value: subtract(run.fen(DUE), sum(off.map((key) => run.fen(key)))),
    clause: run.policy.parameter(PAYOUT).clause,
    formula: [DUE, ...off].map((key) => run.figure(key).label).join(' − '),
    inputs: [DUE, ...off].map((key) => run.from(key)),
    booking: { from: 'agency', to: 'lead' },
  };
}

function leadFigures(run: StepRun, settlement: Figure, passedOn: Fen): readonly Figure[] {
  const { clause } = run.policy.parameter(PAYOUT);
  const alone = run.own.members.length === 0;
  const inputs = [inputOf(settlement), run.by(PAYOUT)];
  const passed: Figure = {
    key: 'passed-on',
    label: '牵头医疗机构当月转拨',
    unit: 'yuan',
    value: passedOn,
    clause,
    formula: alone ? '月度结算金额 × 转拨比例' : '各成员单位当月转拨之和',
    inputs,
  };
  return [
    passed,
    {
      key: 'held',
      label: '月度考核金',
      unit: 'yuan',
      value: subtract(amountOf(settlement), passedOn),
      clause,
      formula: '月度结算金额 − 当月转拨',
      inputs: [inputOf(settlement), inputOf(passed)],
      ...(alone ? { booking: { from: 'lead', to: 'reserve:holdback' } } : {}),
    },
  ];
}

function memberFigures(run: StepRun, { institution, auditDeductions }: MemberFacts) {
  const { clause } = run.policy.parameter(PAYOUT);
  const key = `member.${institution}.${DUE}`;
  const net = subtract(run.fen(key), auditDeductions);
  const figure = (name: string, label: string, value: Fen) => ({
    key: `member.${institution}.${name}`,
    label: `成员单位 ${institution} ${label}`,
    unit: 'yuan' as const,
    value,
    clause,
  });
  const due: Figure = {
    ...figure('settlement', '月度结算金额', net),
    formula: '本单位按支付方式计算的应付合计 − 本单位审核、稽查扣款',
    inputs: [run.from(key), given('本单位审核、稽查扣款', auditDeductions)],
  };
  const passedOn: Figure = {
    ...figure('passed-on', '当月转拨', passedOnOf(run.policy, net)),
    formula: '月度结算金额 × 转拨比例（四舍五入到分）',
    inputs: [inputOf(due), run.by(PAYOUT)],
    booking: { from: 'lead', to: `member:${institution}` },
  };
  const held: Figure = {
    ...figure('held', '月度考核金', subtract(net, amountOf(passedOn))),
    formula: '月度结算金额 − 当月转拨',
    inputs: [inputOf(due), inputOf(passedOn)],
    booking: { from: 'lead', to: 'reserve:holdback' },
  };
  return { due, passedOn, held };
}

/** Members must be known with their bookings, and add up to the pool. */
function memberGaps(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  if (own.members.length === 0 || own.booked === null) return [];
  const { clause, rows } = policy.parameter(PAYOUT);
  const gap = (id: string, label: string, reason: string): Gap =>
    lacking(question, { id: `members.${id}`, label: `成员单位的${label}`, clause, rows }, reason);
  const open = own.members.filter(({ booked }) => booked === null);
  if (open.length > 0)
    return [gap('booked', '记账金额', open.map(({ institution }) => institution).join('、'))];
  const pairs = [
    ...BOOKED_BUCKETS.map((bucket) => ({
      id: `booked.${bucket}`,
      label: `${BUCKET_LABELS[bucket]}记账金额`,
      whole: own.booked?.[bucket] ?? ZERO_FEN,
      parts: sum(own.members.map(({ booked }) => booked?.[bucket] ?? ZERO_FEN)),
    })),
    {
      id: 'audit_deductions',
      label: '审核、稽查扣款',
      whole: own.auditDeductions ?? ZERO_FEN,
      parts: sum(own.members.map(({ auditDeductions }) => auditDeductions)),
    },
  ];
  return pairs
    .filter(({ whole, parts }) => whole !== parts)
    .map(({ id, label, whole, parts }) =>
      gap(id, label, `成员单位合计 ${toYuan(parts)} 与集团 ${toYuan(whole)} 不符`),
    );
}
