import type pg from 'pg';
import type { Stream } from '../fields.js';
import type { DayWindow } from '../windows.js';

/** Institutions a caller may see. */
export type Scope = 'all' | readonly string[];

/** What reading a stretch of a stream again concerns. */
export interface SyncImpact {
  readonly institution: string;
  readonly stream: Stream;
  readonly from: string;
  readonly to: string;
  /** Windows that were read before, and what they brought. */
  readonly windows: number;
  readonly rows: number;
  readonly fen: string;
  /** Days of the stretch that no window covers. */
  readonly unreadDays: number;
  /** Closed months: what changes in them is booked as an adjustment. */
  readonly closedMonths: readonly string[];
  /** By how long the same windows took last time; null: they were never read. */
  readonly estimatedSeconds: number | null;
}

export async function impactOf(
  pool: pg.Pool | pg.PoolClient,
  key: { readonly consortium: string; readonly institution: string; readonly stream: Stream },
  { from, to }: DayWindow,
): Promise<SyncImpact> {
  const { consortium, institution, stream } = key;
  const { rows } = await pool.query<{
    windows: number;
    rows: string;
    fen: string;
    seconds: number | null;
    unread: number;
    closed: string[];
  }>(IMPACT, [consortium, institution, stream, from, to]);
  const [found] = rows;
  return {
    ...{ institution, stream, from, to },
    windows: found?.windows ?? 0,
    rows: Number(found?.rows ?? 0),
    fen: found?.fen ?? '0',
    unreadDays: found?.unread ?? 0,
    closedMonths: found?.closed ?? [],
    estimatedSeconds: found?.seconds ?? null,
  };
}

const IMPACT = `
  WITH concerned AS (
    SELECT * FROM batch_current WHERE consortium = $1 AND institution = $2 AND stream = $3
      AND window_from < $5 AND window_to > $4 AND state <> 'rejected')
  SELECT (SELECT count(*)::int FROM concerned) AS windows,
    (SELECT coalesce(sum(landed_rows + quarantined_rows), 0) FROM concerned) AS rows,
    (SELECT coalesce(sum(landed_fen + quarantined_fen), 0) FROM concerned) AS fen,
    (SELECT ceil(extract(epoch FROM sum(finished_at - started_at)))::int FROM concerned) AS seconds,
    (SELECT count(*)::int FROM generate_series($4::date, $5::date - 1, interval '1 day') AS day
     WHERE NOT EXISTS (SELECT FROM concerned c WHERE c.window_from <= day AND c.window_to > day)) AS unread,
    (SELECT coalesce(array_agg(month ORDER BY month), '{}') FROM settlement_period
     WHERE consortium = $1 AND month >= left($4::date::text, 7) AND month <= left(($5::date - 1)::text, 7)) AS closed`;

/** Sets a stream's bookmark back; its windows from that day on are no longer taken for unchanged. */
export async function rewindBookmark(
  client: pg.PoolClient,
  key: { readonly consortium: string; readonly institution: string; readonly stream: Stream },
  day: string,
): Promise<string | null> {
  const values = [key.consortium, key.institution, key.stream, day];
  const { rows } = await client.query<{ was: string }>(
    `UPDATE stream_bookmark b SET read_to = $4 FROM (
       SELECT read_to AS was FROM stream_bookmark WHERE consortium = $1 AND institution = $2 AND stream = $3 FOR UPDATE) old
     WHERE consortium = $1 AND institution = $2 AND stream = $3 AND read_to > $4::date RETURNING old.was`,
    values,
  );
  if (rows[0] === undefined) return null;
  await client.query(
    `UPDATE batch SET content_digest = NULL
     WHERE consortium = $1 AND institution = $2 AND stream = $3 AND window_to > $4::date AND content_digest IS NOT NULL`,
    values,
  );
  return rows[0].was;
}

/** One change that came to its month too late (红冲、补记), as the month that carries it sees it. */
export interface AdjustmentRow {
  readonly institution: string;
  readonly claimNo: string;
  /** 0: a claim that came late in the first place. */
  readonly adjustment: number;
  readonly reason: 'changed' | 'deleted' | 'late';
  readonly settledOn: string;
  readonly settledBy: string;
  readonly pool: string;
  readonly formerPeriod: string;
  readonly period: string;
  readonly batchId: string;
  readonly totalFeeFen: string;
  readonly pooledFundPaidFen: string;
  readonly criticalIllnessPaidFen: string;
  readonly largeExpensePaidFen: string;
  readonly medicalAidPaidFen: string;
  readonly fundPaidFen: string;
}

