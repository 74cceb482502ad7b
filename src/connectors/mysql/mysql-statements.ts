import type { Window } from '../connector.js';
import {
  afterRow,
  cursorText,
  type Dialect,
  orderColumns,
  pageText,
  selectionOf,
  totalsText,
  describeText as wrapped,
} from '../sql/window-query.js';
import { isLiteral } from './mysql-columns.js';
import type { MysqlStream } from './mysql-options.js';

/** What is sent to MySQL or MariaDB. Values are literals of known shape; the text protocol gives every value back as text. */

export interface PageRequest {
  readonly window: Window;
  /** Literals of cursor and key of the last row read; null at the start. */
  readonly after: readonly string[] | null;
  readonly rows: number;
  /** Let the server finish the result before it sends it. */
  readonly buffered: boolean;
}

/** Reads at most `rows` rows of the window in (cursor, key) order, strictly after a row. @throws RangeError for a foreign literal */
export function pageStatement(
  stream: MysqlStream,
  { window, after, rows, buffered }: PageRequest,
): string {
  if (after?.every(isLiteral) === false) throw new RangeError('not a resume literal');
  const dialect = dialectOf(buffered);
  const order = orderColumns(stream).map(dialect.quoted);
  return pageText(stream, dialect, {
    selected: selectionOf(stream).columns.map(dialect.quoted),
    bounds: boundsOf(stream, window),
    after: after === null ? null : `(${afterRow(order, after)})`,
    rows,
  });
}

/**
 * The source's own count and sum, rounded per row to whole fen; a text that is no number counts as 0, as it does in a sum there. And a
 * digest of all values: a hash a row over the bytes as they are stored, whatever their charset, added up so that order does not matter.
 */
export function totalsStatement(stream: MysqlStream, window: Window): string {
  const { quoted } = PLAIN;
  const sum =
    stream.amount === undefined
      ? 'NULL'
      : `CAST(COALESCE(SUM(ROUND(CAST(${quoted(stream.amount)} AS DECIMAL(38, 8)), 2)), 0) AS DECIMAL(38, 2))`;
  const selected = ['COUNT(*)', sum, hashesOf(stream)];
  return totalsText(stream, PLAIN, { selected, bounds: boundsOf(stream, window) });
}

function hashesOf(stream: MysqlStream): string {
  const cells = selectionOf(stream).columns.map(
    (column) => `COALESCE(HEX(CAST(${PLAIN.quoted(column)} AS BINARY)), 'N')`,
  );
  const row = `CONV(LEFT(MD5(CONCAT_WS('|', ${cells.join(', ')})), 15), 16, 10)`;
  return `COALESCE(SUM(CAST(${row} AS UNSIGNED)), 0)`;
}

export function describeStatement(stream: MysqlStream): string {
  return wrapped(stream, PLAIN);
}

const PLAIN = dialectOf(false);

function dialectOf(buffered: boolean): Dialect {
  const select = buffered ? 'SELECT SQL_BUFFER_RESULT' : 'SELECT';
  return {
    quoted: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
    limited: (body, rows) => `${select} ${body}${rows === null ? '' : ` LIMIT ${rows}`}`,
  };
}

function boundsOf({ cursorFormat }: MysqlStream, { from, to }: Window): Window {
  return {
    from: dayLiteral(cursorText(from, cursorFormat)),
    to: dayLiteral(cursorText(to, cursorFormat)),
  };
}

/** @throws RangeError when a window is not made of days or moments */
function dayLiteral(text: string): string {
  const literal = `'${text}'`;
  if (!isLiteral(literal)) throw new RangeError(`not a day: ${text}`);
  return literal;
}
