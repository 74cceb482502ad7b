import type pg from 'pg';
import { parseYuan } from '../kernel/money.js';
import type { Deduction } from './decided.repository.js';
import type { Posting } from './postings.js';
import type { FigureReport } from './result.js';

export interface RunKey {
  readonly consortium: string;
  readonly kind: 'month' | 'year';
  readonly period: string;
}

/** What a run was computed from and what came out; equal digests mean an equal run. */
export interface RunDigests {
  readonly inputs: string;
  readonly policy: string;
  readonly knowledge: string;
  readonly result: string;
}

export interface StoredRun {
  readonly runId: string;
  readonly version: number;
  readonly digests: RunDigests;
  readonly closed: boolean;
}

interface RunRow {
  readonly run_id: string;
  readonly version: number;
  readonly inputs_digest: string;
  readonly policy_digest: string;
  readonly knowledge_digest: string;
  readonly result_digest: string;
  readonly closed: boolean;
}

/** Runs of one consortium come one after another. Held until the transaction ends. */
export async function lockSettlement(client: pg.ClientBase, consortium: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [
    `settlement:${consortium}`,
  ]);
}

/** No row lands while a period is being closed: landing takes the same lock shared. Held until the transaction ends. */
export async function lockPeriods(client: pg.ClientBase, consortium: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [
    `period:${consortium}`,
  ]);
  await client.query('SELECT adopt_fresh_partitions($1, NULL)', [consortium]); // lines of a read that was cut off count too
}

export async function currentRun(client: pg.ClientBase, key: RunKey): Promise<StoredRun | null> {
  const { rows } = await client.query<RunRow>(
    `SELECT r.run_id, r.version, r.inputs_digest, r.policy_digest, r.knowledge_digest, r.result_digest,
       r.closed_at IS NOT NULL OR EXISTS (SELECT 1 FROM settlement_period p
         WHERE p.consortium = r.consortium AND p.month = r.period) AS closed
     FROM settlement_run r WHERE consortium = $1 AND kind = $2 AND period = $3 AND current`,
    [key.consortium, key.kind, key.period],
  );
  const [row] = rows;
  return row === undefined ? null : toRun(row);
}

function toRun(row: RunRow): StoredRun {
  return {
    runId: row.run_id,
    version: row.version,
    closed: row.closed,
    digests: {
      inputs: row.inputs_digest,
      policy: row.policy_digest,
      knowledge: row.knowledge_digest,
      result: row.result_digest,
    },
  };
}

/** The number of a run that is about to be computed. */
export async function reserveRun(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ run_id: string }>(
    "SELECT nextval(pg_get_serial_sequence('settlement_run', 'run_id')) AS run_id",
  );
  return rows[0]?.run_id ?? '';
}

export interface NewRun extends RunKey {
  /** From `reserveRun`; its cases are stored already. */
  readonly runId: string;
  readonly region: string;
  readonly version: number;
  readonly digests: RunDigests;
  readonly figures: readonly FigureReport[];
  readonly postings: readonly Posting[];
  readonly deductions: readonly Deduction[];
}

/** Stores a run as the current one of its period; the one before stays, superseded. */
export async function storeRun(client: pg.ClientBase, run: NewRun): Promise<void> {
  const { runId, consortium, kind, period, digests } = run;
  await client.query(
    'UPDATE settlement_run SET current = false WHERE consortium = $1 AND kind = $2 AND period = $3 AND current',
    [consortium, kind, period],
  );
  await client.query(
    `INSERT INTO settlement_run (run_id, consortium, kind, period, version, region, inputs_digest, policy_digest,
       knowledge_digest, result_digest, started_at)
     OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())`,
    [
      runId,
      consortium,
      kind,
      period,
      run.version,
      run.region,
      digests.inputs,
      digests.policy,
      digests.knowledge,
      digests.result,
    ],
  );
  await storeFigures(client, runId, run.figures);
  await storePostings(client, runId, run.postings);
  await storeDeductions(client, runId, run.deductions);
}

async function storeFigures(
  client: pg.ClientBase,
  runId: string,
  figures: readonly FigureReport[],
): Promise<void> {
  const rows = figures.map((figure, index) => {
    const [pool = '', ...key] = figure.id.split('.').slice(2);
    const amount = figure.unit === 'yuan' ? parseYuan(figure.amount) : null;
    return {
      ...{
        figure_id: figure.id,
        position: index + 1,
        pool,
        key: key.join('.'),
        label: figure.label,
      },
      ...{ unit: figure.unit, amount_fen: amount?.toString() ?? null, value: figure.amount },
      ...{ clause: figure.clause, content: figure },
    };
  });
  await client.query(
    `INSERT INTO figure (run_id, figure_id, position, pool, key, label, unit, amount_fen, value, clause, content)
     SELECT $1, f.* FROM jsonb_to_recordset($2::jsonb) AS f(figure_id text, position int, pool text, key text,
       label text, unit text, amount_fen bigint, value text, clause text, content jsonb)`,
    [runId, JSON.stringify(rows)],
  );
}

async function storePostings(
  client: pg.ClientBase,
  runId: string,
  postings: readonly Posting[],
): Promise<void> {
  await client.query(
    `INSERT INTO posting (run_id, voucher, account, pool, amount_fen)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])`,
    [
      runId,
      postings.map(({ voucher }) => voucher),
      postings.map(({ account }) => account),
      postings.map(({ pool }) => pool),
      postings.map(({ amount }) => amount.toString()),
    ],
  );
}

async function storeDeductions(
  client: pg.ClientBase,
  runId: string,
  deductions: readonly Deduction[],
): Promise<void> {
  await client.query(
    `INSERT INTO deduction_taken (run_id, deduction_id, settled_by, pool, amount_fen)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])`,
    [
      runId,
      deductions.map(({ deductionId }) => deductionId),
      deductions.map(({ institution }) => institution),
      deductions.map(({ pool }) => pool),
      deductions.map(({ amount }) => amount.toString()),
    ],
  );
}

/** Closes a settled period. A closed month takes no more rows. False when it was closed already. */
export async function closePeriod(
  client: pg.ClientBase,
  { consortium, kind, period }: RunKey,
  runId: string,
): Promise<boolean> {
  const closed = await client.query(
    'UPDATE settlement_run SET closed_at = now() WHERE run_id = $1 AND closed_at IS NULL',
    [runId],
  );
  if (kind === 'month')
    await client.query(
      `INSERT INTO settlement_period (consortium, month, closed_at, closed_by_run)
       VALUES ($1, $2, now(), $3) ON CONFLICT DO NOTHING`,
      [consortium, period, runId],
    );
  return closed.rowCount === 1;
}
