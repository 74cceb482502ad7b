import ExcelJS from 'exceljs';
import { BLANK_CELL, type SheetCell, type SheetColumn, type SheetRow } from './spreadsheet.js';

const TEXT_FORMAT = '@';
const WIDEST = 60;
/** Digits that a spreadsheet's number keeps. */
const EXACT_NUMBER = /^-?\d{1,13}(?:\.\d{1,2})?$/;

/** One sheet as the bytes of an xlsx file. Text cells carry the text format, so that editing them does not turn codes into numbers. */
export async function workbookBytes<Row>(
  name: string,
  columns: readonly SheetColumn<Row>[],
  rows: Iterable<Row>,
): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map(({ title, kind }) => ({
    header: title,
    width: Math.min(WIDEST, Math.max(12, title.length * 2 + 2)),
    style: kind === 'text' ? { numFmt: TEXT_FORMAT } : {},
  }));
  sheet.getRow(1).font = { bold: true };
  for (const row of rows) sheet.addRow(columns.map((column) => written(column, row)));
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

function written<Row>({ kind, cell }: SheetColumn<Row>, row: Row): string | number | null {
  const content = cell(row);
  if (kind === 'text' || content === null) return content === null ? null : String(content);
  return EXACT_NUMBER.test(String(content)) ? Number(content) : String(content);
}

/** The first sheet's rows, each cell with what it is. @throws Error when the bytes are no workbook */
export async function workbookRows(bytes: Uint8Array): Promise<readonly SheetRow[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  );
  const [sheet] = workbook.worksheets;
  if (sheet === undefined) return [];
  const { columnCount } = sheet;
  const rows: SheetRow[] = [];
  sheet.eachRow((row, number) => {
    const cells: SheetCell[] = [];
    for (let column = 1; column <= columnCount; column += 1) {
      cells.push(cellOf(row.getCell(column).value));
    }
    rows.push({ number, cells });
  });
  return rows;
}

function cellOf(value: ExcelJS.CellValue): SheetCell {
  if (value === null || value === undefined) return BLANK_CELL;
  if (typeof value === 'string') return textCell(value);
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  if (value instanceof Date) return { kind: 'date', text: value.toISOString().slice(0, 10) };
  if (typeof value === 'boolean' || 'error' in value) return { kind: 'other', text: String(value) };
  if ('richText' in value) return textCell(value.richText.map(({ text }) => text).join(''));
  if ('text' in value) return textCell(String(value.text));
  return { kind: 'formula', text: '' };
}

function textCell(text: string): SheetCell {
  const plain = text.trim();
  return plain === '' ? BLANK_CELL : { kind: 'text', text: plain };
}
