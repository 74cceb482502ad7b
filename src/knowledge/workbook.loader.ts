import ExcelJS from 'exceljs';
import type { Sheet } from './official-workbook.js';

/** Reads an xlsx workbook as text, cell by cell, whatever formatting, formulas or rich text the cells carry. */
export async function readWorkbook(path: string): Promise<readonly Sheet[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook.worksheets.map((sheet) => {
    const rows: string[][] = [];
    const { columnCount } = sheet; // counted over all rows at every call
    sheet.eachRow({ includeEmpty: true }, (row) => {
      const cells: string[] = [];
      for (let column = 1; column <= columnCount; column += 1) {
        cells.push(textOf(row.getCell(column).value));
      }
      rows.push(cells);
    });
    return { name: sheet.name, rows };
  });
}

function textOf(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object' || value instanceof Date) return String(value);
  if ('richText' in value) return value.richText.map(({ text }) => text).join('');
  if ('text' in value) return value.text;
  if ('result' in value) return textOf(value.result);
  return '';
}
