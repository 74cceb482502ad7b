import type { Window } from '../connector.js';
import { SourceRejectedError } from '../errors.js';
import {
  afterRow,
  cursorText,
  type Dialect,
  describeText,
  orderColumns,
  pageText,
  selectionOf,
  totalsText,
} from '../sql/window-query.js';
import {
  type Arrival,
  asAmount,
  asBound,
  asLiteral,
  asText,
  type SourceColumn,
  unicode,
} from './mssql-columns.js';
import type { MssqlStream } from './mssql-options.js';

/** What is sent to SQL Server. Names are qualified: in `ORDER BY` a bare name would mean the text it was converted to. */
const DIALECT: Dialect = {
  quoted: (identifier) => `source.[${identifier.replaceAll(']', ']]')}]`,
  limited: (body, rows) => `SELECT ${rows === null ? '' : `TOP (${rows}) `}${body}`,
};

/** Asks for names, types and collations of the query's columns; nothing is run. */
export function describeStatement(stream: MssqlStream): string {
  const query = unicode(describeText(stream, DIALECT));
  return `SELECT name, system_type_name, collation_name, error_message FROM sys.dm_exec_describe_first_result_set(${query}, NULL, 0) ORDER BY column_ordinal`;
}

export interface PageStatement {
  readonly text: string;
  /** One a result column. */
  readonly arrivals: readonly Arrival[];
}

export interface PageRequest {
  readonly window: Window;
  /** Cursor and key of the last row read, as text; null at the start. */
  readonly after: readonly string[] | null;
  readonly rows: number;
}

/** Reads at most `rows` rows of the window in (cursor, key) order, strictly after a row. @throws SourceRejectedError */
export function pageStatement(
  stream: MssqlStream,
  columns: readonly SourceColumn[],
  { window, after, rows }: PageRequest,
): PageStatement {
  const selected = selectionOf(stream).columns.map((name) => textOf(columnOf(columns, name)));
  return {
    text: pageText(stream, DIALECT, {
      selected: selected.map(({ expression }) => expression),
      bounds: boundsOf(stream, columns, window),
      after: after === null ? null : afterText(stream, columns, after),
      rows,
    }),
    arrivals: selected.map(({ arrival }) => arrival),
  };
}

/** The source's own count and sum, rounded per row to whole fen, and a digest of all values. @throws SourceRejectedError */
export function totalsStatement(
  stream: MssqlStream,
  columns: readonly SourceColumn[],
  window: Window,
): string {
  const selected = [
    'CONVERT(nvarchar(20), COUNT_BIG(*))',
    sumOf(stream, columns),
    hashesOf(stream, columns),
  ];
  return totalsText(stream, DIALECT, { selected, bounds: boundsOf(stream, columns, window) });
}

function sumOf({ amount }: MssqlStream, columns: readonly SourceColumn[]): string {
  if (amount === undefined) return 'NULL';
  const column = columnOf(columns, amount);
  const rounded = `CONVERT(decimal(38, 2), ROUND(${asAmount(column, DIALECT.quoted(column.name))}, 2))`;
  return `CONVERT(nvarchar(41), COALESCE(SUM(${rounded}), 0))`;
}

/** No value that can land is longer, and before 2016 the server hashes no more than 8,000 bytes. */
const HASHED_CHARACTERS = 4_000;

/** A hash a row over the hashes of its values, added up so that order does not matter. */
function hashesOf(stream: MssqlStream, columns: readonly SourceColumn[]): string {
  const cells = selectionOf(stream).columns.map((name) => {
    const { expression, arrival } = textOf(columnOf(columns, name));
    const bytes =
      arrival === 'text'
        ? `LEFT(${expression}, ${HASHED_CHARACTERS})`
        : `CONVERT(varbinary(8), ${expression})`;
    return `ISNULL(HASHBYTES('MD5', ${bytes}), 0x00)`;
  });
  const row = `SUBSTRING(HASHBYTES('MD5', ${cells.join(' + ')}), 1, 7)`;
  return `CONVERT(nvarchar(40), COALESCE(SUM(CONVERT(decimal(38, 0), CONVERT(bigint, ${row}))), 0))`;
}

function afterText(
  stream: MssqlStream,
  columns: readonly SourceColumn[],
  after: readonly string[],
): string {
  const order = orderColumns(stream).map((name) => columnOf(columns, name));
  const values = order.map((column, index) => {
    const literal = asLiteral(column, after[index] ?? '');
    if (literal === null) throw cannotOrder(column);
    return literal;
  });
  const quoted = order.map((column) => DIALECT.quoted(column.name));
  return `(${afterRow(quoted, values)})`;
}

function boundsOf(
  { cursor, cursorFormat }: MssqlStream,
  columns: readonly SourceColumn[],
  { from, to }: Window,
): Window {
  const column = columnOf(columns, cursor);
  const bound = (day: string): string => {
    const literal = asBound(column, cursorText(day, cursorFormat));
    if (literal === null) throw cannotOrder(column);
    return literal;
  };
  return { from: bound(from), to: bound(to) };
}

function textOf(column: SourceColumn) {
  const text = asText(column, DIALECT.quoted(column.name));
  if (text !== null) return text;
  throw new SourceRejectedError(
    `列 ${column.name} 的类型 ${column.type} 读不成文本`,
    '请在 query 中先把它转换为 nvarchar。',
  );
}

/** SQL Server takes names in any case under its usual collations. @throws SourceRejectedError */
function columnOf(columns: readonly SourceColumn[], name: string): SourceColumn {
  const found =
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new SourceRejectedError(
    `来源缺少列 ${name}`,
    '请核对机构配置的 query 与 map，或请来源单位恢复该列。',
  );
}

/** Checked before reading starts, not at the second page. @throws SourceRejectedError */
export function assertOrderable(stream: MssqlStream, columns: readonly SourceColumn[]): void {
  for (const name of orderColumns(stream)) {
    const column = columnOf(columns, name);
    if (asLiteral(column, '') === null) throw cannotOrder(column);
  }
}

function cannotOrder({ name, type }: SourceColumn): SourceRejectedError {
  return new SourceRejectedError(
    `列 ${name} 的类型 ${type} 不能作 cursor 或 key`,
    '请改用整数、定点数、日期时间或文本列，或在 query 中转换。',
  );
}
