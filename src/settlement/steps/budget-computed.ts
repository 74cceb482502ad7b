import { type Fen, roundToFen, times, toDecimalFen } from '../../kernel/money.js';
import type { CityBudget } from '../facts.js';
import { defineStep, given, lacking, type StepQuestion } from '../step.js';

const CUT = 'budget.city_cut';

/**
 * The budget by computation (测算预算): base × (1 + growth), rounded half-up; then cut in the same proportion as the city's budget.
 * Absent when the base is not known and an approved figure stands in its place.
 *
 * @source sanya-2024-6 §三(一)¶1, ¶2
 */
export const budgetComputed = defineStep({
  name: 'budget-computed',
  rows: ['SY-05', 'SY-06'],
  reads: ['budget-base', 'budget-growth'],
  needs: ({ own }) =>
    own.budget?.cityBudget == null && own.budget?.poolCityBudget == null ? [] : [CUT],
  missing: (question) => {
    const { own, policy } = question;
    if (own.budget === null || own.budget.approved !== null || policy.gapOf(CUT) !== null)
      return [];
    const { cityBudget, poolCityBudget } = own.budget;
    if ((cityBudget === null && poolCityBudget === null) || cityBudgetOf(question) !== null)
      return [];
    return [
      lacking(
        question,
        {
          id: 'budget.city_budget',
          label: '支出预算的缩减前后数',
          clause: 'sanya-2024-6 §三(一)¶2',
          rows: ['SY-06'],
        },
        poolCityBudget === null
          ? '所选解读按险种各自缩减，只有全市总预算（cityBudget），缺本险种的（poolCityBudget）'
          : '所选解读按全市总预算缩减，只有本险种的（poolCityBudget），缺全市的（cityBudget）',
      ),
    ];
  },
  compute: (run) => {
    if (run.find('budget-base') === null || run.find('budget-growth') === null) return [];
    const grown = times(run.fen('budget-base'), run.decimal('budget-growth').plus(1), 'half-up');
    const clause = run.policy.parameter('budget.growth_cap').clause;
    const figures = [
      {
        key: 'budget-grown',
        label: '增长后预算',
        unit: 'yuan' as const,
        value: grown,
        clause,
        formula: '预算基数 ×（1 + 预算增长幅度）',
        inputs: [run.from('budget-base'), run.from('budget-growth')],
      },
    ];
    const city = cityBudgetOf(run);
    if (city === null) return figures;
    return [
      ...figures,
      {
        key: 'budget-cut',
        label: '同比例缩减后预算',
        unit: 'yuan' as const,
        value: cutInProportion(grown, city),
        clause: run.policy.parameter(CUT).clause,
        formula: '增长后预算 × 全市缩减后预算 ÷ 全市缩减前预算（未缩减则不变）',
        inputs: [
          given('全市缩减前预算', city.before, city.clause),
          given('全市缩减后预算', city.after, city.clause),
          run.by(CUT),
        ],
      },
    ];
  },
});

/** budget × after ÷ before, rounded half-up once; a city budget that did not shrink changes nothing. */
export function cutInProportion(
  budget: Fen,
  { before, after }: Pick<CityBudget, 'before' | 'after'>,
): Fen {
  if (after >= before) return budget;
  return roundToFen(
    toDecimalFen(budget).times(toDecimalFen(after)).div(toDecimalFen(before)),
    'half-up',
  );
}

function cityBudgetOf({ own, policy }: Pick<StepQuestion, 'own' | 'policy'>): CityBudget | null {
  const { budget } = own;
  if (budget === null || (budget.cityBudget === null && budget.poolCityBudget === null))
    return null;
  return policy.text(CUT) === 'own-pool' ? budget.poolCityBudget : budget.cityBudget;
}
