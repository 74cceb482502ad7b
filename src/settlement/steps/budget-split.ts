import { sum, toYuan, yuan } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import { approvedBudgetOf } from '../approved-budget.js';
import type { Figure } from '../figure.js';
import {
  defineStep,
  filedOf,
  lacking,
  lackingFilings,
  type StepQuestion,
  type StepRun,
} from '../step.js';

const LINES = 'budget.split_lines';

/**
 * The total broken down (预算细化) to outpatient, inpatient and each payment method, as filed: every line is given, if only as zero, and
 * the lines are the whole that was approved.
 *
 * @source hainan-2025-140 §二   细化到门诊、住院以及 DRG/DIP 等各种支付方式
 */
export const budgetSplit = defineStep({
  name: 'budget-split',
  rows: ['HI-02'],
  reads: [],
  needs: () => [LINES],
  missing: (question) => [
    ...lackingFilings(
      question,
      linesOf(question).map(({ filing }) => filing),
    ),
    ...sumGaps(question),
  ],
  compute: (run) => {
    const lines = linesOf(run);
    const parts = [...new Set(lines.map(({ part }) => part))];
    return parts.map((part) =>
      partFigure(
        run,
        part,
        lines.filter((line) => line.part === part),
      ),
    );
  },
});

interface Line {
  readonly filing: string;
  /** `outpatient` or `inpatient`. */
  readonly part: string;
}

function linesOf({ policy }: Pick<StepQuestion, 'policy'>): readonly Line[] {
  if (policy.gapOf(LINES) !== null) return [];
  return policy.table(LINES).map(({ filing = '', part = '' }) => ({ filing, part }));
}

const PARTS: Readonly<Record<string, string>> = { outpatient: '门诊', inpatient: '住院' };

function partFigure(run: StepRun, part: string, lines: readonly Line[]): Figure {
  return {
    key: `budget-${part}`,
    label: `年初细化的${PARTS[part] ?? part}预算`,
    unit: 'yuan',
    value: sum(lines.map(({ filing }) => run.filedFen(filing))),
    clause: run.policy.parameter(LINES).clause,
    formula: lines.map(({ filing }) => run.policy.filing(filing).label).join(' + '),
    inputs: [...lines.map(({ filing }) => run.filed(filing)), run.by(LINES)],
  };
}

/** The lines must be the whole that was approved. */
function sumGaps(question: StepQuestion): readonly Gap[] {
  const approved = approvedBudgetOf(question);
  const values = linesOf(question).map(({ filing }) => filedOf(question, filing)?.value);
  if (approved === null || values.length === 0 || values.includes(undefined)) return [];
  const lines = sum(values.map((value) => yuan(value ?? '0')));
  if (lines === approved.amount) return [];
  const { label, clause, rows } = question.policy.parameter(LINES);
  const reason = `细化合计 ${toYuan(lines)}，核定总额 ${toYuan(approved.amount)}，应相等`;
  return [lacking(question, { id: LINES, label, clause, rows }, reason)];
}
