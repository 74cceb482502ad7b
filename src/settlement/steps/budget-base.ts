import type { BudgetFacts, Cited } from '../facts.js';
import { defineStep, given, lacking, type StepQuestion } from '../step.js';

const RULE = 'budget.base_rule';
const WHOSE = 'budget.base_bookings';

/**
 * The base a budget grows from (预算基数): in the scheme's first year last year's booked amount in scope and in the province,
 * afterwards last year's budget.
 *
 * @source sanya-2024-6 §三(一)¶1
 */
export const budgetBase = defineStep({
  name: 'budget-base',
  rows: ['SY-04'],
  reads: [],
  needs: ({ own }) => (own.budget?.approved == null ? [RULE, WHOSE] : []),
  missing: (question) => {
    const { own } = question;
    if (own.budget?.approved != null || baseOf(question) !== null) return [];
    return [
      lacking(question, {
        id: 'budget.base',
        label: '预算基数（上年记账金额或上年预算）',
        clause: 'sanya-2024-6 §三(一)¶1',
        rows: ['SY-04'],
      }),
    ];
  },
  compute: (run) => {
    const base = baseOf(run);
    if (base === null) return [];
    return [
      {
        key: 'budget-base',
        label: '预算基数',
        unit: 'yuan',
        value: base.amount,
        clause: run.policy.parameter(RULE).clause,
        formula: base.label,
        inputs: [given(base.label, base.amount, base.clause), run.by(RULE), run.by(WHOSE)],
      },
    ];
  },
});

function baseOf({ own, policy }: Pick<StepQuestion, 'own' | 'policy'>): Cited | null {
  const { budget } = own;
  if (budget === null || policy.gapOf(RULE) !== null || policy.gapOf(WHOSE) !== null) return null;
  return policy.text(RULE) === 'prior-budget'
    ? budget.priorBudget
    : bookedBase(budget, policy.text(WHOSE));
}

function bookedBase(budget: BudgetFacts, whose: string): Cited | null {
  return whose === 'all-in-province' ? budget.baseAllInProvince : budget.base;
}
