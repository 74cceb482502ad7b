import { sum } from '../../kernel/money.js';
import { defineStep, given } from '../step.js';

const REASONS = 'budget.adjustment_reasons';
const CAP = 'budget.growth_cap';

/**
 * The group's budget of the year (总额预算): the figure the bureau approved, else the computed one; plus approved adjustments.
 *
 * @source sanya-2024-6 §三(一)¶1   制定后报市医保行政部门核准
 * @source sanya-2024-6 §三(一)¶2   special causes, approved
 */
export const budgetTotal = defineStep({
  name: 'budget-total',
  rows: ['SY-05', 'SY-06'],
  reads: ['budget-computed'],
  needs: () => [REASONS, CAP],
  compute: (run) => {
    const approved = run.own.budget?.approved ?? null;
    const adjustments = run.own.budget?.adjustments ?? [];
    const computed = run.find('budget-cut') === null ? 'budget-grown' : 'budget-cut';
    const start = approved?.amount ?? run.fen(computed);
    const source =
      approved === null ? run.from(computed) : given('核准预算', approved.amount, approved.clause);
    return [
      {
        key: 'budget',
        label: '总额预算',
        unit: 'yuan',
        value: sum([start, ...adjustments.map(({ amount }) => amount)]),
        clause: run.policy.parameter(adjustments.length > 0 ? REASONS : CAP).clause,
        formula: `${approved === null ? '测算预算' : '核准预算（优先于测算值）'} + 经审定的调整`,
        inputs: [
          source,
          ...adjustments.map(({ label, amount, clause }) => given(label, amount, clause)),
        ],
      },
    ];
  },
});
