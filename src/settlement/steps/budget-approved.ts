import { type Fen, sum, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap, PolicyAt } from '../../policy/policy.js';
import { approvedBudgetOf } from '../approved-budget.js';
import { knows } from '../assessed.js';
import type { Cited } from '../facts.js';
import type { Figure, FigureInput } from '../figure.js';
import { inputOf } from '../figure-input.js';
import {
  defineStep,
  filedOf,
  given,
  lackingFilings,
  type StepQuestion,
  type StepRun,
} from '../step.js';

const APPROVED = 'budget.approved';
const ADJUSTED = 'budget.adjusted';
const INCOME = 'fund.income';
const INPUTS = 'budget.inputs';
const ADJUSTMENTS = 'budget.adjustments';
const MEASURE = 'budget.measure';
const CONSENTS = 'budget.consents';
const WHOLE = 'budget.whole_income';

/**
 * The year's budget where the text gives no formula (核定总额预算): the approved figure with the filed figures it rests on. Where the
 * region has the budget adjusted before the accounts, the year is measured by the adjusted one, with the consents it needs (reading).
 * Signed adjustments that were approved are added.
 *
 * @source ganyu-2025-1 §二(一)    negotiated on budgeted income and four years' medical revenue
 * @source ganyu-2025-1 §二(四)    adjusted before accounts and clearing, with consents
 * @source hunan-2024-31 §二(二)   set by the city on its yearly expenditure budget; never the county's whole income
 */
export const budgetApproved = defineStep({
  name: 'budget-approved',
  rows: ['GY-01', 'GY-04', 'GY-05', 'HN-02', 'HN-11', 'JL-02', 'HI-02'],
  reads: [],
  needs: ({ policy, facts }) => [
    ...[INPUTS, ADJUSTMENTS].filter((id) => knows(policy, id)),
    ...(facts.plan === 'year' && knows(policy, MEASURE) ? [MEASURE, CONSENTS] : []),
    ...(knows(policy, WHOLE) ? [WHOLE] : []),
  ],
  missing: (question) => [
    ...(approvedBudgetOf(question) === null ? lackingFilings(question, [APPROVED]) : []),
    ...lackingFilings(question, needed(question)),
    ...wholeIncomeGaps(question),
  ],
  compute: (run) => {
    const issued = approvedBudgetOf(run);
    if (issued === null) return [];
    const adjusted = measuresAdjusted(run) ? [adjustedFigure(run)] : [];
    const start = adjusted.length === 0 ? issued.amount : run.filedFen(ADJUSTED);
    const issuedBudget = issuedFigure(run, issued);
    return [issuedBudget, ...adjusted, totalFigure(run, start, adjusted[0] ?? issuedBudget)];
  },
});

function filings(policy: PolicyAt, id: string): readonly string[] {
  if (!knows(policy, id) || policy.gapOf(id) !== null) return [];
  return policy.table(id).map((row) => row['filing'] ?? '');
}

/** The inputs that must be filed, and the adjusted budget with its consents. */
function needed(question: StepQuestion): readonly string[] {
  const { policy } = question;
  const inputs =
    knows(policy, INPUTS) && policy.gapOf(INPUTS) === null
      ? policy.table(INPUTS).filter((row) => row['needed'] === 'yes')
      : [];
  return [
    ...inputs.map((row) => row['filing'] ?? ''),
    ...(measuresAdjusted(question) ? [ADJUSTED, ...filings(policy, CONSENTS)] : []),
  ];
}

function measuresAdjusted({ facts, policy }: Pick<StepQuestion, 'facts' | 'policy'>): boolean {
  if (facts.plan !== 'year' || !knows(policy, MEASURE) || policy.gapOf(MEASURE) !== null)
    return false;
  return policy.text(MEASURE) === 'adjusted';
}

/** A budget that takes all of the fund's income would hand the county's income over (一包了之). */
function wholeIncomeGaps(question: StepQuestion): readonly Gap[] {
  const { policy } = question;
  if (!knows(policy, WHOLE)) return [];
  const lack = lackingFilings(question, [INCOME]);
  const income = filedOf(question, INCOME);
  const approved = approvedBudgetOf(question);
  if (income === null || approved === null || approved.amount < yuan(income.value)) return lack;
  const { label, clause, rows } = policy.parameter(WHOLE);
  const reason = '核定预算不低于本县基金收入：不得把基金收入总额一包了之';
  return [{ id: `${question.pool}.${APPROVED}`, label, clause, rows, reason }];
}

function filedInputs(run: StepRun, names: readonly string[]): readonly FigureInput[] {
  return names.filter((name) => filedOf(run, name) !== null).map((name) => run.filed(name));
}

function issuedFigure(run: StepRun, { label, amount, clause }: Cited): Figure {
  return {
    key: 'budget-issued',
    label: '年初下达的总额预算',
    unit: 'yuan',
    value: amount,
    clause: clause ?? run.policy.filing(APPROVED).clause,
    formula: '协商测算后核定的数额（原文没有公式，列出核定所依据的数据）',
    inputs: [given(label, amount, clause), ...filedInputs(run, filings(run.policy, INPUTS))],
  };
}

function adjustedFigure(run: StepRun): Figure {
  return {
    key: 'budget-adjusted',
    label: '决算前调整后的总额预算',
    unit: 'yuan',
    value: run.filedFen(ADJUSTED),
    clause: run.policy.parameter(MEASURE).clause,
    formula: '按收入和费用实际发生情况调整、经各部门同意的预算',
    inputs: [
      run.filed(ADJUSTED),
      ...filings(run.policy, CONSENTS).map((name) => run.filed(name)),
      run.by(MEASURE),
    ],
  };
}

function totalFigure(run: StepRun, start: Fen, from: Figure): Figure {
  const own = run.own.budget?.adjustments ?? [];
  const signed = filings(run.policy, ADJUSTMENTS).filter((name) => filedOf(run, name) !== null);
  const amounts = [...signed.map((name) => run.filedFen(name)), ...own.map((each) => each.amount)];
  const measure = measureInput(run);
  return {
    key: 'budget-approved',
    label: '医共体总额预算',
    unit: 'yuan',
    value: sum([start, ...amounts, ZERO_FEN]),
    clause: run.policy.filing(APPROVED).clause,
    formula: `${from.label} + 经核准的增减`,
    inputs: [
      inputOf(from),
      ...signed.map((name) => run.filed(name)),
      ...own.map(({ label, amount, clause }) => given(label, amount, clause)),
      ...measure,
    ],
  };
}

function measureInput(run: StepRun): readonly FigureInput[] {
  return run.facts.plan === 'year' && knows(run.policy, MEASURE) ? [run.by(MEASURE)] : [];
}
