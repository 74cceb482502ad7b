import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { type Fen, fen } from '../kernel/money.js';
import { monthsOf } from '../kernel/period.js';
import type { RunKey } from './run-key.js';

/** What a run takes of a confirmed deduction; negative where an earlier one is given back. */
export interface Deduction {
  readonly deductionId: string;
  readonly institution: string;
  readonly pool: Pool;
  readonly amount: Fen;
}

interface Row {
  readonly id: string;
  readonly settled_by: string;
  readonly pool: Pool;
  readonly amount: string;
}

/**
 * Confirmed deductions as far as no other run has taken them, each fen once. Those of the period, and those of earlier closed periods
 * that were confirmed too late for them. A deduction that fell away after it was taken (its claim was booked anew or taken back by
 * the end of the period: the new booking is audited for itself), or that review took back, is given back by the next run of any kind.
 *
 * @param own  the run that stands for the period now: what it took is free again
 */
export async function readDeductions(
  client: pg.ClientBase,
  { consortium, kind, period }: RunKey,
  own: string | null,
): Promise<readonly Deduction[]> {
  const yearly = kind === 'year';
  const months = yearly ? monthsOf(period) : [period];
  const { rows } = await client.query<Row>(
    `SELECT id, settled_by, pool, (due - taken)::text AS amount FROM (
       SELECT d.deduction_id AS id, d.settled_by, d.pool,
         CASE WHEN EXISTS (
           SELECT FROM finding_claim f JOIN claim r ON r.consortium = f.consortium AND r.institution = f.institution
             AND r.settled_on = f.settled_on AND r.reverses = f.claim_no
           WHERE f.consortium = d.consortium AND f.month = d.month AND f.finding_id = d.finding_id AND f.role = 'violating'
             AND r.period <= $3) OR EXISTS (
           SELECT FROM deduction_reversal v WHERE v.consortium = d.consortium AND v.deduction_id = d.deduction_id)
           THEN 0 ELSE d.amount_fen END AS due,
         d.posted_monthly_fen + d.posted_annual_fen - coalesce(t.amount_fen, 0) AS taken
       FROM deduction d LEFT JOIN deduction_taken t ON t.run_id = $4 AND t.deduction_id = d.deduction_id
       WHERE d.consortium = $1 AND (d.month = ANY($2::text[]) OR d.month < $5 AND EXISTS (
         SELECT FROM settlement_run c WHERE c.consortium = $1 AND c.current AND c.closed_at IS NOT NULL
           AND c.kind = $6 AND c.period = left(d.month, $7)))
     ) open WHERE due <> taken ORDER BY id COLLATE "C"`,
    [
      ...[consortium, months, months.at(-1), own, months[0]],
      ...(yearly ? ['year', 4] : ['month', 7]),
    ],
  );
  return rows.map(({ id, settled_by, pool, amount }) => ({
    deductionId: id,
    institution: settled_by,
    pool,
    amount: fen(BigInt(amount)),
  }));
}

/** What a stored run took. */
export async function takenDeductions(
  client: pg.ClientBase,
  runId: string,
): Promise<readonly Deduction[]> {
  const { rows } = await client.query<Row>(
    `SELECT deduction_id AS id, settled_by, pool, amount_fen::text AS amount FROM deduction_taken
     WHERE run_id = $1 ORDER BY deduction_id COLLATE "C"`,
    [runId],
  );
  return rows.map(({ id, settled_by, pool, amount }) => ({
    deductionId: id,
    institution: settled_by,
    pool,
    amount: fen(BigInt(amount)),
  }));
}

type Target = Pick<RunKey, 'consortium' | 'kind'> & { readonly runId: string };

/** Books what a run takes, with the run and with the deductions themselves. */
export async function postDeductions(
  client: pg.ClientBase,
  run: Target,
  deductions: readonly Deduction[],
): Promise<void> {
  await client.query(
    `INSERT INTO deduction_taken (run_id, deduction_id, settled_by, pool, amount_fen)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])`,
    [
      run.runId,
      deductions.map(({ deductionId }) => deductionId),
      deductions.map(({ institution }) => institution),
      deductions.map(({ pool }) => pool),
      deductions.map(({ amount }) => amount.toString()),
    ],
  );
  await move(client, run, 1);
}

/** Frees what a superseded run had taken. */
export async function undoDeductions(
  client: pg.ClientBase,
  run: Target,
  before: string,
): Promise<void> {
  await move(client, { ...run, runId: before }, -1);
}

/** Adds to what was posted monthly or annually, or takes it off; where that side has too little, the other gives it. */
async function move(client: pg.ClientBase, run: Target, sign: 1 | -1): Promise<void> {
  const [own, other] =
    run.kind === 'year'
      ? ['posted_annual_fen', 'posted_monthly_fen']
      : ['posted_monthly_fen', 'posted_annual_fen'];
  await client.query(
    `UPDATE deduction d SET ${own} = greatest(0, d.${own} + $3 * t.amount_fen),
       ${other} = d.${other} + least(0, d.${own} + $3 * t.amount_fen)
     FROM deduction_taken t WHERE t.run_id = $2 AND d.consortium = $1 AND d.deduction_id = t.deduction_id`,
    [run.consortium, run.runId, sign],
  );
}
