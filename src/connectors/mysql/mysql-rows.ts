import { parseDecimal } from '../../kernel/decimal.js';
import { roundToFen } from '../../kernel/money.js';
import type { RawBatch, RawRow, UnreadableRow } from '../connector.js';
import { resumeToken } from '../sql/read-pages.js';
import { type ColumnMeta, type ColumnReader, columnReader } from './mysql-columns.js';

/** Turns rows of bytes into a batch of text rows with its resume token. @throws SourceRejectedError for a row without a key */
export type RowReader = (rows: readonly (readonly (Buffer | null)[])[]) => RawBatch;

export interface RowLayout {
  readonly columns: readonly string[];
  /** Encodings that the stream declares, by column. */
  readonly charsets: Readonly<Record<string, string>>;
  readonly amount: string | undefined;
  /** The result's columns: the stream's first, then those that only order. */
  readonly metas: readonly ColumnMeta[];
  readonly orderAt: readonly number[];
}

/** @returns a sentence instead when the columns cannot be read or cannot order the rows */
export function rowReader(layout: RowLayout): RowReader | string {
  const readers: ColumnReader[] = [];
  for (const meta of layout.metas) {
    const reader = columnReader(meta, layout.charsets[meta.name]);
    if (typeof reader === 'string') return reader;
    readers.push(reader);
  }
  for (const position of layout.orderAt) {
    if (readers[position]?.literal == null) {
      return `列 ${layout.metas[position]?.name} 的类型不能作 cursor 或 key（浮点、枚举或图形）`;
    }
  }
  return reading(layout, readers);
}

function reading(
  { columns, amount, metas, orderAt }: RowLayout,
  readers: ColumnReader[],
): RowReader {
  const amountAt = amount === undefined ? -1 : columns.indexOf(amount);
  let position = 0;
  return (rows) => {
    const read: RawRow[] = [];
    const unreadable: UnreadableRow[] = [];
    for (const row of rows) {
      position += 1;
      const cells = decoded(row, readers);
      if (typeof cells === 'number') {
        const reason = `列 ${metas[cells]?.name ?? ''} 的字节不合其编码`;
        unreadable.push({ position, reason, raw: printable(row), amountFen: fenOf(row[amountAt]) });
      } else read.push(cells);
    }
    const last = rows.at(-1)?.map((cell, at) => literalOf(cell, readers[at], orderAt.includes(at)));
    const cursor = resumeToken(last, orderAt);
    return { columns, rows: read, cursor, ...(unreadable.length > 0 ? { unreadable } : {}) };
  };
}

/** The row as text, or the position of the cell that is not text. */
function decoded(row: readonly (Buffer | null)[], readers: ColumnReader[]): RawRow | number {
  const cells: (string | null)[] = new Array(row.length);
  for (let index = 0; index < row.length; index += 1) {
    const cell = row[index] ?? null;
    try {
      cells[index] = cell === null ? null : (readers[index]?.text(cell) ?? null);
    } catch {
      return index;
    }
  }
  return cells;
}

function literalOf(
  cell: Buffer | null,
  reader: ColumnReader | undefined,
  wanted: boolean,
): string | null {
  return wanted && cell !== null ? (reader?.literal?.(cell) ?? null) : null;
}

function fenOf(cell: Buffer | null | undefined): bigint {
  const amount = cell == null ? null : parseDecimal(cell.toString('latin1'));
  return amount === null ? 0n : roundToFen(amount.times(100), 'half-up');
}

/** ASCII as it is, every other byte as \xNN: a person can still find the row. */
function printable(row: readonly (Buffer | null)[]): string {
  const cells = row.map((cell) =>
    (cell?.toString('latin1') ?? '').replace(
      /[^\x20-\x7e]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    ),
  );
  return cells.join(',');
}
