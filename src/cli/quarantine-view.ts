import { fen, toReadableYuan } from '../kernel/money.js';
import type { EntryState } from '../quarantine/entry.js';
import type { AccountOfStream, EntryDetail } from '../quarantine/quarantine.service.js';
import { type Column, print, printRows } from './output.js';

export const STATE_NAMES: Readonly<Record<EntryState, string>> = {
  open: '待处理',
  proposed: '待复核',
  resolved: '已解决',
  dismissed: '已排除',
};

export const yuanOf = (amountFen: string): string => toReadableYuan(fen(BigInt(amountFen)));

type Part = 'open' | 'proposed' | 'dismissed' | 'corrected' | 'resolved' | 'repeated';
const part = (title: string, name: Part): Column<AccountOfStream> => ({
  title,
  cell: ({ [name]: { rows, fen: amountFen } }) =>
    rows === '0' ? '' : `${rows} / ${yuanOf(amountFen)}`,
  align: 'right',
});

/** Rows / yuan. */
export const ACCOUNT_COLUMNS: readonly Column<AccountOfStream>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '数据流', cell: ({ stream }) => stream },
  {
    title: '来源（行 / 元）',
    cell: ({ source }) =>
      `${source.rows ?? '？'} / ${source.fen === null ? '？' : yuanOf(source.fen)}`,
    align: 'right',
  },
  { title: '落地', cell: ({ landed }) => `${landed.rows} / ${yuanOf(landed.fen)}`, align: 'right' },
  {
    title: '隔离',
    cell: ({ quarantined }) => `${quarantined.rows} / ${yuanOf(quarantined.fen)}`,
    align: 'right',
  },
  part('待处理', 'open'),
  part('待复核', 'proposed'),
  part('已更正', 'corrected'),
  part('已排除', 'dismissed'),
  part('来源已改', 'resolved'),
  part('重复', 'repeated'),
  { title: '容忍', cell: ({ threshold }) => thresholdText(threshold) },
];

function thresholdText(threshold: AccountOfStream['threshold']): string {
  const { rows, share } = threshold ?? {};
  return [rows === undefined ? '' : `${rows} 行`, share === undefined ? '' : `金额 ${share}`]
    .filter((text) => text !== '')
    .join('，');
}

/** One entry, its cells, and what people decided about it. */
export function printDetail({ entry, cells, decisions }: EntryDetail): void {
  print(
    `${entry.quarantineId}  ${STATE_NAMES[entry.state]}  ${entry.institution} ${entry.stream}  ${yuanOf(entry.amountFen)} 元`,
  );
  print(`原因  ${entry.message}`);
  print(`办法  ${entry.remedy}`);
  print(
    `来自  批次 ${entry.batchId} 第 ${entry.rawRow + 1} 行${entry.unit === null ? '' : `，文件 ${entry.unit}`}`,
  );
  if (cells === null) print('原始行已不保存');
  else {
    printRows(cells, [
      { title: '列', cell: ({ column }) => column },
      { title: '值', cell: ({ text }) => text },
    ]);
  }
  for (const each of decisions) {
    const what =
      each.cells === null ? `排除（${each.cause}）` : `更正 ${JSON.stringify(each.cells)}`;
    print(`${each.proposedAt}  ${each.proposedBy} 提议${what}：${each.reason}`);
    const decided = each.decidedBy === null ? '' : `（${each.decidedBy} ${each.decidedAt ?? ''}）`;
    print(`  ${DECISION_NAMES[each.state]}${decided} ${each.decidedReason ?? ''}`);
  }
}

const DECISION_NAMES = {
  proposed: '待复核',
  approved: '已同意',
  rejected: '已退回',
  withdrawn: '已撤回',
  lapsed: '已失效：来源已自行改正',
} as const;
