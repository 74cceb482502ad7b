/** Tables for people: what leaves as CSV or xlsx must open in a spreadsheet as what it is, and come back as what it was. */

export interface SheetColumn<Row> {
  readonly title: string;
  /** `text` stays text (codes with leading zeros); `number` may be added up in the spreadsheet. */
  readonly kind: 'text' | 'number';
  readonly cell: (row: Row) => string | number | null;
}

/** A cell that a spreadsheet would take for a formula, or that begins with the mark that prevents it. */
const RISKY = /^[=+\-@\t\r＝＋－＠']/;
const PLAIN_NUMBER = /^[+-]?\d{1,15}(?:\.\d+)?$/;

/**
 * A text that no spreadsheet runs as a formula (CSV injection): risky ones get an apostrophe in front, which `unguarded` takes away. Plain
 * numbers, negative ones too, are none.
 */
export function guarded(text: string): string {
  return RISKY.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}

/** The text as it was before `guarded`. */
export function unguarded(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}

/** UTF-8 with BOM, CRLF, every risky cell guarded: opens in a double click with its Chinese intact. */
export function csvText<Row>(columns: readonly SheetColumn<Row>[], rows: Iterable<Row>): string {
  let text = `\uFEFF${line(columns.map(({ title }) => title))}`;
  for (const row of rows) text += line(columns.map(({ cell }) => String(cell(row) ?? '')));
  return text;
}

function line(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(guarded(cell))).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A cell of a sheet that somebody filled in: what the file says it is, not what it looks like. */
export interface SheetCell {
  readonly kind: 'blank' | 'text' | 'number' | 'date' | 'formula' | 'other';
  /** Trimmed; a date as YYYY-MM-DD. */
  readonly text: string;
}

/** A row with its number in the sheet, from 1. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly SheetCell[];
}

export const BLANK_CELL: SheetCell = { kind: 'blank', text: '' };
