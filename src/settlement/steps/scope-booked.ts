import { sum } from '../../kernel/money.js';
import type { Figure } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { defineStep, lacking } from '../step.js';
import { BUCKET_LABELS, ownBuckets } from './booked-amounts.js';

const BUCKETS = 'scope.booked_buckets';
const FUNDS = 'scope.funds';

/**
 * What the members booked in the budget's scope (范围内记账金额), by kind of cost and in all; refunds count below zero.
 *
 * @source ganyu-2025-1 §三(一)2(1)   members' fund cost; employees incl. 大额
 * @source hunan-2024-31 §二(四)      categories in scope
 */
export const scopeBooked = defineStep({
  name: 'scope-booked',
  rows: ['GY-05', 'GY-08', 'HN-04'],
  reads: [],
  needs: () => [FUNDS, BUCKETS],
  missing: (question) => {
    if (question.own.booked !== null || question.policy.gapOf(BUCKETS) !== null) return [];
    const { clause, rows } = question.policy.parameter(BUCKETS);
    return [lacking(question, { id: 'booked', label: '本期记账金额', clause, rows: [...rows] })];
  },
  compute: (run) => {
    const { booked } = run.own;
    if (booked === null) return [];
    const { clause } = run.policy.parameter(BUCKETS);
    const own = ownBuckets(run.policy);
    const figures = own.map(
      (bucket): Figure => ({
        key: bucket,
        label: `${BUCKET_LABELS[bucket]}记账金额`,
        unit: 'yuan',
        value: booked[bucket],
        clause,
        formula: '范围内结算记录记账金额之和（含退费负数）',
        inputs: [run.by(FUNDS), run.by(BUCKETS)],
        claims: { buckets: [bucket] },
      }),
    );
    return [
      ...figures,
      {
        key: 'booked',
        label: '记账金额合计',
        unit: 'yuan',
        value: sum(own.map((bucket) => booked[bucket])),
        clause,
        formula: own.map((bucket) => BUCKET_LABELS[bucket]).join(' + '),
        inputs: figures.map(inputOf),
        claims: { buckets: own },
      },
    ];
  },
});
