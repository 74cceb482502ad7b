import { subtract, sum } from '../../kernel/money.js';
import { defineStep, type StepRun } from '../step.js';

/** What is taken off the payable amount, as far as the plan has it. */
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
  reads: ['payable'],
  needs: () => [NEGATIVE],
  compute: (run) => {
    const off = takenOff(run);
    const final = subtract(run.fen('payable'), sum(off.map((key) => run.fen(key))));
    return [
      {
        key: 'final',
        label: final < 0n ? '年度清算决算金额（应收，结转下次结算）' : '年度清算决算金额',
        unit: 'yuan',
        value: final,
        clause: run.policy.parameter(NEGATIVE).clause,
        formula: ['payable', ...off].map((key) => run.figure(key).label).join(' − '),
        inputs: [
          run.from('payable'),
          ...off.map((key) => run.from(key)),
          ...(final < 0n ? [run.by(NEGATIVE)] : []),
        ],
        booking: { from: 'agency', to: 'lead' },
      },
    ];
  },
});

function takenOff(run: StepRun): readonly string[] {
  return OFF.filter((key) => run.find(key) !== null);
}
