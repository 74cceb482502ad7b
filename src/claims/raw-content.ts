import { CopyBytes } from '../database/copy-bytes.js';
import { copyCells } from '../database/copy-text.js';

/**
 * The rows of a slice as their source gave them: the names of the columns on the first line, then a row a line, in the text format of
 * PostgreSQL's COPY (cells apart by tabs, `\\N` for null, escapes by backslash).
 */

export type RawCells = readonly (string | null)[];

export interface RawContent {
  readonly columns: readonly string[];
  readonly rows: readonly RawCells[];
}

const BYTES_A_ROW = 256;

export function rawRowLines(rows: readonly RawCells[]): Uint8Array {
  const lines = new CopyBytes(rows.length * BYTES_A_ROW);
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) {
      if (index > 0) lines.tab();
      lines.cell(row[index]);
    }
    lines.endRow();
  }
  return lines.written();
}

/** The rows that such lines hold. */
export function rowsOfLines(lines: Uint8Array): readonly RawCells[] {
  return cellsOf(new TextDecoder().decode(lines));
}

/** @param lines  rows as `rawRowLines` wrote them, in pieces */
export function rawContentBytes(
  columns: readonly string[],
  lines: readonly Uint8Array[],
): Uint8Array {
  return Buffer.concat([rawRowLines([columns]), ...lines]);
}

export function parseRawContent(content: Uint8Array): RawContent {
  const [columns = [], ...rows] = rowsOfLines(content);
  return { columns: columns.map(String), rows };
}

function cellsOf(text: string): readonly RawCells[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map(copyCells);
}
