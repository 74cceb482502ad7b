import { subtract, sum } from '../../kernel/money.js';
import { defineStep } from '../step.js';

const OFF = ['prepaid', 'deposit-withheld', 'audit-deductions'] as const;
const NEGATIVE = 'final.negative';

/**
 * The year's final amount (年度清算统筹基金决算金额), paid to the lead hospital. It may be negative: then it is owed back, carried to the
 * next settlement, never cut off at zero.
 *
 * @source sanya-2024-6 §三(三)6
 */
export const finalAmount = defineStep({
  name: 'final-amount',
  rows: ['SY-14'],
  reads: ['payable', ...OFF],
  needs: () => [NEGATIVE],
  compute: (run) => {
    const final = subtract(run.fen('payable'), sum(OFF.map((key) => run.fen(key))));
    return [
      {
        key: 'final',
        label: final < 0n ? '年度清算决算金额（应收，结转下次结算）' : '年度清算决算金额',
        unit: 'yuan',
        value: final,
        clause: run.policy.parameter(NEGATIVE).clause,
        formula: '年度清算应支付金额 − 累计预付金额 − 质量保证金扣减 − 智能审核扣款',
        inputs: [
          run.from('payable'),
          ...OFF.map((key) => run.from(key)),
          ...(final < 0n ? [run.by(NEGATIVE)] : []),
        ],
      },
    ];
  },
});
