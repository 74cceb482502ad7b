import { abs, type Fen, least, subtract, sum, times } from '../../kernel/money.js';
import type { PolicyAt } from '../../policy/policy.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { defineStep, lackingFilings, type StepQuestion, type StepRun } from '../step.js';

const LINES = 'outbudget.lines';
const RATIO = 'outbudget.retained_share';
const KEEPER = 'outbudget.kept_by';

interface Line {
  readonly line: string;
  readonly pools: string;
  readonly budget: string;
  readonly effect: string;
}

/**
 * Lines outside the consortium's budget (总额预算外基金): each line's budget against its actual spend. An overrun is deducted from the
 * consortium's budget, a surplus stands for assessment, line by line, never netted; a line that is `apart` does neither. What was set aside
 * for a line at the start of the year leaves its reserve as it is spent; what is left there is the surplus.
 *
 * @source ganyu-2025-1 §三(一)1          the nine lines; overrun deducted, surplus retained after assessment
 * @source ganyu-2025-1 §三(一)1(7)       non-members: neither
 */
export const outbudgetLines = defineStep({
  name: 'outbudget-lines',
  rows: ['GY-06', 'GY-07', 'GY-23'],
  reads: ['budget-slices'],
  needs: () => [LINES, RATIO, KEEPER],
  missing: (question) => lackingFilings(question, linesOf(question).flatMap(filingsOfLine)),
  compute: (run) => {
    const lines = linesOf(run).map((line) => ({ line, figure: deviation(run, line) }));
    const deducted = lines.filter(
      ({ line, figure }) => line.effect !== 'apart' && amountOf(figure) < 0n,
    );
    const kept = lines.filter(
      ({ line, figure }) => line.effect === 'deduct' && amountOf(figure) > 0n,
    );
    const overrun = totalOf(
      'outbudget-overrun',
      deducted.map(({ figure }) => figure),
      run.policy,
    );
    const surplus = totalOf(
      'outbudget-surplus',
      kept.map(({ figure }) => figure),
      run.policy,
    );
    const spent = lines.filter(({ line }) => isSpentFromReserve(line));
    return [
      ...lines.map(({ figure }) => figure),
      ...spent.map(({ line }) => spentFigure(run, line)),
      overrun,
      surplus,
      retained(run, surplus),
    ];
  },
});

function linesOf({ policy, pool }: Pick<StepQuestion, 'policy' | 'pool'>): readonly Line[] {
  if (policy.gapOf(LINES) !== null) return [];
  return policy
    .table(LINES)
    .map((row) => ({
      line: row['line'] ?? '',
      pools: row['pools'] ?? '',
      budget: row['budget'] ?? '',
      effect: row['effect'] ?? '',
    }))
    .filter(({ pools }) => pools === 'all' || pools === pool);
}

/** `risk-fund` → `outbudget.risk_fund.actual` */
function filingOf({ line }: Line, part: 'budget' | 'actual'): string {
  return `outbudget.${line.replaceAll('-', '_')}.${part}`;
}

function filingsOfLine(line: Line): readonly string[] {
  const actual = filingOf(line, 'actual');
  return line.budget === 'filed' ? [filingOf(line, 'budget'), actual] : [actual];
}

/** Budget less actual of a line: below zero is an overrun. */
function deviation(run: StepRun, line: Line): Figure {
  const ofSlice = line.budget !== 'filed';
  const slice = `slice.${line.line}`;
  const budget: Fen = ofSlice ? run.fen(slice) : run.filedFen(filingOf(line, 'budget'));
  const actual = filingOf(line, 'actual');
  const { label, clause } = run.policy.filing(actual);
  const apart = line.effect === 'apart';
  return {
    key: `outbudget.${line.line}`,
    label: `预算外：${label}结余（负数为超支）`,
    unit: 'yuan',
    value: subtract(budget, run.filedFen(actual)),
    clause,
    formula: '该项预算 − 该项实际支出',
    inputs: [
      ofSlice ? run.from(slice) : run.filed(filingOf(line, 'budget')),
      run.filed(actual),
      run.by(LINES),
    ],
    ...(apart ? { note: '超支、结余均不与医共体总额预算挂钩' } : {}),
  };
}

/** A line with money of its own. That of effect `ledger` has an account of its own, which books its uses. */
const isSpentFromReserve = ({ budget, effect }: Line): boolean =>
  budget === 'slice' && effect === 'deduct';

/** What the agency spent of the money set aside; what it spent beyond is an overrun, borne by the consortium's budget. */
function spentFigure(run: StepRun, line: Line): Figure {
  const slice = `slice.${line.line}`;
  const actual = filingOf(line, 'actual');
  const { label, clause } = run.policy.filing(actual);
  return {
    key: `${line.line}-spent`,
    label: `${label}（由提取数列支）`,
    unit: 'yuan',
    value: least(run.filedFen(actual), run.fen(slice)),
    clause,
    formula: '实际支出与本年提取数取小（超出部分作预算外超支，已从总额预算扣减）',
    inputs: [run.filed(actual), run.from(slice)],
    booking: { from: `reserve:${line.line}`, to: 'agency' },
  };
}

const TOTALS = {
  'outbudget-overrun': {
    label: '预算外超支，从总额预算中扣减',
    formula: '各项超支之和（逐项计算，不与结余互抵）',
  },
  'outbudget-surplus': {
    label: '预算外结余，待考核留用',
    formula: '各项结余之和（逐项计算，不与超支互抵）',
  },
} as const;

function totalOf(key: keyof typeof TOTALS, figures: readonly Figure[], policy: PolicyAt): Figure {
  return {
    key,
    ...TOTALS[key],
    unit: 'yuan',
    value: sum(figures.map((figure) => abs(amountOf(figure)))),
    clause: policy.parameter(LINES).clause,
    inputs: figures.map(inputOf),
  };
}

function retained(run: StepRun, surplus: Figure): Figure {
  const byConsortium = run.policy.text(KEEPER) === 'consortium';
  return {
    key: byConsortium ? 'outbudget-retained' : 'outbudget-retained-agency',
    label: byConsortium ? '预算外结余留用（医共体）' : '预算外结余留用（医保部门）',
    unit: 'yuan',
    value: times(amountOf(surplus), run.policy.ratio(RATIO), 'half-up'),
    clause: run.policy.parameter(RATIO).clause,
    formula: '预算外结余 × 考核留用比例',
    inputs: [inputOf(surplus), run.by(RATIO), run.by(KEEPER)],
  };
}
