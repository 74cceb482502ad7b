import ExcelJS from 'exceljs';
import { toYuan } from '../kernel/money.js';
import { guarded } from '../tables/spreadsheet.js';
import type { PrintContext } from './printed.js';
import type { Statement } from './statement.js';

const WIDTHS = [8, 46, 24, 10, 46] as const;
const MONEY = '#,##0.00';
/** Digits that a spreadsheet's number keeps. */
const EXACT_AMOUNT = /^-?\d{1,13}\.\d{2}$/;

/** The same content as the PDF, on two sheets: statement and annex. Amounts are numbers where a spreadsheet keeps them exactly. */
export async function printWorkbook(
  statement: Statement,
  { journal }: PrintContext,
): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const day = new Date(`${statement.runDay}T00:00:00Z`);
  workbook.created = day;
  workbook.modified = day;
  writeStatement(workbook.addWorksheet('结算单', PAGE), statement);
  if (statement.annex.length > 0) writeAnnex(workbook.addWorksheet('数字来源', PAGE), statement);
  for (const sheet of workbook.worksheets) {
    sheet.addRow([]);
    sheet.addRow(['文档摘要', `SHA-256 ${statement.digest}`]);
    sheet.addRow(['存证日志', `第 ${journal.seq} 条 ${journal.hash}`]);
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

const PAGE: Partial<ExcelJS.AddWorksheetOptions> = {
  pageSetup: {
    paperSize: 9,
    orientation: 'portrait',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
  },
  headerFooter: { oddFooter: '第 &P 页　共 &N 页' },
};

function writeStatement(sheet: ExcelJS.Worksheet, statement: Statement): void {
  setWidths(sheet);
  sheet.addRow([statement.title]).font = { bold: true, size: 14 };
  if (statement.sample) sheet.addRow(['样例：引用演示用样例文件，不能用于付款']).font = RED;
  for (const [label, text] of statement.heading) sheet.addRow([label, guarded(text)]);
  section(sheet, '金额', ['', '项目', '金额（元）', '', '大写']);
  for (const { label, amount, capitals } of statement.amounts)
    write(sheet, ['', label, toYuan(amount), '', `人民币${capitals}`]);
  for (const { title, columns, rows } of statement.overview) {
    section(sheet, title, columns);
    for (const row of rows) write(sheet, row);
  }
  for (const { title, lines } of statement.tables) {
    section(sheet, title, ['序号', '项目', '数值', '单位', '依据']);
    for (const { number, label, value, unit, clause, sample } of lines)
      write(sheet, [String(number), marked(label, sample), value, unit, clause]);
  }
  for (const party of statement.signatures)
    for (const line of [`${party}（盖章）`, '经办：', '复核：', '负责人：', '日期：'])
      sheet.addRow(['', line]);
}

function writeAnnex(sheet: ExcelJS.Worksheet, { annex, documents }: Statement): void {
  setWidths(sheet);
  for (const { number, label, value, formula, clause, inputs, note, sample } of annex) {
    write(sheet, [String(number), marked(label, sample), value]).font = { bold: true };
    write(sheet, ['', `算法：${formula}`]);
    write(sheet, ['', `条款：${clause}`]);
    for (const input of inputs) write(sheet, ['', input.label, input.value, '', input.basis]);
    if (note !== null) write(sheet, ['', `说明：${note}`]);
  }
  if (documents.length > 0) section(sheet, '依据文件', []);
  for (const { number, title, sample } of documents)
    write(sheet, ['', marked(title, sample), number]);
}

const RED = { bold: true, color: { argb: 'FFB00020' } } as const;

function marked(text: string, sample: boolean): string {
  return sample ? `${text}〔样例〕` : text;
}

function setWidths(sheet: ExcelJS.Worksheet): void {
  WIDTHS.forEach((width, index) => {
    sheet.getColumn(index + 1).width = width;
  });
}

function section(sheet: ExcelJS.Worksheet, title: string, columns: readonly string[]): void {
  sheet.addRow([]);
  sheet.addRow([title]).font = { bold: true };
  if (columns.length > 0) sheet.addRow([...columns]).font = { bold: true };
}

/** Cells as numbers where they are amounts, as guarded text elsewhere. */
function write(sheet: ExcelJS.Worksheet, cells: readonly string[]): ExcelJS.Row {
  const row = sheet.addRow([]);
  cells.forEach((text, index) => {
    const cell = row.getCell(index + 1);
    const plain = text.replaceAll(',', '');
    if (EXACT_AMOUNT.test(plain)) {
      cell.value = Number(plain);
      cell.numFmt = MONEY;
    } else {
      cell.value = text === '' ? null : guarded(text);
      cell.alignment = { wrapText: true, vertical: 'top' };
    }
  });
  return row;
}
