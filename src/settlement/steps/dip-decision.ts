import { add } from '../../kernel/money.js';
import { defineStep } from '../step.js';

/**
 * The year's DIP decision (DIP 年度统筹基金决算支付总额): the pool and the fund's share of the overspend; or, where the bookings stay
 * under the pool, the bookings and the retained surplus. The overspend share comes from the fund, not from the group's budget.
 *
 * @source sanya-2024-6 §三(三)4(3), 5   by the DIP rules
 */
export const dipDecision = defineStep({
  name: 'dip-decision',
  rows: ['SY-08', 'SY-13'],
  reads: ['dip-pool', 'inpatient', 'surplus', 'surplus-retained', 'overspend-borne'],
  needs: () => ['dip.rules'],
  compute: (run) => {
    const under = run.fen('surplus') > 0n;
    const keys = under
      ? (['inpatient', 'surplus-retained'] as const)
      : (['dip-pool', 'overspend-borne'] as const);
    return [
      {
        key: 'dip-decision',
        label: 'DIP 决算支付总额',
        unit: 'yuan',
        value: add(run.fen(keys[0]), run.fen(keys[1])),
        clause: run.policy.parameter('dip.rules').clause,
        formula: under ? '住院记账金额 + 结余留用' : 'DIP 预算总额 + 医保基金分担的合理超支',
        inputs: [...keys.map((key) => run.from(key)), run.by('dip.rules')],
      },
    ];
  },
});
