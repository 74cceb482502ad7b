import { greatest, subtract, times, ZERO_FEN } from '../../kernel/money.js';
import { defineStep, given } from '../step.js';

const RETENTION = 'surplus.retention';

/**
 * The surplus that the group keeps (结余留用): what the inpatient bookings leave of the pool × the grade's retention, rounded half-up.
 * The text binds it to the assessment and gives no figure.
 *
 * @source sanya-2024-6 §三(四)1
 * @source sanya-2024-6 §三(四)2¶1
 */
export const surplusRetention = defineStep({
  name: 'surplus-retention',
  rows: ['SY-13', 'SY-20'],
  reads: ['inpatient', 'dip-pool'],
  needs: () => [RETENTION],
  compute: (run) => {
    const surplus = greatest(subtract(run.fen('dip-pool'), run.fen('inpatient')), ZERO_FEN);
    const { grade } = run.grade;
    const clause = run.policy.parameter(RETENTION).clause;
    return [
      {
        key: 'surplus',
        label: '住院结余',
        unit: 'yuan',
        value: surplus,
        clause,
        formula: 'DIP 预算总额 − 住院记账金额（不足零取零）',
        inputs: [run.from('dip-pool'), run.from('inpatient')],
      },
      {
        key: 'surplus-retained',
        label: '结余留用',
        unit: 'yuan',
        value: times(surplus, run.policy.ratio(RETENTION, grade), 'half-up'),
        clause,
        formula: '住院结余 × 考核等次对应的留用比例',
        inputs: [{ ...given('住院结余', surplus), figure: 'surplus' }, run.by(RETENTION, grade)],
      },
    ];
  },
});
