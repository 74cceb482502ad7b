import type { Difference, DifferenceSummary } from '../audit/replay/compare.js';
import type { Replayed } from '../audit/replay/replay.service.js';
import { type Fen, subtract, toReadableYuan, toYuan } from '../kernel/money.js';
import { csvText } from '../tables/spreadsheet.js';
import { type Column, print, printRows } from './output.js';

/** How a trial run looks on a terminal, in a file and as JSON. */

const KINDS = { new: '新增', lost: '消失', changed: '变化' } as const;

const SUMMARY: readonly Column<DifferenceSummary>[] = [
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '新增', cell: ({ added }) => added, align: 'right' },
  { title: '消失', cell: ({ lost }) => lost, align: 'right' },
  { title: '变化', cell: ({ changed }) => changed, align: 'right' },
  { title: '原金额（元）', cell: ({ beforeFen }) => toReadableYuan(beforeFen), align: 'right' },
  { title: '现金额（元）', cell: ({ afterFen }) => toReadableYuan(afterFen), align: 'right' },
  { title: '增减（元）', cell: (row) => toReadableYuan(changeOf(row)), align: 'right' },
];

const DETAILS: readonly Column<Difference>[] = [
  { title: '差异', cell: ({ kind }) => KINDS[kind] },
  { title: '规则', cell: ({ ruleId }) => ruleId },
  { title: '月份', cell: ({ month }) => month },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算号', cell: ({ claimNo }) => claimNo },
  { title: '原金额（元）', cell: ({ before }) => amountOf(before), align: 'right' },
  { title: '现金额（元）', cell: ({ after }) => amountOf(after), align: 'right' },
  { title: '说明', cell: ({ before, after }) => (after ?? before)?.message },
];

/** Money and counts by rule and member, then the totals; with `details` every difference. */
export function showReplay(
  { before, after, summary, differences, claims, months }: Replayed,
  details: boolean,
): void {
  printRows(summary, SUMMARY, { json: false });
  if (details) {
    print();
    printRows(differences, DETAILS, { json: false });
  }
  print();
  const total = (side: Replayed['before']): string =>
    `${side.findings} 条 ${toReadableYuan(side.amountFen)} 元`;
  print(`${months.join('、')}，${claims} 笔结算：现行 ${total(before)}，候选 ${total(after)}`);
  print('只作比较，没有写入 / compared only, nothing written');
}

export function replayJson({ before, after, summary, differences, ...rest }: Replayed) {
  const side = ({ findings, amountFen }: Replayed['before']) => ({
    findings,
    amount: toYuan(amountFen),
  });
  return {
    ...rest,
    before: side(before),
    after: side(after),
    summary: summary.map(({ beforeFen, afterFen, ...row }) => ({
      ...row,
      before: toYuan(beforeFen),
      after: toYuan(afterFen),
    })),
    differences: differences.map((each) => ({
      ...each,
      before: briefly(each.before),
      after: briefly(each.after),
    })),
  };
}

function briefly(finding: Difference['before']) {
  if (finding === null) return null;
  const { findingId, role, amountFen, money, message } = finding;
  return { findingId, class: finding.class, role, amount: toYuan(amountFen), money, message };
}

function amountOf(finding: Difference['before']): string {
  return finding === null ? '' : toYuan(finding.amountFen);
}

function changeOf({ beforeFen, afterFen }: DifferenceSummary): Fen {
  return subtract(afterFen, beforeFen);
}

/** Every difference, for a spreadsheet. */
export function replayCsv({ differences }: Replayed): string {
  const columns = DETAILS.map(({ title, cell }) => ({
    ...{ title, kind: 'text' as const },
    cell: (each: Difference) => String(cell(each) ?? ''),
  }));
  return csvText(columns, differences);
}