export interface SyncListing {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly limit: number;
  readonly offset?: number;
}

const scoped = (institutions: Scope): readonly string[] | null =>
  institutions === 'all' ? null : institutions;

export async function listAdjustments(
  pool: pg.Pool,
  { consortium, institutions, limit, offset = 0, month }: SyncListing & { readonly month: string },
): Promise<readonly AdjustmentRow[]> {
  const { rows } = await pool.query<AdjustmentRow>(
    `SELECT institution, claim_no AS "claimNo", adjustment, reason, settled_on AS "settledOn", settled_by AS "settledBy", pool,
       former_period AS "formerPeriod", period, batch_id AS "batchId", total_fee_fen AS "totalFeeFen",
       pooled_fund_paid_fen AS "pooledFundPaidFen", critical_illness_paid_fen AS "criticalIllnessPaidFen",
       large_expense_paid_fen AS "largeExpensePaidFen", medical_aid_paid_fen AS "medicalAidPaidFen", fund_paid_fen AS "fundPaidFen"
     FROM claim_change WHERE consortium = $1 AND period = $2 AND ($3::text[] IS NULL OR institution = ANY($3))
     ORDER BY institution COLLATE "C", claim_no COLLATE "C", adjustment LIMIT $4 OFFSET $5`,
    [consortium, month, scoped(institutions), limit, offset],
  );
  return rows;
}

export const REFUND_STATES = [
  'full',
  'partial',
  'unpaired',
  'over-refund',
  'other-person',
  'other-pool',
] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** A refund beside the claim it takes back. */
export interface RefundRow {
  readonly institution: string;
  readonly claimNo: string;
  readonly refundOf: string;
  readonly state: RefundState;
  readonly settledOn: string;
  readonly pool: string;
  readonly period: string;
  readonly totalFeeFen: string;
  readonly originalSettledOn: string | null;
  readonly originalPeriod: string | null;
  readonly originalFeeFen: string | null;
  /** Of all refunds of the same original. */
  readonly refundedFen: string;
}

export async function listRefunds(
  pool: pg.Pool,
  {
    consortium,
    institutions,
    limit,
    offset = 0,
    month,
    states = REFUND_STATES,
  }: SyncListing & { readonly month: string; readonly states?: readonly RefundState[] },
): Promise<readonly RefundRow[]> {
  const { rows } = await pool.query<RefundRow>(
    `SELECT institution, claim_no AS "claimNo", refund_of AS "refundOf", state, settled_on AS "settledOn", pool, period,
       total_fee_fen AS "totalFeeFen", original_settled_on AS "originalSettledOn", original_period AS "originalPeriod",
       original_fee_fen AS "originalFeeFen", refunded_fen AS "refundedFen"
     FROM refund_pair WHERE consortium = $1 AND period = $2 AND ($3::text[] IS NULL OR institution = ANY($3)) AND state = ANY($4)
     ORDER BY institution COLLATE "C", claim_no COLLATE "C" LIMIT $5 OFFSET $6`,
    [consortium, month, scoped(institutions), states, limit, offset],
  );
  return rows;
}

/** A row of an open month that its source deleted; what it was is kept. */
export interface WithdrawnRow {
  readonly institution: string;
  readonly stream: string;
  /** Claim number, and line number or sequence. */
  readonly naturalKey: string;
  readonly settledOn: string;
  readonly period: string | null;
  readonly amountFen: string;
  readonly landedBatchId: string;
  readonly batchId: string;
  readonly withdrawnAt: string;
}

export async function listWithdrawn(
  pool: pg.Pool,
  { consortium, institutions, limit, offset = 0, month }: SyncListing & { readonly month: string },
): Promise<readonly WithdrawnRow[]> {
  const { rows } = await pool.query<WithdrawnRow>(
    `SELECT institution, stream, replace(natural_key, E'\\x1f', '/') AS "naturalKey", settled_on AS "settledOn", period,
       amount_fen AS "amountFen", landed_batch_id AS "landedBatchId", batch_id AS "batchId", withdrawn_at AS "withdrawnAt"
     FROM withdrawn_row WHERE consortium = $1 AND left(settled_on::text, 7) = $2 AND ($3::text[] IS NULL OR institution = ANY($3))
     ORDER BY institution COLLATE "C", stream, natural_key COLLATE "C", batch_id LIMIT $4 OFFSET $5`,
    [consortium, month, scoped(institutions), limit, offset],
  );
  return rows;
}
