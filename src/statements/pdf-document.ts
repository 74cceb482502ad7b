import type { Content, ContentTable, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { toReadableYuan } from '../kernel/money.js';
import type { PrintContext } from './printed.js';
import type { AmountTable, AnnexItem, LineTable, Statement } from './statement.js';

/**
 * A statement laid out on A4: what is paid in figures and capitals with the signatures below it, the numbered lines; then on new pages
 * how each figure came about. Every page carries the digest of the content and the journal's head.
 */

const GREY = '#555555';
const RULE = '#888888';
const RED = '#b00020';
const SECTION = 1;
/** A heading that would stand lower on the page than this share of it goes to the next. */
const LOW = 0.86;

export function pdfDocument(statement: Statement, { journal }: PrintContext): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: [50, 50, 50, 62],
    defaultStyle: { font: 'Statement', fontSize: 9.5 },
    styles: {
      title: { fontSize: 16, bold: true, alignment: 'center' },
      section: { fontSize: 11, bold: true, margin: [0, 10, 0, 3] },
      head: { bold: true, fillColor: '#eeeeee' },
      small: { fontSize: 8 },
    },
    pageBreakBefore: ({ headlineLevel, startPosition }) =>
      headlineLevel === SECTION && (startPosition?.verticalRatio ?? 0) > LOW,
    info: { title: `${statement.title} ${statement.fileName}`, author: statement.party.name },
    content: [
      { text: statement.title, style: 'title', margin: [0, 0, 0, 10] },
      ...sampleNotice(statement),
      heading(statement),
      ...amounts(statement),
      ...statement.overview.flatMap(overview),
      ...signatures(statement),
      ...statement.tables.flatMap(lines),
      ...annex(statement),
      ...documents(statement),
    ],
    footer: (page, pages) => ({
      margin: [50, 12, 50, 0],
      fontSize: 7,
      color: GREY,
      columns: [
        {
          width: '*',
          stack: [
            `文档摘要 SHA-256 ${statement.digest}`,
            `存证日志 第 ${journal.seq} 条 ${journal.hash}`,
          ],
        },
        { width: 80, alignment: 'right', text: `第 ${page} 页　共 ${pages} 页`, fontSize: 8 },
      ],
    }),
  };
}

function sampleNotice({ sample }: Statement): readonly Content[] {
  if (!sample) return [];
  const text = '样例：本单有数字引用演示用样例文件（标〔样例〕），不能用于付款';
  return [{ text, color: RED, bold: true, alignment: 'center', margin: [0, 0, 0, 8] }];
}

function heading({ heading: rows }: Statement): Content {
  return {
    layout: 'noBorders',
    table: {
      widths: [56, '*'],
      body: rows.map(([label, text]) => [{ text: label, color: GREY }, text]),
    },
  };
}

function amounts({ amounts: rows }: Statement): readonly Content[] {
  return [
    { text: '金额', style: 'section', headlineLevel: SECTION },
    ruled({
      widths: [188, 84, '*'],
      body: [
        headings(['项目', '金额（元）', '大写'], 1, 2),
        ...rows.map(({ label, amount, capitals, strong = false }) => [
          { text: label, bold: strong },
          { text: toReadableYuan(amount), alignment: 'right' as const, bold: strong },
          { text: `人民币${capitals}`, bold: strong, fontSize: 9 },
        ]),
      ],
    }),
  ];
}

function overview({ title, columns, rows, textColumns }: AmountTable): readonly Content[] {
  const heading = { text: title, style: 'section', headlineLevel: SECTION };
  if (rows.length === 0) return [heading, '本期没有资金往来'];
  return [
    heading,
    ruled({
      widths: columns.map((_, index) => (index < textColumns ? '*' : 105)),
      body: [
        headings(columns, textColumns, columns.length),
        ...rows.map((row) =>
          row.map((text, index) => ({
            text,
            alignment: index < textColumns ? ('left' as const) : ('right' as const),
          })),
        ),
      ],
    }),
  ];
}

