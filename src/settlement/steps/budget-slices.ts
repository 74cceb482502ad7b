import { type Fen, sum, times } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { defineStep, lackingFilings, type StepQuestion, type StepRun } from '../step.js';

const NAMES = 'slices.names';
const ASPECTS = ['rate', 'base', 'position', 'pools'] as const;

/**
 * Funds set aside at the start of the year (提取的专项资金), such as a risk fund or the townships' assessment money: base × rate, rounded
 * half-up, either taken out of the consortium's budget or reserved beside it.
 *
 * @source ganyu-2025-1 §三(一)1(3)   risk fund 5 % of the consortium's total budget fund
 * @source ganyu-2025-1 §三(一)1(9)   township special assessment 1 % of the resident fund
 */
export const budgetSlices = defineStep({
  name: 'budget-slices',
  rows: ['GY-06'],
  reads: ['budget-approved'],
  needs: ({ policy, pool }) => [NAMES, ...slicesOfPool(policy, pool).flatMap(parametersOf)],
  missing: (question) => lackingFilings(question, bases(question)),
  compute: (run) => {
    const slices = slicesOfPool(run.policy, run.pool).map((name) => ({
      figure: sliceFigure(run, name),
      position: run.policy.text(parameterOf(name, 'position')),
    }));
    const out = slices
      .filter(({ position }) => position === 'taken-out')
      .map(({ figure }) => figure);
    return [
      ...slices.map(({ figure }) => figure),
      {
        key: 'slices-taken-out',
        label: '从总额预算中提取的资金合计',
        unit: 'yuan',
        value: sum(out.map(amountOf)),
        clause: run.policy.parameter(NAMES).clause,
        formula: '从医共体总额预算中提取的各项之和（在预算之外另行预留的不计）',
        inputs: out.map(inputOf),
      },
    ];
  },
});

/** Parameter of one aspect of a slice: `risk-fund` → `slice.risk_fund.rate`. */
function parameterOf(name: string, aspect: (typeof ASPECTS)[number]): string {
  return `slice.${name.replaceAll('-', '_')}.${aspect}`;
}

function parametersOf(name: string): readonly string[] {
  return ASPECTS.map((aspect) => parameterOf(name, aspect));
}

/** The pool's own slices; one whose pools are open stays in, so that the gap is seen. */
function slicesOfPool(policy: PolicyAt, pool: string): readonly string[] {
  if (policy.gapOf(NAMES) !== null) return [];
  return policy.list(NAMES).filter((name) => {
    const pools = parameterOf(name, 'pools');
    return policy.gapOf(pools) !== null || policy.list(pools).includes(pool);
  });
}

/** Filings that a base other than the budget stands for: `fund-income` → `fund.income`. */
function bases({ policy, pool }: StepQuestion): readonly string[] {
  return slicesOfPool(policy, pool).flatMap((name) => {
    const id = parameterOf(name, 'base');
    if (policy.gapOf(id) !== null || policy.text(id) === 'budget') return [];
    return [policy.text(id).replace('-', '.')];
  });
}

function sliceFigure(run: StepRun, name: string): Figure {
  const id = parameterOf(name, 'base');
  const ofBudget = run.policy.text(id) === 'budget';
  const filing = run.policy.text(id).replace('-', '.');
  const base: Fen = ofBudget ? run.fen('budget-approved') : run.filedFen(filing);
  const rate = parameterOf(name, 'rate');
  const { label, clause } = run.policy.parameter(rate);
  return {
    key: `slice.${name}`,
    label,
    unit: 'yuan',
    value: times(base, run.policy.ratio(rate), 'half-up'),
    clause,
    formula: `${ofBudget ? '医共体总额预算' : run.policy.filing(filing).label} × 提取比例`,
    inputs: [
      ofBudget ? run.from('budget-approved') : run.filed(filing),
      run.by(rate),
      run.by(id),
      run.by(parameterOf(name, 'position')),
    ],
    booking: { from: 'agency', to: `reserve:${name}` },
  };
}
