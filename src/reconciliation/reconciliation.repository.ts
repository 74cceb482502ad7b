import type pg from 'pg';
import { canonicalJson } from '../kernel/hash.js';
import type { Month } from '../kernel/period.js';
import { DIFFERENCE_KINDS, type Difference, type DifferenceOwner } from './difference.js';
import type { Reconciliation } from './reconcile.js';

/** A difference as it stands: since when, and whether it still lasts. Amounts in fen as text. */
export interface DifferenceView {
  readonly differenceId: string;
  readonly month: Month;
  readonly kind: Difference['kind'];
  readonly between: Difference['between'];
  readonly owner: DifferenceOwner;
  readonly institution: string;
  readonly pool: string | null;
  readonly claimNo: string | null;
  readonly amountFen: string;
  readonly evidence: Readonly<Record<string, string>>;
  readonly firstSeenAt: string;
  readonly ageDays: number;
}

/** The digest of the month's last run, or null. */
export async function lastDigest(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<string | null> {
  const { rows } = await client.query<{ digest: string }>(
    `SELECT result_digest AS digest FROM reconciliation_run WHERE consortium = $1 AND month = $2
     ORDER BY run_id DESC LIMIT 1`,
    [consortium, month],
  );
  return rows[0]?.digest ?? null;
}

/** Writes the run and brings the differences up to date: new ones begin, gone ones are cleared, returning ones begin anew. */
export async function saveRun(
  client: pg.PoolClient,
  scope: { readonly consortium: string; readonly month: Month },
  result: Reconciliation,
): Promise<void> {
  const { consortium, month } = scope;
  await client.query(
    `INSERT INTO reconciliation_run (consortium, month, state, source_totals, agency_totals, differences, result_digest)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[consortium, month, result.state],
      canonicalJson(result.sourceTotals.map((each) => ({ ...each }))),
      canonicalJson(result.agencyTotals.map((each) => ({ ...each }))),
      ...[result.differences.length, result.digest],
    ],
  );
  const rows = result.differences.map((each) => ({
    ...each,
    owner: DIFFERENCE_KINDS[each.kind].owner,
  }));
  await client.query(UPSERT, [consortium, month, canonicalJson(rows)]);
  await client.query(CLEAR, [consortium, month, rows.map(({ key }) => key)]);
}

const UPSERT = `
  INSERT INTO reconciliation_difference AS known (consortium, month, difference_key, kind, between_sides, owner, institution,
    pool, claim_no, amount_fen, evidence)
  SELECT $1, $2, key, kind, "between", owner, institution, pool, "claimNo", "amountFen", evidence
  FROM jsonb_to_recordset($3::jsonb) AS entry(key text, kind text, "between" text, owner text, institution text, pool text,
    "claimNo" text, "amountFen" bigint, evidence jsonb)
  ON CONFLICT (consortium, month, difference_key) DO UPDATE SET kind = excluded.kind, owner = excluded.owner,
    pool = excluded.pool, amount_fen = excluded.amount_fen, evidence = excluded.evidence, cleared_at = NULL,
    first_seen_at = CASE WHEN known.cleared_at IS NULL THEN known.first_seen_at ELSE excluded.first_seen_at END`;

const CLEAR = `
  UPDATE reconciliation_difference SET cleared_at = now()
  WHERE consortium = $1 AND month = $2 AND cleared_at IS NULL AND NOT difference_key = ANY($3::text[])`;

const MOST_DIFFERENCES = 10_000;

/** Differences that last, oldest first; at most 10,000. */
export async function openDifferences(
  pool: pg.Pool,
  { consortium, month }: { readonly consortium: string; readonly month?: Month },
): Promise<readonly DifferenceView[]> {
  const { rows } = await pool.query<DifferenceView>(
    `SELECT difference_id AS "differenceId", month, kind, between_sides AS "between", owner, institution, pool,
       claim_no AS "claimNo", amount_fen AS "amountFen", evidence, first_seen_at AS "firstSeenAt",
       extract(day FROM now() - first_seen_at)::int AS "ageDays"
     FROM reconciliation_difference
     WHERE consortium = $1 AND cleared_at IS NULL AND ($2::text IS NULL OR month = $2)
     ORDER BY first_seen_at, month, difference_key LIMIT ${MOST_DIFFERENCES}`,
    [consortium, month ?? null],
  );
  return rows;
}