function lines({ title, lines: rows }: LineTable): readonly Content[] {
  return [
    { text: title, style: 'section', headlineLevel: SECTION },
    ruled({
      widths: [24, '*', 92, 30, 132],
      body: [
        headings(['序号', '项目', '数值', '单位', '依据'], 2, 3),
        ...rows.map(({ number, label, value, unit, clause, sample }) => [
          { text: String(number), alignment: 'right' as const },
          marked(label, sample),
          { text: value, alignment: 'right' as const },
          unit,
          { text: clause, fontSize: 8 },
        ]),
      ],
    }),
  ];
}

function signatures({ signatures: parties }: Statement): readonly Content[] {
  if (parties.length === 0) return [];
  return [
    {
      unbreakable: true,
      margin: [0, 18, 0, 6],
      columnGap: 24,
      columns: parties.map((party) => ({
        stack: [
          { text: `${party}（盖章）`, margin: [0, 0, 0, 16] },
          ...['经办', '复核', '负责人', '日期'].map((role) => ({
            text: `${role}：____________________`,
            margin: [0, 0, 0, 7] as [number, number, number, number],
          })),
        ],
      })),
    },
  ];
}

function annex({ annex: items }: Statement): readonly Content[] {
  if (items.length === 0) return [];
  return [
    { text: '附件一　各项数字的来源', style: 'section', pageBreak: 'before', fontSize: 13 },
    ...items.map(annexItem),
  ];
}

function annexItem({
  number,
  label,
  value,
  formula,
  clause,
  inputs,
  note,
  sample,
}: AnnexItem): Content {
  return {
    unbreakable: true,
    margin: [0, 4, 0, 6],
    stack: [
      {
        columns: [
          { width: 22, bold: true, text: String(number) },
          { width: '*', ...marked(label, sample) },
          { width: 130, bold: true, alignment: 'right', text: value },
        ],
      },
      { style: 'small', text: `算法：${formula}` },
      { style: 'small', text: `条款：${clause}` },
      ...(inputs.length === 0 ? [] : [inputTable(inputs)]),
      ...(note === null ? [] : [{ style: 'small', text: `说明：${note}` }]),
    ],
  };
}

function inputTable(inputs: AnnexItem['inputs']): Content {
  return {
    style: 'small',
    margin: [12, 2, 0, 0],
    layout: {
      hLineWidth: () => 0.3,
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      paddingTop: () => 1,
      paddingBottom: () => 1,
    },
    table: {
      widths: ['*', 120, 190],
      dontBreakRows: true,
      body: inputs.map(({ label, value, basis }) => [
        label,
        { text: value, alignment: 'right' },
        { text: basis, color: GREY },
      ]),
    },
  };
}

function documents({ documents: cited }: Statement): readonly Content[] {
  if (cited.length === 0) return [];
  return [
    { text: '附件二　依据文件', style: 'section', headlineLevel: SECTION, fontSize: 13 },
    ...cited.map(({ number, title, sample }) => marked(`${number}　${title}`, sample)),
  ];
}

function marked(text: string, sample: boolean): { text: Content[] } {
  return { text: sample ? [text, { text: '〔样例〕', color: RED, noWrap: true }] : [text] };
}

/** Headings of a table; those from `first` to before `end` stand right, over numbers. */
function headings(titles: readonly string[], first: number, end: number): TableCell[] {
  return titles.map((text, index) => ({
    text,
    style: 'head',
    alignment: index >= first && index < end ? ('right' as const) : ('left' as const),
  }));
}

function ruled(table: ContentTable['table']): Content {
  return {
    table: { headerRows: 1, dontBreakRows: true, ...table },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      hLineColor: () => RULE,
      vLineColor: () => RULE,
      paddingTop: () => 2,
      paddingBottom: () => 2,
    },
  };
}
