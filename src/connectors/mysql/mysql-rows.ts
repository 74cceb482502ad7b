import { parseDecimal } from '../../kernel/decimal.js';
import { roundToFen } from '../../kernel/money.js';
import type { RawBatch, RawRow, UnreadableRow } from '../connector.js';
import { resumeToken } from '../sql/read-pages.js';
import { type Cell, type ColumnMeta, type ColumnReader, columnReader } from './mysql-columns.js';

/** A row as the driver hands it over; columns that it does not decode hold bytes. */
export type CellRow = (Cell | null)[];

/** Turns rows of the driver into a batch with its resume token. @throws SourceRejectedError for a row without a key */
export type RowReader = (rows: readonly CellRow[]) => RawBatch;

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
  const byteColumns = readers.flatMap(({ driverDecodes }, at) =>
    driverDecodes === null ? [at] : [],
  );
  let position = 0;
  return (rows) => {
    const cursor = resumeToken(literalsOf(rows.at(-1), readers, orderAt), orderAt);
    const read: RawRow[] = [];
    const unreadable: UnreadableRow[] = [];
    for (const row of rows) {
      position += 1;
      const broken = decode(row, readers, byteColumns);
      if (broken === -1) read.push(row as (string | null)[]);
      else {
        const reason = `列 ${metas[broken]?.name ?? ''} 的字节不合其编码`;
        unreadable.push({ position, reason, raw: printable(row), amountFen: fenOf(row[amountAt]) });
      }
    }
    return { columns, rows: read, cursor, ...(unreadable.length > 0 ? { unreadable } : {}) };
  };
}

/** Replaces the bytes of a row by text, in place. @returns the position of a cell that is not text, or −1 */
function decode(
  row: CellRow,
  readers: readonly ColumnReader[],
  byteColumns: readonly number[],
): number {
  for (const at of byteColumns) {
    const cell = row[at] ?? null;
    if (cell === null) continue;
    try {
      row[at] = readers[at]?.decode(cell) ?? null;
    } catch {
      return at;
    }
  }
  return -1;
}

/** Cursor and key of a row as literals, at their positions. */
function literalsOf(
  row: CellRow | undefined,
  readers: readonly ColumnReader[],
  orderAt: readonly number[],
): readonly (string | null)[] {
  return (row ?? []).map((cell, at) =>
    cell !== null && orderAt.includes(at) ? (readers[at]?.literal?.(cell) ?? null) : null,
  );
}

function fenOf(cell: Cell | null | undefined): bigint {
  const amount = cell == null ? null : parseDecimal(String(cell));
  return amount === null ? 0n : roundToFen(amount.times(100), 'half-up');
}

/** Text as it is, and of bytes every one that is not ASCII as \xNN: a person can still find the row. */
function printable(row: CellRow): string {
  const cells = row.map((cell) =>
    typeof cell === 'string'
      ? cell
      : (cell?.toString('latin1') ?? '').replace(
          /[^\x20-\x7e]/g,
          (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
        ),
  );
  return cells.join(',');
}
