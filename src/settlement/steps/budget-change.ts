import { Decimal } from '../../kernel/decimal.js';
import { type Fen, toDecimalFen, yuan } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { approvedBudgetOf } from '../approved-budget.js';
import { defineStep, filedOf, lackingFilings, type StepQuestion, type StepRun } from '../step.js';

const LINK = 'budget.income_link';
const INCOME = 'fund.income';
const PRIOR_INCOME = 'fund.income_prior';
const PRIOR = 'budget.prior';
const FILINGS = [INCOME, PRIOR_INCOME, PRIOR] as const;

/**
 * How the budget moves beside the fund's income (预算与基金收入变化幅度). The text asks that they be in step and gives no measure: the two rates
 * are shown; where a local document says that the budget may not grow faster, a budget that does halts.
 *
 * @source hunan-2024-31 §二(二)
 */
export const budgetChange = defineStep({
  name: 'budget-change',
  rows: ['HN-02'],
  reads: ['budget-issued'],
  needs: () => [LINK],
  missing: (question) => {
    const lack = [...lackingFilings(question, FILINGS), ...zeroBases(question)];
    return lack.length > 0 ? lack : fasterGaps(question);
  },
  compute: (run) => [
    changeFigure(run, 'budget-change', '总额预算变化幅度'),
    changeFigure(run, 'income-change', '基金收入变化幅度'),
  ],
});

function changeFigure(run: StepRun, key: 'budget-change' | 'income-change', label: string) {
  const ofBudget = key === 'budget-change';
  const rate = ofBudget ? budgetChangeOf(run) : incomeChangeOf(run);
  return {
    key,
    label,
    unit: 'ratio' as const,
    value: rate ?? new Decimal(0),
    clause: run.policy.parameter(LINK).clause,
    formula: ofBudget ? '本年总额预算 ÷ 上年总额预算 − 1' : '本年基金收入 ÷ 上年基金收入 − 1',
    inputs: ofBudget
      ? [run.from('budget-issued'), run.filed(PRIOR), run.by(LINK)]
      : [run.filed(INCOME), run.filed(PRIOR_INCOME), run.by(LINK)],
  };
}

type Question = Pick<StepQuestion, 'facts' | 'own'>;

function budgetChangeOf(question: Question): Decimal | null {
  return changeOf(approvedBudgetOf(question)?.amount, filedFen(question, PRIOR));
}

function incomeChangeOf(question: Question): Decimal | null {
  return changeOf(filedFen(question, INCOME), filedFen(question, PRIOR_INCOME));
}

function filedFen(question: Question, name: string): Fen | undefined {
  const found = filedOf(question, name);
  return found === null ? undefined : yuan(found.value);
}

function changeOf(now: Fen | undefined, before: Fen | undefined): Decimal | null {
  if (now === undefined || before === undefined || before <= 0n) return null;
  return toDecimalFen(now).div(toDecimalFen(before)).minus(1);
}

/** A rate over nothing is no rate. */
function zeroBases(question: StepQuestion): readonly Gap[] {
  return [PRIOR, PRIOR_INCOME].flatMap((name) => {
    if (filedFen(question, name) !== 0n) return [];
    const { label, clause, rows } = question.policy.filing(name);
    return [{ id: `${question.pool}.${name}`, label, clause, rows, reason: '应大于零' }];
  });
}

function fasterGaps(question: StepQuestion): readonly Gap[] {
  const { policy, pool } = question;
  if (policy.gapOf(LINK) !== null || policy.text(LINK) !== 'not-faster') return [];
  const budget = budgetChangeOf(question);
  const income = incomeChangeOf(question);
  if (budget === null || income === null || budget.lte(income)) return [];
  const { label, clause, rows } = policy.parameter(LINK);
  const shown = (rate: Decimal): string => rate.toDecimalPlaces(6).toFixed();
  const reason = `预算增幅 ${shown(budget)} 高于基金收入增幅 ${shown(income)}`;
  return [{ id: `${pool}.${LINK}`, label, clause, rows, reason }];
}
