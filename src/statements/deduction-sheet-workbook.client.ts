import ExcelJS from 'exceljs';
import { toYuan } from '../kernel/money.js';
import { guarded } from '../tables/spreadsheet.js';
import type { DeductionSheet, SheetRow, SheetTotal } from './deduction-sheet.js';
import { type PrintedColumn, WORKBOOK_COLUMNS } from './deduction-sheet-columns.js';
import type { PrintContext } from './printed.js';

const MONEY = '#,##0.00';
/** Digits that a spreadsheet's number keeps. */
const EXACT_AMOUNT = /^-?\d{1,13}\.\d{2}$/;
const BOLD = { bold: true } as const;
const PAGE: Partial<ExcelJS.AddWorksheetOptions> = {
  pageSetup: {
    ...{ paperSize: 9, orientation: 'landscape' },
    ...{ fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  },
  headerFooter: { oddFooter: '第 &P 页　共 &N 页' },
};

/** The same content as the PDF with the amounts of every stage: rows on one sheet, totals and signatures on another. */
export async function printDeductionWorkbook(
  sheet: DeductionSheet,
  { journal }: PrintContext,
): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const day = new Date(`${sheet.month}-01T00:00:00Z`);
  workbook.created = day;
  workbook.modified = day;
  writeTotals(workbook.addWorksheet('汇总', PAGE), sheet);
  writeRows(workbook.addWorksheet('扣款明细', PAGE), sheet);
  for (const each of workbook.worksheets) {
    each.addRow([]);
    each.addRow(['文档摘要', `SHA-256 ${sheet.digest}`]);
    each.addRow(['存证日志', `第 ${journal.seq} 条 ${journal.hash}`]);
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

function writeRows(sheet: ExcelJS.Worksheet, { rows }: DeductionSheet): void {
  sheet.columns = WORKBOOK_COLUMNS.map(({ title, width }) => ({
    header: title,
    width: width === '*' ? 44 : Math.max(8, Math.ceil(width / 2.6)),
  }));
  sheet.getRow(1).font = BOLD;
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
  for (const row of rows) {
    const added = sheet.addRow([]);
    WORKBOOK_COLUMNS.forEach((column, index) => {
      writeCell(added.getCell(index + 1), column, row);
    });
  }
}

function writeCell(
  cell: ExcelJS.Cell,
  { field, amount }: PrintedColumn,
  row: Readonly<SheetRow>,
): void {
  const value = row[field];
  if (amount === true) writeAmount(cell, String(value).replaceAll(',', ''));
  else if (typeof value === 'number') cell.value = value;
  else {
    cell.value = value === '' ? null : guarded(value);
    cell.numFmt = '@';
  }
  cell.alignment = { wrapText: true, vertical: 'top' };
}

function writeAmount(cell: ExcelJS.Cell, plain: string): void {
  if (EXACT_AMOUNT.test(plain)) {
    cell.value = Number(plain);
    cell.numFmt = MONEY;
  } else cell.value = plain === '' ? null : plain;
}

function writeTotals(sheet: ExcelJS.Worksheet, content: DeductionSheet): void {
  [36, 12, 10, 10, 16, 16, 16, 16, 44].forEach((width, index) => {
    sheet.getColumn(index + 1).width = width;
  });
  sheet.addRow([content.title]).font = { bold: true, size: 14 };
  for (const [label, text] of content.heading) sheet.addRow([label, guarded(text)]);
  writeTotalTable(sheet, '按险种汇总', content.byPool);
  if (content.byUnit.length > 0) writeTotalTable(sheet, '按成员单位汇总', content.byUnit);
  sheet.addRow([]);
  for (const { party, roles } of content.signatures) {
    sheet.addRow([`${guarded(party)}（盖章）`]);
    for (const role of roles) sheet.addRow([`${role}：`]);
  }
}

function writeTotalTable(
  sheet: ExcelJS.Worksheet,
  title: string,
  rows: readonly SheetTotal[],
): void {
  sheet.addRow([]);
  sheet.addRow([title]).font = BOLD;
  sheet.addRow([
    ...['', '扣款人次', '冲回', '不扣款', '疑点金额', '扣款', '冲回金额', '净扣款', '大写'],
  ]).font = BOLD;
  for (const { label, times, reversals, dismissed, capitals, ...money } of rows) {
    const added = sheet.addRow([guarded(label), times, reversals, dismissed]);
    [money.suspected, money.taken, money.givenBack, money.net].forEach((amount, index) => {
      writeAmount(added.getCell(index + 5), toYuan(amount));
    });
    added.getCell(9).value = `人民币${capitals}`;
  }
}
