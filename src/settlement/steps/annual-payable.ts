import { sum } from '../../kernel/money.js';
import { defineStep } from '../step.js';

const LINES = 'clearing.payable_lines';

/**
 * What the year owes (年度清算统筹基金应支付金额): outpatient, chronic and two-disease lines and the DIP decision.
 *
 * @source sanya-2024-6 §三(三)
 */
export const annualPayable = defineStep({
  name: 'annual-payable',
  rows: ['SY-08', 'SY-11'],
  reads: ['outpatient', 'chronic', 'two-disease', 'dip-decision'],
  needs: () => [LINES],
  compute: (run) => {
    const lines = run.policy.list(LINES);
    return [
      {
        key: 'payable',
        label: '年度清算应支付金额',
        unit: 'yuan',
        value: sum(lines.map((key) => run.fen(key))),
        clause: run.policy.parameter(LINES).clause,
        formula: lines.map((key) => run.figure(key).label).join(' + '),
        inputs: lines.map((key) => run.from(key)),
      },
    ];
  },
});
