import type { CopyBytes } from '../database/copy-bytes.js';
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

/** Writes rows one after another, the names of their columns first. */
export class RawWriter {
  private readonly first: number;

  constructor(
    private readonly out: CopyBytes,
    columns: readonly string[],
  ) {
    this.line(columns);
    this.first = out.length;
  }

  /** Everything so far; a view. */
  get content(): Uint8Array {
    return this.out.written();
  }

  /** Where the next row will stand. */
  get end(): number {
    return this.out.length;
  }

  line(row: RawCells): void {
    const { out } = this;
    for (let index = 0; index < row.length; index += 1) {
      if (index > 0) out.tab();
      out.cell(row[index]);
    }
    out.endRow();
  }

  /** Rows that are already written so. */
  append(lines: Uint8Array): void {
    this.out.append(lines);
  }

  /** The rows that stand between two places; without any, all of them. */
  rows(from = this.first, to = this.end): readonly RawCells[] {
    return rowsOfLines(this.content.subarray(from, to));
  }
}

/** The rows that lines hold. */
function rowsOfLines(lines: Uint8Array): readonly RawCells[] {
  const texts = new TextDecoder().decode(lines).split('\n');
  texts.pop();
  return texts.map(copyCells);
}

export function parseRawContent(content: Uint8Array): RawContent {
  const [columns = [], ...rows] = rowsOfLines(content);
  return { columns: columns.map(String), rows };
}
