import type { BatchState } from '../ingest/batch.js';
import type { SyncImpact } from '../ingest/landing/sync.repository.js';
import type { ComparedWindow, ReadBatch } from '../jobs/sync-result.js';
import { fen, toReadableYuan, yuan } from '../kernel/money.js';
import { type Column, print } from './output.js';

/** How the sync commands show what they found. */

const readable = (text: string | null): string => (text === null ? '' : toReadableYuan(yuan(text)));

const right = 'right' as const;
export const COMPARED: readonly Column<ComparedWindow>[] = [
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '时间窗', cell: ({ window }) => `${window.from}/${window.to}` },
  { title: '来源行', cell: ({ source }) => source.rows, align: right },
  { title: '在账行', cell: ({ standing }) => standing.rows, align: right },
  { title: '来源金额', cell: ({ source }) => readable(source.yuan), align: right },
  { title: '在账金额', cell: ({ standing }) => readable(standing.yuan), align: right },
  { title: '不能落地', cell: ({ refusedRows }) => refusedRows, align: right },
  { title: '迟到', cell: ({ late }) => late.rows, align: right },
  { title: '有变动', cell: ({ changed }) => changed.rows, align: right },
  { title: '来源已删', cell: ({ deleted }) => deleted?.rows ?? '无法判断', align: right },
];

export const READ: readonly Column<ReadBatch>[] = [
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '批次', cell: ({ batchId }) => batchId, align: right },
  { title: '状态', cell: ({ state }) => STATES[state] },
  { title: '来源行', cell: ({ sourceRows }) => sourceRows, align: right },
  { title: '新增', cell: ({ newRows }) => newRows, align: right },
  { title: '变更', cell: ({ changedRows }) => changedRows, align: right },
  { title: '未变', cell: ({ sameRows }) => sameRows, align: right },
  { title: '隔离', cell: ({ quarantinedRows }) => quarantinedRows, align: right },
  { title: '撤销', cell: ({ withdrawnRows }) => withdrawnRows, align: right },
  { title: '说明', cell: ({ message, remedy }) => [message, remedy].filter(Boolean).join(' ') },
];

export const STATES: Readonly<Record<BatchState, string>> = {
  complete: '完整',
  incomplete: '不完整',
  empty: '无数据',
  rejected: '拒收',
  duplicate: '重复文件',
};

export const IMPACT: readonly Column<SyncImpact>[] = [
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '起', cell: ({ from }) => from },
  { title: '止', cell: ({ to }) => to },
  { title: '已读时间窗', cell: ({ windows }) => windows, align: right },
  { title: '行', cell: ({ rows }) => rows, align: right },
  { title: '金额', cell: ({ fen: each }) => toReadableYuan(fen(BigInt(each))), align: right },
  { title: '未读天数', cell: ({ unreadDays }) => unreadDays, align: right },
  { title: '涉及已关账月', cell: ({ closedMonths }) => closedMonths.join('、') },
  { title: '预计秒数', cell: ({ estimatedSeconds }) => estimatedSeconds ?? '未知', align: right },
];

export const NO_WINDOWS = '没有可比对的时间窗：投放文件的来源在每次读取时即逐键比对';

export function printKeys({ stream, window, late, changed, deleted }: ComparedWindow): void {
  const kinds = [
    ['迟到', late],
    ['有变动', changed],
    ['来源已删', deleted],
  ] as const;
  for (const [title, listed] of kinds) {
    if (listed === null || listed.rows === 0) continue;
    const more = listed.rows > listed.keys.length ? ` 等 ${listed.rows} 行` : '';
    print(`${stream} ${window.from}/${window.to} ${title}：${listed.keys.join('、')}${more}`);
  }
}
