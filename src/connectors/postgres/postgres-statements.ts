import type { Window } from '../connector.js';
import type { SqlStream } from '../sql/sql-stream.js';
import {
  cursorText,
  type Dialect,
  describeText,
  orderColumns,
  pageText,
  selectionOf,
  totalsText,
} from '../sql/window-query.js';

/** What is sent to PostgreSQL; values always travel as parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

const DIALECT: Dialect = {
  quoted: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  limited: (body, rows) => `SELECT ${body}${rows === null ? '' : ` LIMIT ${rows}`}`,
};
const BOUNDS = { from: '$1', to: '$2' };

/** Reads the window in (cursor, key) order, strictly after the row that `after` names. */
export function pageStatement(
  stream: SqlStream,
  window: Window,
  after: readonly string[] | null,
): Statement {
  const order = orderColumns(stream).map(DIALECT.quoted);
  const places = order.map((_, index) => `$${index + 3}`);
  return {
    text: pageText(stream, DIALECT, {
      selected: selectionOf(stream).columns.map(DIALECT.quoted),
      bounds: BOUNDS,
      after: after === null ? null : `(${order.join(', ')}) > (${places.join(', ')})`,
      rows: null,
    }),
    values: [...windowValues(stream, window), ...(after ?? [])],
  };
}

/** The same for one page, as a COPY: it takes no parameters, so the values stand in it as literals. */
export function copyStatement(
  stream: SqlStream,
  window: Window,
  { after, rows }: { readonly after: readonly string[] | null; readonly rows: number },
): string {
  const order = orderColumns(stream).map(DIALECT.quoted).join(', ');
  const [from = '', to = ''] = windowValues(stream, window).map(literal);
  const page = pageText(stream, DIALECT, {
    selected: selectionOf(stream).columns.map(DIALECT.quoted),
    bounds: { from, to },
    after: after === null ? null : `(${order}) > (${after.map(literal).join(', ')})`,
    rows,
  });
  return `COPY (${page}) TO STDOUT`;
}

function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}

/**
 * The source's own count and sum, and a digest of all values; the sum is rounded per row to whole fen, as a clerk reading the
 * column would. The digest adds up a hash a row, so it does not depend on their order and needs nothing newer than md5.
 */
export function totalsStatement(stream: SqlStream, window: Window, withDigest: boolean): Statement {
  const sum =
    stream.amount === undefined
      ? 'NULL'
      : `coalesce(sum(round((${DIALECT.quoted(stream.amount)})::numeric, 2)), 0)::text`;
  const row = `ROW(${selectionOf(stream).columns.map(DIALECT.quoted).join(', ')})::text`;
  const hashes = `coalesce(sum(('x' || left(md5(${row}), 15))::bit(60)::bigint), 0)::text`;
  const selected = ['count(*)::text', sum, withDigest ? hashes : 'NULL'];
  return {
    text: totalsText(stream, DIALECT, { selected, bounds: BOUNDS }),
    values: windowValues(stream, window),
  };
}

export function describeStatement(stream: SqlStream): string {
  return describeText(stream, DIALECT);
}

function windowValues({ cursorFormat }: SqlStream, { from, to }: Window): readonly string[] {
  return [cursorText(from, cursorFormat), cursorText(to, cursorFormat)];
}
