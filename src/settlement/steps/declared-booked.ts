import { sum } from '../../kernel/money.js';
import { defineStep, given, lacking } from '../step.js';
import { BUCKET_LABELS, ownBuckets } from './booked-amounts.js';

/**
 * The booked amount a month declares (当月申报记账金额): in scope, other lines left out.
 *
 * @source sanya-2024-6 §三(二)
 */
export const declaredBooked = defineStep({
  name: 'declared-booked',
  rows: ['SY-01', 'SY-02', 'SY-07'],
  reads: [],
  needs: () => ['scope.funds', 'scope.booked_buckets', 'prepayment.monthly_rate'],
  missing: (question) =>
    question.own.booked !== null
      ? []
      : [
          lacking(question, {
            id: 'booked',
            label: '当月记账金额',
            clause: 'sanya-2024-6 §三(二)',
            rows: ['SY-07'],
          }),
        ],
  compute: ({ own: { booked }, policy }) => {
    if (booked === null) return [];
    const own = ownBuckets(policy);
    return [
      {
        key: 'booked',
        label: '当月申报记账金额',
        unit: 'yuan',
        value: sum(own.map((bucket) => booked[bucket])),
        clause: policy.parameter('prepayment.monthly_rate').clause,
        formula: own.map((bucket) => BUCKET_LABELS[bucket]).join(' + '),
        inputs: own.map((bucket) => given(BUCKET_LABELS[bucket], booked[bucket])),
        claims: { buckets: own },
      },
    ];
  },
});
