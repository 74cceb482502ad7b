import { KnowledgeFileError } from './errors.js';

/** The cells of one row by column name. */
export type CsvRow = Readonly<Record<string, string>>;

/** @throws KnowledgeFileError when the table has no such column */
export function cellOf(row: CsvRow, column: string): string {
  const cell = row[column];
  if (cell === undefined) throw new KnowledgeFileError(`表中没有列 ${column}`, { column });
  return cell;
}

const NEEDS_QUOTES = /[",]/;

/**
 * Rows of a reference table: a header line, then one row a line, cells with comma or quote in double quotes, no line breaks
 * inside cells. Written by {@link formatCsv}; strict and fast, because every start reads these files.
 *
 * @throws KnowledgeFileError naming file and line when a row does not have the header's columns or a quote is open
 */
export function parseCsv(text: string, file: string): CsvRow[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const columns = splitLine(lines[0] ?? '');
  if (columns === null || columns[0] === '') throw notATable(file, 1);
  return lines.slice(1).map((line, index) => {
    const cells = line.includes('"') ? splitLine(line) : line.split(',');
    if (cells === null || cells.length !== columns.length) throw notATable(file, index + 2);
    const row: Record<string, string> = {};
    for (let at = 0; at < columns.length; at += 1) row[columns[at] ?? ''] = cells[at] ?? '';
    return row;
  });
}

export function formatCsv(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [columns, ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

function quoted(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Cells of one line; null when a quote is left open or stands inside an unquoted cell. */
export function splitLine(line: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const cell = line[at] === '"' ? readQuoted(line, at + 1) : readPlain(line, at);
    if (cell === null) return null;
    cells.push(cell.text);
    at = cell.next;
  }
  return cells;
}

/** `next` is where the next cell starts: one past the comma, or past the end of the line. */
interface Cell {
  readonly text: string;
  readonly next: number;
}

function readPlain(line: string, start: number): Cell | null {
  const comma = line.indexOf(',', start);
  const end = comma === -1 ? line.length : comma;
  const text = line.slice(start, end);
  return text.includes('"') ? null : { text, next: end + 1 };
}

function readQuoted(line: string, start: number): Cell | null {
  let text = '';
  for (let at = start; ; ) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return null;
    text += line.slice(at, quote);
    const follows = line[quote + 1];
    if (follows !== '"') {
      return follows === undefined || follows === ',' ? { text, next: quote + 2 } : null;
    }
    text += '"';
    at = quote + 2;
  }
}

function notATable(file: string, line: number): KnowledgeFileError {
  return new KnowledgeFileError(`${file} 第 ${line} 行不是完整的一行数据`, { file, line });
}
