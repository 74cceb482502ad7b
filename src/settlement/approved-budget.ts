import { yuan } from '../kernel/money.js';
import type { Cited } from './facts.js';
import { filedOf, type StepQuestion } from './step.js';

const APPROVED = 'budget.approved';

/** The total that was approved for the pool: as filed under the region's `budget.approved`, else from the budget records; null when nobody gave it. */
export function approvedBudgetOf(question: Pick<StepQuestion, 'facts' | 'own'>): Cited | null {
  const filed = filedOf(question, APPROVED);
  if (filed !== null)
    return { label: '核定的年度预算总额', amount: yuan(filed.value), clause: filed.clause };
  return question.own.budget?.approved ?? null;
}
