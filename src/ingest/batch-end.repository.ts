import type pg from 'pg';
import type { JournalService } from '../journal/journal.service.js';
import { Decimal } from '../kernel/decimal.js';
import { fen, toYuan } from '../kernel/money.js';
import type { BatchCounts } from './batch.js';
import type { StreamConfig } from './institution-config.js';
import type { BatchKey } from './landing/batch.repository.js';
import type { Verdict } from './read-progress.js';

/** What a stream's owner tolerates in the quarantine before a batch no longer counts as whole. */
export async function withinThreshold(
  client: pg.PoolClient,
  { quarantine }: StreamConfig,
  {
    batchId,
    counts,
    verdict,
  }: { readonly batchId: string; readonly counts: BatchCounts; readonly verdict: Verdict },
): Promise<Verdict> {
  if (quarantine === undefined || verdict.state !== 'complete' || counts.quarantinedRows === 0)
    return verdict;
  const { rows } = await client.query<{ rows: string; fen: string }>(
    `SELECT count(*) AS rows, coalesce(sum(abs(amount_fen)), 0) AS fen FROM quarantine
     WHERE batch_id = $1 AND state IN ('open', 'proposed')`,
    [batchId],
  );
  const waiting = { rows: Number(rows[0]?.rows ?? 0), fen: BigInt(rows[0]?.fen ?? 0) };
  return overThreshold(quarantine, waiting, counts) ?? verdict;
}

function overThreshold(
  { rows, share }: NonNullable<StreamConfig['quarantine']>,
  waiting: { readonly rows: number; readonly fen: bigint },
  counts: BatchCounts,
): Verdict | null {
  const remedy =
    '已落地的部分保留；请处理隔离区（heyi quarantine list）并请来源改正，之后重读该时间窗。';
  if (rows !== undefined && waiting.rows > rows) {
    const message = `待处理的隔离行 ${waiting.rows} 行，超过本数据流上限 ${rows} 行`;
    return { state: 'incomplete', message, remedy };
  }
  if (share === undefined) return null;
  const whole = counts.landedFen + counts.quarantinedFen;
  const most = new Decimal(share).times((whole < 0n ? -whole : whole).toString());
  if (new Decimal(waiting.fen.toString()).lte(most)) return null;
  const message = `待处理的隔离金额 ${toYuan(fen(waiting.fen))} 元，超过本数据流来源金额的 ${share}`;
  return { state: 'incomplete', message, remedy };
}

/**
 * After a whole read of a window or file: what an earlier read of it set aside and this one did not meet again has been put right, or
 * deleted, at the source. Also for rows whose key could not be read.
 */
export async function resolveVanished(
  client: pg.PoolClient,
  { consortium, institution, stream, unit, window }: BatchKey,
  batchId: string,
): Promise<void> {
  await client.query(
    `UPDATE quarantine q SET state = 'resolved', resolved_by_batch = $4, correction_id = NULL
     FROM batch b
     WHERE q.consortium = $1 AND q.institution = $2 AND q.stream = $3 AND q.state IN ('open', 'proposed')
       AND b.batch_id = q.batch_id AND b.batch_id < $4::bigint
       AND (b.unit = $5 OR $5::text IS NULL AND b.unit IS NULL AND b.correction_id IS NULL
            AND b.window_from >= $6 AND b.window_to <= $7)`,
    [consortium, institution, stream, batchId, unit, window.from, window.to],
  );
}

/** The journal keeps what a batch changed of closed months. */
export async function noteAdjustments(
  client: pg.PoolClient,
  journal: JournalService,
  { key, batchId }: { readonly key: BatchKey; readonly batchId: string },
): Promise<void> {
  const { rows } = await client.query<{ count: string; total: string; fund: string }>(
    `SELECT count(*) AS count, coalesce(sum(total_fee_fen), 0) AS total, coalesce(sum(fund_paid_fen), 0) AS fund
     FROM claim_adjustment WHERE consortium = $1 AND batch_id = $2`,
    [key.consortium, batchId],
  );
  const [found] = rows;
  if (found === undefined || found.count === '0') return;
  await journal.append(client, {
    consortium: key.consortium,
    kind: 'batch',
    subject: `adjustment:${batchId}`,
    content: {
      ...{
        institution: key.institution,
        stream: key.stream,
        from: key.window.from,
        to: key.window.to,
      },
      ...{ claims: Number(found.count), totalFee: toYuan(fen(BigInt(found.total))) },
      fundPaid: toYuan(fen(BigInt(found.fund))),
    },
  });
}
