import type { CodeKind } from './catalogue.repository.js';

/** A dated translation as it holds, or as somebody wants it. Days are half-open; `validTo` null = until further notice. */
export interface CodePeriod {
  readonly kind: CodeKind;
  readonly localCode: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly nationalCode: string;
}

/** A wanted period with the sheet row it stands in. */
export interface WantedPeriod extends CodePeriod {
  readonly sheetRow: number;
}

/** What a wanted period does to the table that holds. `before` is what it replaces. */
export interface CodeChange extends WantedPeriod {
  readonly before: Pick<CodePeriod, 'nationalCode' | 'validTo'> | null;
}

export interface SheetProblem {
  readonly row: number;
  readonly message: string;
}

export interface PlannedChanges {
  readonly changes: readonly CodeChange[];
  /** Wanted rows that hold already. */
  readonly unchanged: number;
  readonly problems: readonly SheetProblem[];
}

/**
 * Compares a sheet with the table that holds. A row with the code and first day of one that holds changes that one; any other is added;
 * rows that the sheet does not mention stay. No code may have two meanings on one day.
 */
export function plannedChanges(
  current: readonly CodePeriod[],
  wanted: readonly WantedPeriod[],
): PlannedChanges {
  const table = new Map(current.map((period) => [startOf(period), period]));
  const met = new Map<string, number>();
  const problems: SheetProblem[] = [];
  const changes: CodeChange[] = [];
  for (const period of wanted) {
    const start = startOf(period);
    const earlier = met.get(start);
    if (earlier !== undefined) {
      problems.push({ row: period.sheetRow, message: `与第 ${earlier} 行的编码和起始日相同` });
      continue;
    }
    met.set(start, period.sheetRow);
    const holds = table.get(start) ?? null;
    table.set(start, period);
    if (holds === null || !isSame(holds, period)) changes.push({ ...period, before: holds });
  }
  const touched = new Set(changes.map(codeOf));
  const result = [...table.values()].filter((period) => touched.has(codeOf(period)));
  problems.push(...overlapProblems(result));
  const unchanged = met.size - changes.length;
  return { changes, unchanged, problems: problems.sort((a, b) => a.row - b.row) };
}

function overlapProblems(periods: readonly (CodePeriod | WantedPeriod)[]): SheetProblem[] {
  const sorted = [...periods].sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  return sorted.flatMap((period, index) => {
    const before = sorted[index - 1];
    if (before === undefined || codeOf(before) !== codeOf(period)) return [];
    if (before.validTo !== null && before.validTo <= period.validFrom) return [];
    const row = rowOf(period) ?? rowOf(before) ?? 0;
    const other = row === rowOf(period) ? before : period;
    return [
      {
        row,
        message: `${period.localCode} 的有效期与${nameOf(other)}重叠，请先写明前一段的终止日`,
      },
    ];
  });
}

function rowOf(period: CodePeriod | WantedPeriod): number | null {
  return 'sheetRow' in period ? period.sheetRow : null;
}

function nameOf(period: CodePeriod | WantedPeriod): string {
  const row = rowOf(period);
  return row === null ? `现行的 ${period.nationalCode}（自 ${period.validFrom}）` : `第 ${row} 行`;
}

function isSame(a: CodePeriod, b: CodePeriod): boolean {
  return a.nationalCode === b.nationalCode && a.validTo === b.validTo;
}

function codeOf({ kind, localCode }: CodePeriod): string {
  return `${kind}\u001f${localCode}`;
}

function startOf(period: CodePeriod): string {
  return `${codeOf(period)}\u001f${period.validFrom}`;
}
