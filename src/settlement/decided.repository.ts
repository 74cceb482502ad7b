import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { type Fen, fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { RunKey, RunKind } from './run-key.js';

/** An amount that the ledger holds of earlier runs: the group's (`institution` null) or a member's. */
export interface LedgerAmount {
  readonly pool: Pool;
  readonly institution: string | null;
  readonly amount: Fen;
}

/** What earlier runs paid. */
export interface SettledPayment extends LedgerAmount {
  readonly kind: RunKind;
  readonly period: string;
}

/** Which runs a question is about. */
export interface RunQuestion {
  readonly kinds: readonly RunKind[];
  readonly periods: readonly string[];
}

interface Row {
  readonly kind: RunKind;
  readonly period: string;
  readonly pool: Pool;
  readonly institution: string | null;
  readonly amount: string;
}

/**
 * What the current runs of some periods paid: to the lead by the agency; of a member, what its figures took from the lead, whether
 * passed on or held back.
 */
export async function readPayments(
  client: pg.ClientBase,
  consortium: string,
  { kinds, periods }: RunQuestion,
): Promise<readonly SettledPayment[]> {
  const { rows } = await client.query<Row>(
    `SELECT r.kind, r.period, f.pool, ${MEMBER} AS institution,
       sum(CASE ${TO} WHEN 'agency' THEN -f.amount_fen ELSE f.amount_fen END)::text AS amount
     FROM settlement_run r JOIN figure f USING (run_id)
     WHERE r.consortium = $1 AND r.kind = ANY($2::text[]) AND r.period = ANY($3::text[]) AND r.current
       AND f.content ? 'booking' AND CASE WHEN f.key LIKE 'member.%'
         THEN ${FROM} = 'lead' AND ${TO} NOT LIKE 'receivable%'
         ELSE (${FROM}, ${TO}) IN (('agency', 'lead'), ('lead', 'agency')) END
     GROUP BY r.kind, r.period, f.pool, ${MEMBER}
     ORDER BY r.period, r.kind, f.pool, ${MEMBER} COLLATE "C" NULLS FIRST`,
    [consortium, kinds, periods],
  );
  return rows.map(({ amount, ...row }) => ({ ...row, amount: fen(BigInt(amount)) }));
}

const FROM = `(f.content -> 'booking' ->> 'from')`;
const TO = `(f.content -> 'booking' ->> 'to')`;
const MEMBER = `substring(f.key FROM '^member\\.([^.]+)\\.')`;

/** Of runs named as `month 2024-03`, those that stand. */
export async function settledRuns(
  client: pg.ClientBase,
  consortium: string,
  runs: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ run: string }>(
    `SELECT kind || ' ' || period AS run FROM settlement_run
     WHERE consortium = $1 AND kind || ' ' || period = ANY($2::text[]) AND current AND reverses IS NULL`,
    [consortium, runs],
  );
  return new Set(rows.map(({ run }) => run));
}

/** What the lead held back of a month: of each member, and in all; null for the pool where the month held nothing back. */
export async function readHeld(
  client: pg.ClientBase,
  consortium: string,
  month: Month,
): Promise<readonly LedgerAmount[]> {
  const { rows } = await client.query<Row>(
    `SELECT f.pool, ${MEMBER} AS institution, sum(f.amount_fen)::text AS amount
     FROM settlement_run r JOIN figure f USING (run_id)
     WHERE r.consortium = $1 AND r.kind = 'month' AND r.period = $2 AND r.current AND ${TO} = 'reserve:holdback'
     GROUP BY f.pool, ${MEMBER} ORDER BY f.pool, ${MEMBER} COLLATE "C" NULLS FIRST`,
    [consortium, month],
  );
  return rows.map(({ pool, institution, amount }) => ({
    ...{ pool, institution },
    amount: fen(BigInt(amount)),
  }));
}

/** What audit deductions the months of a year took: of each pool, and of each member in it. */
export async function readAuditTaken(
  client: pg.ClientBase,
  consortium: string,
  months: readonly Month[],
): Promise<readonly LedgerAmount[]> {
  const { rows } = await client.query<Row>(
    `SELECT t.pool, t.settled_by AS institution, sum(t.amount_fen)::text AS amount
     FROM settlement_run r JOIN deduction_taken t USING (run_id)
     WHERE r.consortium = $1 AND r.kind = 'month' AND r.period = ANY($2::text[]) AND r.current
     GROUP BY GROUPING SETS ((t.pool), (t.pool, t.settled_by))
     ORDER BY t.pool, t.settled_by COLLATE "C" NULLS FIRST`,
    [consortium, months],
  );
  return rows.map(({ pool, institution, amount }) => ({
    ...{ pool, institution },
    amount: fen(BigInt(amount)),
  }));
}

/**
 * What is owed from earlier closed runs and not yet taken off by another: to the agency, and by members to the lead. A run of the same
 * or a later period owes nothing to this one.
 */
export async function readCarried(
  client: pg.ClientBase,
  { consortium, kind, period }: RunKey,
): Promise<readonly LedgerAmount[]> {
  const { rows } = await client.query<Row>(
    `SELECT p.pool, nullif(substring(p.account FROM '^receivable:?(.*)$'), '') AS institution, sum(p.amount_fen)::text AS amount
     FROM settlement_run r JOIN posting p USING (run_id)
     WHERE r.consortium = $1 AND r.current AND p.reverses IS NULL AND p.account ~ '^receivable(:|$)'
       AND NOT (r.kind = $2 AND r.period = $3)
       AND (p.amount_fen < 0 OR r.closed_at IS NOT NULL AND ${rank('r.kind', 'r.period')} < ${rank('$2::text', '$3::text')})
     GROUP BY p.pool, p.account HAVING sum(p.amount_fen) <> 0 ORDER BY p.pool, p.account COLLATE "C"`,
    [consortium, kind, period],
  );
  return rows.map(({ pool, institution, amount }) => ({
    ...{ pool, institution },
    amount: fen(BigInt(amount)),
  }));
}

/** Order of runs in time: the start of a year, its months each with its release, its clearing. */
function rank(kind: string, period: string): string {
  return `(CASE ${kind} WHEN 'start' THEN ${period} || '-00' WHEN 'year' THEN ${period} || '-13' ELSE ${period} END
    || CASE ${kind} WHEN 'release' THEN 'b' ELSE 'a' END) COLLATE "C"`;
}
