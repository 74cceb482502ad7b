import type pg from 'pg';
import { type Fen, fen } from '../kernel/money.js';
import { firstDay, type Month, nextMonth } from '../kernel/period.js';
import type {
  AdjustmentFacts,
  BatchFacts,
  QuarantineFacts,
  RefundFacts,
  StandingFacts,
} from './facts.js';

/** The source's side: what its own count said of each read, what landed, what was set aside. Reads belong to the month they begin in. */

type Texts<Name extends string> = Readonly<Record<Name, string>>;

const CURRENT = `
  current AS (
    SELECT * FROM batch_current
    WHERE consortium = $1 AND window_from >= $2::date AND window_from < $3::date),
  counted AS (                            -- a window inside a larger one that was read as well counts once
    SELECT * FROM current one WHERE one.unit IS NOT NULL OR NOT EXISTS (
      SELECT FROM current other WHERE other.unit IS NULL AND other.institution = one.institution
        AND other.stream = one.stream AND other.batch_id <> one.batch_id
        AND other.window_from <= one.window_from AND other.window_to >= one.window_to))`;

export async function readBatches(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly BatchFacts[]> {
  const { rows } = await client.query<
    Texts<
      | 'institution'
      | 'unit'
      | 'state'
      | 'landedRows'
      | 'landed'
      | 'quarantinedRows'
      | 'quarantined'
      | 'repeated'
    > &
      Readonly<Record<'sourceRows' | 'source', string | null>>
  >(
    `WITH ${CURRENT}, corrected AS (        -- a corrected row was set aside by a read and stands in the books
       SELECT institution, 'correction:' || correction_id AS unit, 'complete' AS state, 0::bigint AS source_rows,
         landed_fen - read_fen AS source_fen, 1::bigint AS landed_rows, landed_fen, -1::bigint AS quarantined_rows,
         -read_fen AS quarantined_fen
       FROM correction_current
       WHERE consortium = $1 AND stream = 'claims' AND window_from >= $2::date AND window_from < $3::date)
     SELECT institution, coalesce(unit, window_from || '/' || window_to) AS unit, state, source_rows AS "sourceRows",
       source_fen AS source, landed_rows AS "landedRows", landed_fen AS landed, quarantined_rows AS "quarantinedRows",
       quarantined_fen AS quarantined, repeated_rows AS repeated
     FROM counted WHERE stream = 'claims'
     UNION ALL SELECT institution, unit, state, source_rows, source_fen, landed_rows, landed_fen, quarantined_rows, quarantined_fen, 0
     FROM corrected ORDER BY institution, unit`,
    parameters(consortium, month),
  );
  return rows.map((row) => ({
    ...{ institution: row.institution, unit: row.unit, state: row.state },
    sourceRows: row.sourceRows === null ? null : Number(row.sourceRows),
    sourceFen: row.source === null ? null : fenOf(row.source),
    landedRows: Number(row.landedRows),
    landedFen: fenOf(row.landed),
    quarantinedRows: Number(row.quarantinedRows),
    quarantinedFen: fenOf(row.quarantined),
    repeatedRows: Number(row.repeated),
  }));
}

/** What the month's reads left in the books; a claim belongs to the read that last changed it. */
export async function readStanding(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly StandingFacts[]> {
  const { rows } = await client.query<Texts<'institution' | 'total'> & { readonly claims: number }>(
    `SELECT institution, sum(CASE WHEN reverses IS NULL THEN 1 ELSE -1 END)::int AS claims, sum(total_fee_fen)::text AS total
     FROM claim JOIN batch USING (consortium, institution, batch_id)
     WHERE consortium = $1 AND window_from >= $2::date AND window_from < $3::date
     GROUP BY institution ORDER BY institution`,
    parameters(consortium, month),
  );
  return rows.map(({ institution, claims, total }) => ({
    ...{ institution, claims },
    totalFeeFen: fenOf(total),
  }));
}

export async function readQuarantined(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly QuarantineFacts[]> {
  const { rows } = await client.query<
    Omit<QuarantineFacts, 'amountFen'> & { readonly amount: string }
  >(
    `WITH unit AS (SELECT DISTINCT institution, settled_by FROM claim WHERE consortium = $1)
     SELECT q.institution, (SELECT min(settled_by) FROM unit WHERE unit.institution = q.institution) AS "settledBy",
       q.stream, q.row_hash AS "rowHash", q.rule, q.message, q.amount_fen AS amount, q.natural_key AS "naturalKey"
     FROM quarantine q JOIN batch USING (batch_id)
     WHERE q.consortium = $1 AND q.state IN ('open', 'proposed') AND window_from >= $2::date AND window_from < $3::date
     ORDER BY q.institution, q.stream, q.row_hash`,
    parameters(consortium, month),
  );
  return rows.map(({ amount, ...row }) => ({ ...row, amountFen: fenOf(amount) }));
}

/** What happened to claims of the month after it was closed. */
export async function readAdjusted(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly AdjustmentFacts[]> {
  const { rows } = await client.query<Omit<AdjustmentFacts, 'fundPaidFen'> & Texts<'fund'>>(
    `SELECT institution, settled_by AS "settledBy", claim_no AS "claimNo", adjustment, reason, pool, period, fund_paid_fen AS fund
     FROM claim_adjustment WHERE consortium = $1 AND settled_on >= $2::date AND settled_on < $3::date
     ORDER BY institution, claim_no, adjustment`,
    parameters(consortium, month),
  );
  return rows.map(({ fund, ...row }) => ({ ...row, fundPaidFen: fenOf(fund) }));
}

/** Refunds of the month without an original, beyond it, or of somebody else. */
export async function readMisfitRefunds(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly RefundFacts[]> {
  const { rows } = await client.query<Omit<RefundFacts, 'totalFeeFen'> & Texts<'total'>>(
    `SELECT institution, claim_no AS "claimNo", refund_of AS "refundOf", pool, state, total_fee_fen AS total
     FROM refund_pair WHERE consortium = $1 AND settled_on >= $2::date AND settled_on < $3::date AND state NOT IN ('full', 'partial')
     ORDER BY institution, claim_no`,
    parameters(consortium, month),
  );
  return rows.map(({ total, ...row }) => ({ ...row, totalFeeFen: fenOf(total) }));
}

function parameters(consortium: string, month: Month): string[] {
  return [consortium, firstDay(month), firstDay(nextMonth(month))];
}

function fenOf(text: string): Fen {
  return fen(BigInt(text));
}
