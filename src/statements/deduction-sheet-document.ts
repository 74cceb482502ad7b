import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { toReadableYuan } from '../kernel/money.js';
import type { DeductionSheet, SheetRow, SheetTotal, Signature } from './deduction-sheet.js';
import { PRINTED_COLUMNS, type PrintedColumn } from './deduction-sheet-columns.js';
import type { PrintContext } from './printed.js';

/**
 * A deduction sheet on A4 across: rows, totals by insurance type in figures and capitals, signatures. Headings repeat on every page;
 * every page carries the digest of the content and the journal's head.
 */

const GREY = '#555555';
const LINE = '#888888';
const MARGIN = 24;

export function deductionSheetDocument(
  sheet: DeductionSheet,
  { journal }: PrintContext,
): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [MARGIN, 28, MARGIN, 44],
    defaultStyle: { font: 'Statement', fontSize: 8 },
    styles: {
      title: { fontSize: 15, bold: true, alignment: 'center', margin: [0, 0, 0, 6] },
      section: { fontSize: 10, bold: true, margin: [0, 8, 0, 3] },
      head: { bold: true, fillColor: '#eeeeee' },
    },
    info: { title: `${sheet.title} ${sheet.fileName}`, author: sheet.party.name },
    content: [
      { text: sheet.title, style: 'title' },
      heading(sheet),
      ...totals('按险种汇总', '险种', sheet.byPool),
      ...(sheet.byUnit.length === 0 ? [] : totals('按成员单位汇总', '成员单位', sheet.byUnit)),
      ...(sheet.byUnit.length === 0 ? [] : [signatures(sheet.signatures)]),
      ...details(sheet),
      ...(sheet.byUnit.length === 0 ? [signatures(sheet.signatures)] : []),
    ],
    footer: (page, pages) => ({
      margin: [MARGIN, 10, MARGIN, 0],
      fontSize: 6.5,
      color: GREY,
      columns: [
        {
          width: '*',
          stack: [
            `文档摘要 SHA-256 ${sheet.digest}`,
            `存证日志 第 ${journal.seq} 条 ${journal.hash}`,
          ],
        },
        { width: 90, alignment: 'right', text: `第 ${page} 页　共 ${pages} 页`, fontSize: 8 },
      ],
    }),
  };
}

function heading({ heading: rows }: DeductionSheet): Content {
  return {
    layout: 'noBorders',
    table: {
      widths: [48, '*'],
      body: rows.map(([label, text]) => [{ text: label, color: GREY }, text]),
    },
  };
}

function details({ rows, byUnit }: DeductionSheet): readonly Content[] {
  const text = '扣款明细';
  const title: Content =
    byUnit.length === 0
      ? { text, style: 'section' }
      : { text, style: 'section', pageBreak: 'before' };
  if (rows.length === 0) return [title, { text: '本月没有审定的扣款。' }];
  return [
    title,
    {
      fontSize: 6,
      table: {
        headerRows: 1,
        dontBreakRows: true,
        widths: PRINTED_COLUMNS.map(({ width }) => width),
        body: [
          PRINTED_COLUMNS.map(({ title: head, amount }) => ({
            ...{ text: head, style: 'head' },
            alignment: amount === true ? ('right' as const) : ('left' as const),
          })),
          ...rows.map((row) => PRINTED_COLUMNS.map((column) => detailCell(row, column))),
        ],
      },
      layout: ruled(1.5),
    },
  ];
}

function detailCell(row: SheetRow, { field, amount, code }: PrintedColumn): Content {
  const text = String(row[field]);
  if (amount === true) return { text, alignment: 'right' };
  return code === true ? { text, wordBreak: 'break-all' } : { text };
}

function totals(title: string, of: string, rows: readonly SheetTotal[]): readonly Content[] {
  const heads = [
    of,
    '扣款人次',
    '冲回',
    '不扣款',
    '疑点金额',
    '扣款',
    '冲回金额',
    '净扣款',
    '大写',
  ];
  return [
    { text: title, style: 'section' },
    {
      table: {
        headerRows: 1,
        dontBreakRows: true,
        widths: ['*', 40, 32, 36, 72, 72, 72, 72, 190],
        body: [
          heads.map((text, index) => ({
            text,
            style: 'head',
            alignment: index > 0 && index < 8 ? ('right' as const) : ('left' as const),
          })),
          ...rows.map((row) => [
            row.label,
            ...[row.times, row.reversals, row.dismissed].map((count) => right(String(count))),
            ...[row.suspected, row.taken, row.givenBack, row.net].map((amount) =>
              right(toReadableYuan(amount)),
            ),
            { text: `人民币${row.capitals}`, fontSize: 7.5 },
          ]),
        ],
      },
      layout: ruled(2),
    },
  ];
}

function right(text: string): Content {
  return { text, alignment: 'right' };
}

function signatures(parties: readonly Signature[]): Content {
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    stack: parties.map(({ party, roles }) => ({
      margin: [0, 0, 0, 10],
      columns: [
        { width: 190, text: `${party}（盖章）` },
        ...roles.map((role) => ({ width: '*', text: `${role}：______________` })),
      ],
    })),
  };
}

/** @param padding  points at each side of a cell */
function ruled(padding: number) {
  return {
    hLineWidth: () => 0.4,
    vLineWidth: () => 0.4,
    hLineColor: () => LINE,
    vLineColor: () => LINE,
    paddingLeft: () => padding,
    paddingRight: () => padding,
    paddingTop: () => 1.5,
    paddingBottom: () => 1.5,
  };
}
