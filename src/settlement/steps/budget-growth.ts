import { Decimal } from '../../kernel/decimal.js';
import type { Growth } from '../facts.js';
import { defineStep, lacking, type StepQuestion, stated } from '../step.js';

const NEEDS = [
  'budget.growth_fund',
  'budget.growth_average',
  'budget.growth_floor',
  'budget.growth_cap',
] as const;

/**
 * The budget's growth (预算增长幅度): the three preceding years' growth of fund expenditure, averaged by the reading in use, at most
 * the pool's cap. Unrounded.
 *
 * @source sanya-2024-6 §三(一)¶1   cap 10 % employee, 5 % resident
 */
export const budgetGrowth = defineStep({
  name: 'budget-growth',
  rows: ['SY-05'],
  reads: [],
  needs: ({ own }) => (own.budget?.approved == null ? NEEDS : []),
  missing: (question) => {
    const { own } = question;
    if (own.budget?.approved != null || growthOf(question) !== null) return [];
    return [
      lacking(question, {
        id: 'budget.growth_rates',
        label: '前三年基金支出增长率',
        clause: 'sanya-2024-6 §三(一)¶1',
        rows: ['SY-05'],
      }),
    ];
  },
  compute: (run) => {
    const growth = growthOf(run);
    if (growth === null) return [];
    const average = averageGrowth(growth.rates, run.policy.text('budget.growth_average'));
    const cap = run.policy.ratio('budget.growth_cap', run.pool);
    const floored =
      run.policy.text('budget.growth_floor') === 'zero' ? Decimal.max(average, 0) : average;
    const rates = stated('前三年增长率', growth.rates.map(String).join('、'), growth.clause);
    const clause = run.policy.parameter('budget.growth_cap').clause;
    return [
      {
        key: 'budget-growth-reference',
        label: '前三年平均增长率',
        unit: 'ratio',
        value: average,
        clause,
        formula: '前三年基金支出增长率按所选解读取平均',
        inputs: [rates, run.by('budget.growth_average'), run.by('budget.growth_fund')],
      },
      {
        key: 'budget-growth',
        label: '预算增长幅度',
        unit: 'ratio',
        value: Decimal.min(floored, cap),
        clause,
        formula: '前三年平均增长率与上限取小',
        inputs: [
          {
            label: '前三年平均增长率',
            value: average.toFixed(12),
            unit: 'ratio',
            figure: 'budget-growth-reference',
          },
          run.by('budget.growth_cap', run.pool),
          run.by('budget.growth_floor'),
        ],
      },
    ];
  },
});

/** @param reading  `arithmetic` mean, `geometric` mean, or growth over the whole `span` */
export function averageGrowth(rates: readonly Decimal[], reading: string): Decimal {
  if (reading === 'arithmetic') return Decimal.sum(...rates).div(rates.length);
  const factor = rates.reduce((product, rate) => product.times(rate.plus(1)), new Decimal(1));
  if (reading === 'span') return factor.minus(1);
  return factor.pow(new Decimal(1).div(rates.length)).minus(1);
}

function growthOf({ own, policy }: Pick<StepQuestion, 'own' | 'policy'>): Growth | null {
  if (own.budget === null || NEEDS.some((id) => policy.gapOf(id) !== null)) return null;
  const whole = policy.text('budget.growth_fund') === 'whole-fund';
  return whole ? own.budget.wholeFundGrowthRates : own.budget.growthRates;
}
