import { defineStep, lackingFilings } from '../step.js';

const TIMING = 'audit.timing';
const TAKEN = 'audit.taken_in_months';

/**
 * What the months of the year already took for violations (按月已扣的违规费用). The payable amount of the year counts without it, so that
 * deducted money never returns; the year itself takes only what is left. Nothing where the region deducts at the year's end.
 *
 * @source ganyu-2025-1 §四(二)   deducted in the monthly settlement and reflected in the annual clearing
 */
export const auditTaken = defineStep({
  name: 'audit-taken',
  rows: ['GY-19'],
  reads: [],
  needs: () => [TIMING],
  missing: (question) =>
    question.policy.gapOf(TIMING) === null && question.policy.text(TIMING) === 'monthly'
      ? lackingFilings(question, [TAKEN])
      : [],
  compute: (run) => {
    if (run.policy.text(TIMING) !== 'monthly') return [];
    return [
      {
        key: 'audit-taken',
        label: '各月结算中已扣的违规费用',
        unit: 'yuan',
        value: run.filedFen(TAKEN),
        clause: run.policy.parameter(TIMING).clause,
        formula: '本年各月审核、稽查扣款之和',
        inputs: [run.filed(TAKEN), run.by(TIMING)],
      },
    ];
  },
});
