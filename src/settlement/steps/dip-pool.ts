import { subtract, sum } from '../../kernel/money.js';
import { defineStep } from '../step.js';

const OFF = ['outpatient', 'chronic', 'two-disease', 'other'] as const;

/**
 * The group's inpatient DIP pool (按病种分值付费预算总额): budget less outpatient lines less other lines. Growth of outpatient care
 * shrinks it; it may even turn negative, which the DIP decision then shows.
 *
 * @source sanya-2024-6 §三(三)4(1)   titled 全市, computed from the group's budget: group pool (reading)
 */
export const dipPool = defineStep({
  name: 'dip-pool',
  rows: ['SY-12'],
  reads: ['budget', ...OFF],
  needs: () => ['dip.pool_scope', 'dip.other_lines'],
  compute: (run) => [
    {
      key: 'dip-pool',
      label: 'DIP 预算总额',
      unit: 'yuan',
      value: subtract(run.fen('budget'), sum(OFF.map((key) => run.fen(key)))),
      clause: run.policy.parameter('dip.pool_scope').clause,
      formula: '总额预算 − 普通门诊 − 慢特病 − “两病” − 其他统筹基金支出',
      inputs: [run.from('budget'), ...OFF.map((key) => run.from(key)), run.by('dip.pool_scope')],
    },
  ],
});
