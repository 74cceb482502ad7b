import { type CaseHeader, readCaseHeader, readCaseLine } from './drg-case-csv.js';
import type { DrgTables } from './drg-tables.js';
import { type DrgResult, groupDrg } from './group-drg.js';

/** One line of the input as bytes decoded, or null when they are not text in the declared encoding. */
export type TextLine = string | null;

export type CaseOutcome =
  | { readonly line: number; readonly caseNo: string; readonly result: DrgResult }
  | { readonly line: number; readonly problem: string };

/** The header itself is wrong: no line of the file can be read. */
export interface HeaderProblem {
  readonly headerProblem: string;
}

/**
 * Groups `cases.csv` line by line; a bad line is an outcome like any other and holds nothing up. Blank lines are skipped.
 * Ends after a {@link HeaderProblem}.
 */
export async function* groupCases(
  lines: AsyncIterable<TextLine>,
  tables: DrgTables,
): AsyncGenerator<CaseOutcome | HeaderProblem> {
  let header: CaseHeader | null = null;
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text?.trim() === '') continue;
    if (header !== null) {
      yield outcomeOf(text, line, { header, tables });
      continue;
    }
    const read = text === null ? NOT_TEXT : readCaseHeader(text);
    if ('problem' in read) {
      yield { headerProblem: read.problem };
      return;
    }
    header = read;
  }
  if (header === null) yield { headerProblem: '没有内容（empty input）' };
}

function outcomeOf(
  text: TextLine,
  line: number,
  { header, tables }: { readonly header: CaseHeader; readonly tables: DrgTables },
): CaseOutcome {
  const read = text === null ? NOT_TEXT : readCaseLine(text, header);
  if ('problem' in read) return { line, problem: read.problem };
  return { line, caseNo: read.caseNo, result: groupDrg(read.drgCase, tables) };
}

const NOT_TEXT = { problem: '不是 UTF-8 文本；若文件是 GB18030，请加 --encoding gb18030' };
