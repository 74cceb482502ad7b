import type { Window } from '../connector.js';
import type { SqlStream } from './sql-stream.js';

/** How a configured SELECT becomes the statements that are sent: always by named columns, always in cursor order. */

/** How one kind of database writes what differs. Everything here is SQL text, never a value from outside. */
export interface Dialect {
  readonly quoted: (identifier: string) => string;
  /** A SELECT (given without its first word) that returns at most so many rows; `null`: no limit. */
  readonly limited: (body: string, rows: number | null) => string;
}

/** The two ends of a window as expressions that the cursor column is compared with. */
export type Bounds = Window;

export interface Page {
  /** One expression a result column. */
  readonly selected: readonly string[];
  readonly bounds: Bounds;
  /** Condition that leaves only the rows after the resume point; null at the start. */
  readonly after: string | null;
  readonly rows: number | null;
}

/** A day, or a moment `2024-12-05 13:07:00`, as the cursor column writes it; a column of days cuts the moment off. */
export function cursorText(when: string, format: SqlStream['cursorFormat']): string {
  if (format === 'iso') return when;
  const digits = when.replaceAll(/\D/g, '');
  return format === 'yyyyMMdd' ? digits.slice(0, 8) : digits.padEnd(14, '0');
}

/** Cursor and key, each once; also what the resume token holds. */
export function orderColumns({ cursor, key }: SqlStream): readonly string[] {
  return [...new Set([cursor, ...key])];
}

/** The stream's columns first and in their order, then those that only order the rows. */
export interface Selection {
  readonly columns: readonly string[];
  /** Positions of cursor and key among them. */
  readonly orderAt: readonly number[];
}

export function selectionOf(stream: SqlStream): Selection {
  const order = orderColumns(stream);
  const extra = order.filter((column) => !stream.columns.includes(column));
  const columns = [...stream.columns, ...extra];
  return { columns, orderAt: order.map((column) => columns.indexOf(column)) };
}

/** Reads the window in (cursor, key) order. */
export function pageText(stream: SqlStream, dialect: Dialect, page: Page): string {
  const order = orderColumns(stream).map(dialect.quoted).join(', ');
  const after = page.after === null ? '' : ` AND ${page.after}`;
  const body = `${page.selected.join(', ')} ${within(stream, dialect, page.bounds)}${after} ORDER BY ${order}`;
  return dialect.limited(body, page.rows);
}

/** Counts and adds up the window without reading it. */
export function totalsText(
  stream: SqlStream,
  dialect: Dialect,
  { selected, bounds }: Pick<Page, 'selected' | 'bounds'>,
): string {
  return `SELECT ${selected.join(', ')} ${within(stream, dialect, bounds)}`;
}

/** Describes the columns without reading a row. */
export function describeText(stream: SqlStream, dialect: Dialect): string {
  return dialect.limited(`* ${source(stream)}`, 0);
}

/**
 * Rows strictly after a place in the order, for databases whose planner does not see through `(a, b) > (x, y)`: the first
 * comparison alone is enough to enter an index.
 */
export function afterRow(columns: readonly string[], values: readonly string[]): string {
  const beyond = columns.map((column, index) => {
    const equal = columns.slice(0, index).map((each, at) => `${each} = ${values[at]}`);
    return `(${[...equal, `${column} > ${values[index]}`].join(' AND ')})`;
  });
  return `${columns[0]} >= ${values[0]} AND (${beyond.join(' OR ')})`;
}

function within(stream: SqlStream, { quoted }: Dialect, { from, to }: Bounds): string {
  const cursor = quoted(stream.cursor);
  return `${source(stream)} WHERE ${cursor} >= ${from} AND ${cursor} < ${to}`;
}

function source({ query }: SqlStream): string {
  return `FROM (${query.trim().replace(/;\s*$/, '')}\n) AS source`;
}
