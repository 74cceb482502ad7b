import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { fen } from '../kernel/money.js';
import type { FigureReport } from '../settlement/result.js';
import type { ClaimQuestion } from '../settlement/scoped-claims.js';
import {
  bookedExpression,
  OF_PERIODS,
  SCOPED_CLAIMS,
  scopeValues,
} from '../settlement/scoped-claims.js';
import type { RunChoice } from './run-choice.js';
import type { StatedFigure, StatedPosting, StatedRun } from './source.js';

export interface RunQuestion {
  readonly consortium: string;
  readonly timezone: string;
  readonly choice: RunChoice;
}

const RUN = `
  SELECT r.run_id AS "runId", r.kind, r.period, r.version, r.current, r.region,
    r.closed_at IS NOT NULL OR EXISTS (SELECT 1 FROM settlement_period p
      WHERE p.consortium = r.consortium AND p.month = r.period AND r.kind = 'month') AS closed,
    (r.started_at AT TIME ZONE $2)::date AS day, r.result_digest AS "resultDigest"
  FROM settlement_run r WHERE r.consortium = $1 AND `;

/** Null when there is no such run. */
export async function readRun(
  client: pg.Pool | pg.ClientBase,
  { consortium, timezone, choice }: RunQuestion,
): Promise<StatedRun | null> {
  const { rows } =
    'runId' in choice
      ? await client.query<StatedRun>(`${RUN} r.run_id = $3`, [consortium, timezone, choice.runId])
      : await client.query<StatedRun>(`${RUN} r.kind = $3 AND r.period = $4 AND r.current`, [
          ...[consortium, timezone],
          ...[choice.kind, choice.period],
        ]);
  return rows[0] ?? null;
}

export async function readFigures(
  client: pg.Pool | pg.ClientBase,
  runId: string,
): Promise<readonly StatedFigure[]> {
  const { rows } = await client.query<{ pool: Pool; key: string; report: FigureReport }>(
    'SELECT pool, key, content AS report FROM figure WHERE run_id = $1 ORDER BY position',
    [runId],
  );
  return rows;
}

export async function readPostings(
  pool: pg.Pool,
  runId: string,
): Promise<readonly StatedPosting[]> {
  const { rows } = await pool.query<Omit<StatedPosting, 'amount'> & { readonly amount: string }>(
    `SELECT voucher, account, pool, sum(amount_fen) AS amount FROM posting WHERE run_id = $1 AND reverses IS NULL
     GROUP BY voucher, account, pool ORDER BY account COLLATE "C", pool, voucher COLLATE "C"`,
    [runId],
  );
  return rows.map((row) => ({ ...row, amount: fen(BigInt(row.amount)) }));
}

export interface ClinicRow {
  readonly pool: Pool;
  readonly bucket: string;
  readonly claims: number;
  readonly amountFen: string;
}

/** What a clinic booked in the period, by pool and category; claims outside the scope are left out. */
export async function readClinicRows(
  pool: pg.Pool,
  question: ClaimQuestion,
  institution: string,
): Promise<readonly ClinicRow[]> {
  const { rows } = await pool.query<ClinicRow & { readonly claims: string }>(
    `SELECT c.pool, s.bucket, count(*) AS claims, sum(${bookedExpression(question.funds)}) AS "amountFen"
     FROM ${SCOPED_CLAIMS}
     WHERE ${OF_PERIODS} AND c.institution = $10 AND s.bucket <> 'excluded'
     GROUP BY c.pool, s.bucket ORDER BY c.pool, s.bucket COLLATE "C"`,
    [...scopeValues(question), institution],
  );
  return rows.map((row) => ({ ...row, claims: Number(row.claims) }));
}
