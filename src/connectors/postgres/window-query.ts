/** How a configured SELECT becomes the statements that are sent: always by named columns, always in cursor order. */

export interface WindowedStream {
  readonly query: string;
  readonly cursor: string;
  readonly cursorFormat: 'iso' | 'yyyyMMdd' | 'yyyyMMddHHmmss';
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly amount?: string | undefined;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

/** A day as the cursor column writes it. */
export function cursorText(day: string, format: WindowedStream['cursorFormat']): string {
  if (format === 'iso') return day;
  const compact = day.replaceAll('-', '');
  return format === 'yyyyMMdd' ? compact : `${compact}000000`;
}

/** Reads the window in (cursor, key) order, strictly after the row that `after` names. */
export function pageStatement(
  stream: WindowedStream,
  window: { readonly from: string; readonly to: string },
  after: readonly string[] | null,
): Statement {
  const order = orderColumns(stream);
  const selected = [...stream.columns, ...order].map(quoted).join(', ');
  const bounds = windowBounds(stream, window);
  const resume =
    after === null
      ? ''
      : ` AND (${order.map(quoted).join(', ')}) > (${order.map((_, index) => `$${index + 3}`).join(', ')})`;
  return {
    text: `SELECT ${selected} FROM (${bare(stream.query)}\n) AS source WHERE ${bounds.text}${resume} ORDER BY ${order.map(quoted).join(', ')}`,
    values: [...bounds.values, ...(after ?? [])],
  };
}

/** The source's own count and sum; the sum is rounded per row to whole fen, as a clerk reading the column would. */
export function totalsStatement(
  stream: WindowedStream,
  window: { readonly from: string; readonly to: string },
): Statement {
  const bounds = windowBounds(stream, window);
  const sum =
    stream.amount === undefined
      ? 'NULL'
      : `coalesce(sum(round((${quoted(stream.amount)})::numeric, 2)), 0) * 100`;
  return {
    text: `SELECT count(*)::text, trunc(${sum})::text FROM (${bare(stream.query)}\n) AS source WHERE ${bounds.text}`,
    values: bounds.values,
  };
}

/** Describes the columns without reading a row. */
export function describeStatement(stream: WindowedStream): string {
  return `SELECT * FROM (${bare(stream.query)}\n) AS source LIMIT 0`;
}

function windowBounds(
  stream: WindowedStream,
  { from, to }: { readonly from: string; readonly to: string },
): Statement {
  const cursor = quoted(stream.cursor);
  return {
    text: `${cursor} >= $1 AND ${cursor} < $2`,
    values: [cursorText(from, stream.cursorFormat), cursorText(to, stream.cursorFormat)],
  };
}

/** Cursor and key, each once; also what the resume token holds. */
export function orderColumns({ cursor, key }: WindowedStream): readonly string[] {
  return [...new Set([cursor, ...key])];
}

function bare(query: string): string {
  return query.trim().replace(/;\s*$/, '');
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
