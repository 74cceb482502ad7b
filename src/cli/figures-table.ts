import { toReadableYuan, yuan } from '../kernel/money.js';
import type { Gap } from '../policy/policy.js';
import type { FigureReport, SettlementResult } from '../settlement/result.js';
import { type Column, print, printJson, printRows } from './output.js';

/** How figures and gaps look on a terminal. */

const UNITS: Readonly<Record<FigureReport['unit'], string>> = {
  yuan: '元',
  ratio: '',
  points: '分',
  'yuan-per-point': '元/分',
};

type Numbered = FigureReport & { readonly number: number };

const FIGURE_COLUMNS: readonly Column<Numbered>[] = [
  { title: '序', cell: ({ number }) => number, align: 'right' },
  { title: '项目', cell: ({ label, sample }) => (sample === true ? `${label}〔样例〕` : label) },
  { title: '数值', cell: (figure) => readableAmount(figure), align: 'right' },
  { title: '单位', cell: ({ unit }) => UNITS[unit] },
  { title: '条款', cell: ({ clause }) => clause },
  { title: '编号', cell: ({ id }) => id },
];

const GAP_COLUMNS: readonly Column<Gap>[] = [
  { title: '参数或记录', cell: ({ id }) => id },
  { title: '名称', cell: ({ label }) => label },
  { title: '原因', cell: ({ reason }) => reason },
  { title: '条款', cell: ({ clause }) => clause },
  { title: '登记', cell: ({ rows }) => rows.join('、') },
];

export function readableAmount({ unit, amount }: Pick<FigureReport, 'unit' | 'amount'>): string {
  return unit === 'yuan' ? toReadableYuan(yuan(amount)) : amount;
}

/** Figures numbered with label, amount and clause; below them their notes and the digest. */
export function printResult(result: SettlementResult, json: boolean): void {
  if (json) {
    printJson(result);
    return;
  }
  const numbered = result.figures.map((figure, index) => ({ ...figure, number: index + 1 }));
  printRows(numbered, FIGURE_COLUMNS);
  for (const { number, note } of numbered) if (note !== undefined) print(`注 ${number}：${note}`);
  print(`摘要 digest ${result.digest}`);
  if (result.figures.some(({ sample }) => sample === true))
    print('〔样例〕的数字引用了样例文件，不能用于付款');
}

export function printGaps(gaps: readonly Gap[], json: boolean): void {
  printRows(gaps, GAP_COLUMNS, { json, empty: '没有缺口' });
}
