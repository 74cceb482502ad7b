import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { type Fen, fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';

/** A confirmed deduction with what no month has posted yet. */
export interface Deduction {
  readonly deductionId: string;
  readonly institution: string;
  readonly pool: Pool;
  readonly amount: Fen;
}

/**
 * Confirmed deductions of some months, each fen once: what was posted monthly is left out. A deduction on a claim that was booked anew
 * or taken back later falls with that claim: its new booking is audited for itself.
 */
export async function readDeductions(
  client: pg.ClientBase,
  consortium: string,
  months: readonly Month[],
): Promise<readonly Deduction[]> {
  const { rows } = await client.query<{
    id: string;
    settled_by: string;
    pool: Pool;
    amount: string;
  }>(
    `SELECT deduction_id::text AS id, settled_by, pool, amount_fen - posted_monthly_fen AS amount
     FROM deduction d WHERE consortium = $1 AND month = ANY($2::text[]) AND confirmed_at IS NOT NULL AND NOT EXISTS (
       SELECT FROM finding_claim f JOIN claim r ON r.consortium = f.consortium AND r.institution = f.institution
         AND r.settled_on = f.settled_on AND r.reverses = f.claim_no
       WHERE f.consortium = d.consortium AND f.month = d.month AND f.finding_id = d.finding_id AND f.role = 'violating'
         AND r.period = ANY($2::text[]))
     ORDER BY deduction_id::text COLLATE "C"`,
    [consortium, months],
  );
  return rows.map(({ id, settled_by, pool, amount }) => ({
    deductionId: id,
    institution: settled_by,
    pool,
    amount: fen(BigInt(amount)),
  }));
}

/** A prepayment figure of a settled month: the group's (`institution` null) or a member's. */
export interface SettledPrepayment {
  readonly month: Month;
  readonly pool: Pool;
  readonly institution: string | null;
  readonly amount: Fen;
}

/** Prepayments of the current runs of some months. */
export async function readPrepayments(
  client: pg.ClientBase,
  consortium: string,
  months: readonly Month[],
): Promise<readonly SettledPrepayment[]> {
  const { rows } = await client.query<{
    period: string;
    pool: Pool;
    key: string;
    amount_fen: string;
  }>(
    `SELECT r.period, f.pool, f.key, f.amount_fen FROM settlement_run r JOIN figure f USING (run_id)
     WHERE r.consortium = $1 AND r.kind = 'month' AND r.period = ANY($2::text[]) AND r.current
       AND (f.key = 'prepayment' OR f.key LIKE 'member.%.prepayment')
     ORDER BY r.period, f.position`,
    [consortium, months],
  );
  return rows.map(({ period, pool, key, amount_fen }) => ({
    month: period,
    pool,
    institution: /^member\.(.+)\.prepayment$/.exec(key)?.[1] ?? null,
    amount: fen(BigInt(amount_fen)),
  }));
}
