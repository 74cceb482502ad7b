import { haltingGaps } from '../conditions.js';
import { defineStep } from '../step.js';
import { conditionsFigure } from './eligibility.js';

const CONDITIONS = 'procurement.conditions';

/**
 * Records of unified procurement through the lead hospital (药品耗材统一采购): account, list, purchase and delivery, price, payment; volumes
 * reported as a whole. What is missing is shown beside the year's settlement; money the lead paid for members is netted in the
 * distribution.
 *
 * @source jilin-2025-13 §三(二)    五统一; volumes reported as a whole, selected products first
 * @source hainan-2025-140 §六      unified purchase, delivery and settlement, step by step
 * @source sanya-2024-6 §三(五)1    the lead plans procurement for its members
 */
export const procurementRecords = defineStep({
  name: 'procurement-records',
  rows: ['JL-11', 'JL-14', 'HI-08', 'SY-18'],
  reads: [],
  needs: () => [CONDITIONS],
  missing: (question) => haltingGaps(question, CONDITIONS),
  compute: (run) => [
    conditionsFigure(run, CONDITIONS, {
      key: 'procurement-records',
      label: '药品耗材统一采购的记录',
    }),
  ],
});
