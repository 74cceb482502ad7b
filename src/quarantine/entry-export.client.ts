import { writeFile } from 'node:fs/promises';
import type pg from 'pg';
import { fen, toYuan } from '../kernel/money.js';
import { csvText, type SheetColumn } from '../tables/spreadsheet.js';
import { workbookBytes } from '../tables/workbook.client.js';
import type { EntryPageRequest, EntrySummary } from './entry.js';
import { entryPage } from './entry.repository.js';

const PAGE_ROWS = 1_000;

export const ENTRY_SHEET: readonly SheetColumn<EntrySummary>[] = [
  { title: '编号', kind: 'text', cell: ({ quarantineId }) => quarantineId },
  { title: '状态', kind: 'text', cell: ({ state }) => state },
  { title: '机构', kind: 'text', cell: ({ institution }) => institution },
  { title: '数据流', kind: 'text', cell: ({ stream }) => stream },
  { title: '业务键', kind: 'text', cell: ({ naturalKey }) => naturalKey },
  { title: '规则', kind: 'text', cell: ({ rule }) => rule },
  { title: '字段', kind: 'text', cell: ({ field }) => field },
  { title: '金额（元）', kind: 'number', cell: ({ amountFen }) => toYuan(fen(BigInt(amountFen))) },
  { title: '原因', kind: 'text', cell: ({ message }) => message },
  { title: '怎么办', kind: 'text', cell: ({ remedy }) => remedy },
  { title: '批次', kind: 'text', cell: ({ batchId }) => batchId },
  { title: '文件', kind: 'text', cell: ({ unit }) => unit },
  { title: '行', kind: 'number', cell: ({ rawRow }) => rawRow + 1 },
  { title: '首次进入', kind: 'text', cell: ({ firstSeenAt }) => firstSeenAt },
  { title: '等待天数', kind: 'number', cell: ({ ageDays }) => ageDays },
];

/** Everything the filter finds, page by page. */
export async function allEntries(
  pool: pg.Pool,
  request: Omit<EntryPageRequest, 'limit' | 'after'>,
): Promise<readonly EntrySummary[]> {
  const all: EntrySummary[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await entryPage(pool, { ...request, after, limit: PAGE_ROWS });
    all.push(...items);
    after = next ?? undefined;
  } while (after !== undefined);
  return all;
}

/** Writes what the filter finds as .xlsx or .csv, by the name of the file. Returns how many entries that were. */
export async function exportEntries(
  pool: pg.Pool,
  request: Omit<EntryPageRequest, 'limit' | 'after'>,
  file: string,
): Promise<number> {
  const entries = await allEntries(pool, request);
  const content = /\.csv$/i.test(file)
    ? csvText(ENTRY_SHEET, entries)
    : await workbookBytes('隔离区', ENTRY_SHEET, entries);
  await writeFile(file, content);
  return entries.length;
}
