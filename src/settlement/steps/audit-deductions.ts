import { ZERO_FEN } from '../../kernel/money.js';
import { clauseOf, defineStep, given, lacking } from '../step.js';

const TIMING = 'audit.timing';

/**
 * Smart-audit deductions of the period (智能审核扣款): confirmed findings, each fen once. Where the region deducts monthly, a month takes what
 * no run has taken, and the year only what is left; elsewhere the year takes all.
 *
 * @source sanya-2024-6 §三(三)6   at annual clearing
 * @source ganyu-2025-1 §四(二)    in the monthly settlement
 */
export const auditDeductions = defineStep({
  name: 'audit-deductions',
  rows: ['SY-14'],
  reads: [],
  needs: () => [TIMING],
  missing: (question) =>
    question.own.auditDeductions !== null
      ? []
      : [
          lacking(question, {
            id: 'audit_deductions',
            label: '智能审核扣款金额（没有扣款须写 0.00）',
            clause: clauseOf(question.policy, TIMING),
            rows: ['SY-14'],
          }),
        ],
  compute: (run) => {
    const amount = run.own.auditDeductions ?? ZERO_FEN;
    return [
      {
        key: 'audit-deductions',
        label: '智能审核扣款',
        unit: 'yuan',
        value: amount,
        clause: run.policy.parameter(TIMING).clause,
        formula: '已确认且此前未扣过的扣款之和（每分只扣一次）',
        inputs: [given('已确认未扣的扣款', amount), run.by(TIMING)],
      },
    ];
  },
});
