import { add, sum } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import { BOOKED_BUCKETS, type Booked, type BookedBucket } from '../facts.js';
import type { Figure } from '../figure.js';
import { defineStep, given, lacking, type StepRun } from '../step.js';

const BOOKED = 'scope.booked_buckets';

/** Buckets whose bookings are the group's own: the base of prepayment and deposit. Other lines are settled apart. */
export function ownBuckets(policy: PolicyAt): readonly BookedBucket[] {
  const named = policy.list(BOOKED);
  return BOOKED_BUCKETS.filter((bucket) => named.includes(bucket));
}

export const BUCKET_LABELS: Readonly<Record<BookedBucket, string>> = {
  outpatient: '普通门诊',
  chronic: '门诊慢性病（特殊疾病）',
  'two-disease': '门诊“两病”',
  inpatient: '住院',
  'bed-day': '按床日付费的住院',
  pharmacy: '双通道、定点药店',
  'family-doctor': '家庭医生签约服务费',
  maternity: '生育医疗',
  'out-of-area': '区域外就医',
  manual: '零星报销',
  'home-bed': '急诊、家庭病床等按实支付',
  other: '其他统筹基金支出',
  outside: '预算外支出',
};

/**
 * Booked amounts (记账金额) of the settlement period by bucket, and in all. Outpatient lines stand at fee-for-service, so what is
 * booked is what is paid.
 *
 * @source sanya-2024-6 §二           scope
 * @source sanya-2024-6 §三(三)1      by settlement time, 1 January to 31 December
 * @source sanya-2024-6 §三(三)3      outpatient lines at fee-for-service
 * @source sanya-2024-6 §三(三)4(1)   other lines
 */
export const bookedAmounts = defineStep({
  name: 'booked-amounts',
  rows: ['SY-01', 'SY-02', 'SY-09', 'SY-11'],
  reads: [],
  needs: () => [
    'scope.funds',
    BOOKED,
    'clearing.window',
    'outpatient.method',
    'dip.other_lines_paid',
  ],
  missing: (question) =>
    question.own.booked !== null
      ? []
      : [
          lacking(question, {
            id: 'booked',
            label: '本期记账金额',
            clause: 'sanya-2024-6 §二',
            rows: ['SY-01'],
          }),
        ],
  compute: (run) => {
    const { booked } = run.own;
    if (booked === null) return [];
    const own = ownBuckets(run.policy).map((bucket) => ownFigure(run, booked, bucket));
    return [...own, otherFigure(run, booked), totalFigure(run, booked)];
  },
});

function ownFigure(run: StepRun, booked: Booked, bucket: BookedBucket): Figure {
  const method = bucket === 'inpatient' ? [] : [run.by('outpatient.method')];
  return {
    key: bucket,
    label: `${BUCKET_LABELS[bucket]}记账金额`,
    unit: 'yuan',
    value: booked[bucket],
    clause: run.policy.parameter(bucket === 'inpatient' ? 'clearing.window' : 'outpatient.method')
      .clause,
    formula: '范围内结算记录记账金额之和（含退费负数）',
    inputs: [run.by('clearing.window'), ...method],
    claims: { buckets: [bucket] },
  };
}

function otherFigure(run: StepRun, booked: Booked): Figure {
  const lines = run.own.otherLines;
  return {
    key: 'other',
    label: '其他统筹基金支出',
    unit: 'yuan',
    value: add(booked.other, sum(lines.map(({ amount }) => amount))),
    clause: run.policy.parameter('dip.other_lines_paid').clause,
    formula: '成员单位不宜打包的费用 + 经办机构提供的其他支出',
    inputs: [
      given('成员单位不宜打包的费用', booked.other),
      ...lines.map(({ label, amount, clause }) => given(label, amount, clause)),
      run.by('dip.other_lines_paid'),
    ],
    claims: { buckets: ['other'] },
  };
}

function totalFigure(run: StepRun, booked: Booked): Figure {
  const own = ownBuckets(run.policy);
  const names = own.map((bucket) => BUCKET_LABELS[bucket]);
  return {
    key: 'booked',
    label: '记账金额合计',
    unit: 'yuan',
    value: sum(own.map((bucket) => booked[bucket])),
    clause: run.policy.parameter('scope.funds').clause,
    formula: names.join(' + '),
    inputs: own.map((bucket) => given(`${BUCKET_LABELS[bucket]}记账金额`, booked[bucket])),
    claims: { buckets: own },
  };
}
