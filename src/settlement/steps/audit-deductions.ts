import { ZERO_FEN } from '../../kernel/money.js';
import { defineStep, given, lacking } from '../step.js';

const TIMING = 'audit.timing';

/**
 * Smart-audit deductions of the year (智能审核扣款): confirmed findings, each fen once; what a month has already posted is left out.
 *
 * @source sanya-2024-6 §三(三)6
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
            clause: 'sanya-2024-6 §三(三)6',
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
        formula: '本年度已确认且未按月扣过的扣款之和',
        inputs: [given('已确认未扣的扣款', amount), run.by(TIMING)],
      },
    ];
  },
});
