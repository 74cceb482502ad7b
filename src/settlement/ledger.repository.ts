import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { fen, toYuan } from '../kernel/money.js';
import type { RunKind } from './run-key.js';

/** What an account holds over all runs and reversals. Yuan text. */
export interface Balance {
  readonly pool: Pool;
  readonly account: string;
  readonly fund: string;
  readonly in: string;
  readonly out: string;
  readonly balance: string;
}

/** One posting of the ledger (分录). Yuan text. */
export interface LedgerEntry {
  readonly runId: string;
  readonly kind: RunKind;
  readonly period: string;
  readonly version: number;
  readonly voucher: string;
  readonly account: string;
  readonly pool: Pool;
  readonly fund: string;
  readonly amount: string;
  /** The run it takes back; null: a posting of its own. */
  readonly reverses: string | null;
}

export interface LedgerFilter {
  readonly consortium: string;
  /** An account, or the beginning of one up to its colon (`member`, `reserve`). */
  readonly account?: string | undefined;
  /** A month, a year, or a year with all its months. */
  readonly period?: string | undefined;
}

const WHERE = `r.consortium = $1 AND ($2::text IS NULL OR p.account = $2 OR split_part(p.account, ':', 1) = $2)
  AND ($3::text IS NULL OR r.period = $3 OR left(r.period, 4) = $3)`;

/** Balances by pool, account and fund: the sum of every posting ever made. */
export async function readBalances(
  pool: pg.Pool,
  { consortium, account, period }: LedgerFilter,
): Promise<readonly Balance[]> {
  const { rows } = await pool.query<Balance>(
    `SELECT p.pool, p.account, p.fund, coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0), 0)::text AS "in",
       coalesce(-sum(p.amount_fen) FILTER (WHERE p.amount_fen < 0), 0)::text AS out, sum(p.amount_fen)::text AS balance
     FROM posting p JOIN settlement_run r USING (run_id) WHERE ${WHERE}
     GROUP BY p.pool, p.account, p.fund ORDER BY p.pool, p.account COLLATE "C", p.fund COLLATE "C"`,
    [consortium, account ?? null, period ?? null],
  );
  return rows.map((row) => ({
    ...row,
    in: inYuan(row.in),
    out: inYuan(row.out),
    balance: inYuan(row.balance),
  }));
}

/** The postings themselves, oldest run first, reversals where they were made. */
export async function readEntries(
  pool: pg.Pool,
  { consortium, account, period }: LedgerFilter,
): Promise<readonly LedgerEntry[]> {
  const { rows } = await pool.query<LedgerEntry>(
    `SELECT r.run_id AS "runId", r.kind, r.period, r.version, p.voucher, p.account, p.pool, p.fund,
       p.amount_fen::text AS amount, p.reverses
     FROM posting p JOIN settlement_run r USING (run_id) WHERE ${WHERE}
     ORDER BY r.run_id, p.voucher COLLATE "C", p.amount_fen, p.account COLLATE "C"`,
    [consortium, account ?? null, period ?? null],
  );
  return rows.map((row) => ({ ...row, amount: inYuan(row.amount) }));
}

function inYuan(text: string): string {
  return toYuan(fen(BigInt(text)));
}
