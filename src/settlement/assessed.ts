import { Decimal, decimal, parseDecimal } from '../kernel/decimal.js';
import type { Gap, Parameter, PolicyAt } from '../policy/policy.js';
import { type Band, bandsFault } from './bands.js';
import type { FigureInput } from './figure.js';
import { filedOf, lackingFilings, type StepQuestion, type StepRun } from './step.js';

/**
 * A ratio that the assessment decides (按考核结果确定的比例), as a region writes it: a number in place, or the id of a parameter that is
 * one ratio, a ratio by grade, or a table of scores (`score-from`, `ratio`; the year's score is filed).
 */
const SCORE = 'assessment.score';
const TARGET = /^[a-z]/;

/** Whether the region speaks of a parameter at all, open or not. */
export function knows(policy: PolicyAt, id: string): boolean {
  return policy.parameters.has(id) || policy.gaps.some((gap) => gap.id === id);
}

/** The parameters behind cells. */
function namedIn(cells: readonly string[]): readonly string[] {
  return [...new Set(cells.filter((cell) => TARGET.test(cell)))];
}

/** What lacks before the cells can be read: the grade, the score, or a score that the table covers. */
export function assessedGaps(question: StepQuestion, cells: readonly string[]): readonly Gap[] {
  return namedIn(cells).flatMap((id) => {
    if (question.policy.gapOf(id) !== null) return [];
    const parameter = question.policy.parameter(id);
    if (parameter.unit === 'table') return scoreGaps(question, parameter);
    return parameter.by === 'grade' ? gradeGaps(question, parameter) : [];
  });
}

/** The year's grade, as a gap where nobody recorded it. */
export function gradeGaps(
  { facts }: StepQuestion,
  { clause, rows }: Pick<Parameter, 'clause' | 'rows'>,
): readonly Gap[] {
  if (facts.grade !== null) return [];
  const reason = `没有 ${facts.period} 年的考核等次记录`;
  return [{ id: 'assessment.grade', label: '年终考核等次', reason, clause, rows }];
}

function scoreGaps(question: StepQuestion, parameter: Parameter): readonly Gap[] {
  const lack = lackingFilings(question, [SCORE]);
  if (lack.length > 0) return lack;
  const score = scoreOf(question);
  if (ratioAt(question.policy, parameter.id, score) !== null) return [];
  const { label, clause, rows } = parameter;
  return [{ id: SCORE, label, clause, rows, reason: `考核得分 ${score} 低于表中最低一档` }];
}

function scoreOf(question: Pick<StepQuestion, 'facts' | 'own'>): Decimal {
  return decimal(filedOf(question, SCORE)?.value ?? '');
}

/** The ratio of the highest row that the score reaches. */
function ratioAt(policy: PolicyAt, id: string, score: Decimal): Decimal | null {
  const reached = policy
    .table(id)
    .map((row) => ({ from: decimal(row['score-from'] ?? ''), ratio: decimal(row['ratio'] ?? '') }))
    .filter(({ from }) => score.gte(from));
  return (
    reached.reduce<{ from: Decimal; ratio: Decimal } | null>(
      (best, row) => (best === null || row.from.gt(best.from) ? row : best),
      null,
    )?.ratio ?? null
  );
}

/** @throws RangeError when the score is below the table; steps list that as a gap first */
export function assessedRatio(run: StepRun, cell: string): Decimal {
  if (!TARGET.test(cell)) return decimal(cell);
  const { unit, by } = run.policy.parameter(cell);
  if (unit === 'table') {
    const found = ratioAt(run.policy, cell, scoreOf(run));
    if (found === null) throw new RangeError(`no row of ${cell} takes the score`);
    return found;
  }
  return run.policy.ratio(cell, keyOf(run, by));
}

/** What the cells rest on, as inputs. */
export function assessedInputs(run: StepRun, cells: readonly string[]): readonly FigureInput[] {
  return namedIn(cells).flatMap((id) => {
    const { unit, by } = run.policy.parameter(id);
    return unit === 'table' ? [run.by(id), run.filed(SCORE)] : [run.by(id, keyOf(run, by))];
  });
}

function keyOf(run: StepRun, by: Parameter['by']): string | undefined {
  if (by === null) return undefined;
  return by === 'pool' ? run.pool : run.grade.grade;
}

/** A table of bands (`up-to`, and a share in `column`): ids it needs, gaps, and the bands. */
export class BandTable {
  constructor(
    private readonly id: string,
    private readonly column: string,
  ) {}

  needs(policy: PolicyAt): readonly string[] {
    return policy.gapOf(this.id) === null ? [this.id, ...namedIn(this.cells(policy))] : [this.id];
  }

  gaps(question: StepQuestion): readonly Gap[] {
    const { policy } = question;
    if (policy.gapOf(this.id) !== null) return [];
    const { label, clause, rows } = policy.parameter(this.id);
    const reason = bandsFault(this.edges(policy)) ?? cellFault(this.cells(policy));
    if (reason !== null) return [{ id: this.id, label, clause, rows, reason }];
    return assessedGaps(question, this.cells(policy));
  }

  bands(run: StepRun): readonly Band[] {
    const edges = this.edges(run.policy);
    return this.cells(run.policy).map((cell, index) => ({
      upTo: edges[index]?.upTo ?? null,
      share: assessedRatio(run, cell),
    }));
  }

  inputs(run: StepRun): readonly FigureInput[] {
    return [run.by(this.id), ...assessedInputs(run, this.cells(run.policy))];
  }

  private cells(policy: PolicyAt): readonly string[] {
    return policy.table(this.id).map((row) => row[this.column] ?? '');
  }

  private edges(policy: PolicyAt) {
    return policy
      .table(this.id)
      .map((row) => ({ upTo: row['up-to'] === 'none' ? null : decimal(row['up-to'] ?? '') }));
  }
}

function cellFault(cells: readonly string[]): string | null {
  const bad = cells.find((cell) => !TARGET.test(cell) && !isShare(cell));
  return bad === undefined ? null : `${bad} 应为 0 到 1 的比例，或参数名`;
}

function isShare(cell: string): boolean {
  const value = parseDecimal(cell);
  return value?.gte(0) === true && value.lte(1);
}
