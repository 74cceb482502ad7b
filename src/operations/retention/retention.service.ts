import type pg from 'pg';
import { withTransaction } from '../../database/transaction.repository.js';
import type { Month } from '../../kernel/period.js';
import { quoted } from '../backup/layout.repository.js';
import { noteOperationIn } from '../operation-note.repository.js';
import {
  backupHolding,
  type ClaimMonth,
  dropMonth,
  lockMonth,
  oldClaimMonths,
  whyKept,
} from './claim-months.repository.js';
import {
  countOldRows,
  deleteOldRows,
  ROW_CLASSES,
  type RowClass,
  tablesOf,
} from './old-rows.repository.js';
import { firstKeptMonth, type RetentionPolicy } from './retention-policy.js';

/** One thing that is older than the policy keeps it. */
export type RetentionItem =
  | {
      readonly action: 'drop';
      readonly class: 'canonical';
      readonly month: ClaimMonth;
      /** Why it stays all the same, in Chinese; null when it may go. */
      readonly keptBecause: string | null;
    }
  | {
      readonly action: 'delete';
      readonly class: RowClass;
      readonly before: Month;
      readonly tables: readonly string[];
      readonly rows: string;
    };

const NO_BACKUP = '没有一份备份含有与现在相同的内容，请先运行 heyi backup';
const LOCK_PATIENCE_MS = 5_000;

/** What is older than the policy keeps it, and what would become of it. Changes nothing. */
export async function planRetention(
  pool: pg.Pool,
  policy: RetentionPolicy,
  current: Month,
): Promise<readonly RetentionItem[]> {
  return withTransaction(pool, async (client) => [
    ...(await monthItems(client, firstKeptMonth(current, policy.canonical))),
    ...(await rowItems(client, policy, current)),
  ]);
}

async function monthItems(
  client: pg.PoolClient,
  firstKept: Month | null,
): Promise<readonly RetentionItem[]> {
  if (firstKept === null) return [];
  const items: RetentionItem[] = [];
  for (const month of await oldClaimMonths(client, firstKept)) {
    const held = await backupHolding(client, month);
    const keptBecause = (await whyKept(client, month)) ?? (held === null ? NO_BACKUP : null);
    items.push({ action: 'drop', class: 'canonical', month, keptBecause });
  }
  return items;
}

async function rowItems(
  client: pg.PoolClient,
  policy: RetentionPolicy,
  current: Month,
): Promise<readonly RetentionItem[]> {
  const items: RetentionItem[] = [];
  for (const name of ROW_CLASSES) {
    const before = firstKeptMonth(current, policy[name]);
    if (before === null) continue;
    const rows = await countOldRows(client, name, before);
    if (rows === '0') continue;
    items.push({ action: 'delete', class: name, before, tables: tablesOf(name), rows });
  }
  return items;
}

export interface RetentionOrder {
  readonly consortium: string;
  readonly reason: string;
}

/** Carries out what of a plan may go, piece by piece, each with its entry in the journal. @returns what went */
export async function applyRetention(
  pool: pg.Pool,
  plan: readonly RetentionItem[],
  order: RetentionOrder,
): Promise<readonly RetentionItem[]> {
  const gone: RetentionItem[] = [];
  for (const item of plan) {
    if (await applied(pool, item, order)) gone.push(item);
  }
  for (const table of new Set(
    gone.flatMap((item) => (item.action === 'delete' ? item.tables : [])),
  )) {
    await pool.query(`VACUUM (ANALYZE) ${quoted(table)}`);
  }
  return gone;
}

/** What was planned is looked at once more under a lock: rows may have come since. */
function applied(pool: pg.Pool, item: RetentionItem, order: RetentionOrder): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_PATIENCE_MS}`);
    const content = await carriedOut(client, item);
    if (content === null) return false;
    await noteOperationIn(client, pool, {
      consortium: order.consortium,
      subject: `retention:${item.class}`,
      content: { action: 'retention', reason: order.reason, ...content },
    });
    return true;
  });
}

async function carriedOut(
  client: pg.PoolClient,
  item: RetentionItem,
): Promise<Readonly<Record<string, string>> | null> {
  if (item.action === 'delete') {
    const { before, rows } = item;
    await deleteOldRows(client, item.class, before);
    return { before, rows };
  }
  if (item.keptBecause !== null) return null;
  const { month } = item;
  await lockMonth(client, month);
  const held = await backupHolding(client, month);
  if (held === null || (await whyKept(client, month)) !== null) return null;
  await dropMonth(client, month, held);
  const { bytes, partitions } = month;
  return { month: month.month, bytes, partitions: partitions.join(' '), backup: held };
}
