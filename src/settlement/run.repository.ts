import type pg from 'pg';
import { type Deduction, postDeductions, undoDeductions } from './deductions.repository.js';
import type { Facts } from './facts.js';
import { type Packed, pack, unpack } from './packed.js';
import type { PolicySnapshot } from './policy-snapshot.js';
import type { Posting } from './postings.js';
import type { FigureReport } from './result.js';
import type { RunDigests, Standing } from './run-digests.js';
import type { RunKey } from './run-key.js';
import { reversePostings, storeFigures, storePostings } from './run-rows.repository.js';

export interface StoredRun extends Standing {
  readonly runId: string;
  readonly facts: Facts;
  readonly policy: PolicySnapshot;
  /** It only takes another run back; there is nothing settled until the next. */
  readonly takesBack: boolean;
}

interface RunRow {
  readonly run_id: string;
  readonly version: number;
  readonly inputs_digest: string;
  readonly policy_digest: string;
  readonly knowledge_digest: string;
  readonly result_digest: string;
  readonly closed: boolean;
  readonly facts: Packed;
  readonly policy: PolicySnapshot;
  readonly reverses: string | null;
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
       r.facts, r.policy, r.reverses, r.closed_at IS NOT NULL OR r.reverses IS NULL AND r.kind = 'month' AND EXISTS (
         SELECT FROM settlement_period p WHERE p.consortium = r.consortium AND p.month = r.period) AS closed
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
    facts: unpack<Facts>(row.facts),
    policy: row.policy,
    takesBack: row.reverses !== null,
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
  readonly facts: Facts;
  readonly policy: PolicySnapshot;
  readonly figures: readonly FigureReport[];
  readonly postings: readonly Posting[];
  readonly deductions: readonly Deduction[];
  /** The run that was current until now. */
  readonly before: Pick<StoredRun, 'runId'> | null;
  /** It only takes the run before back, for a reason. */
  readonly reversal?: { readonly reason: string };
}

/** Stores a run as the current one of its period; the one before stays, superseded, and what it posted is taken back. */
export async function storeRun(client: pg.ClientBase, run: NewRun): Promise<void> {
  const { runId, consortium, kind, period, digests, before } = run;
  await client.query(
    'UPDATE settlement_run SET current = false WHERE consortium = $1 AND kind = $2 AND period = $3 AND current',
    [consortium, kind, period],
  );
  await client.query(
    `INSERT INTO settlement_run (run_id, consortium, kind, period, version, region, inputs_digest, policy_digest,
       knowledge_digest, result_digest, facts, policy, reverses, reason, started_at)
     OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, now())`,
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
      JSON.stringify(pack(run.facts)),
      JSON.stringify(run.policy),
      run.reversal === undefined ? null : before?.runId,
      run.reversal?.reason ?? null,
    ],
  );
  if (before !== null) {
    await reversePostings(client, { by: runId, of: before.runId });
    await undoDeductions(client, run, before.runId);
  }
  await storeFigures(client, runId, run.figures);
  await storePostings(client, runId, run.postings);
  await postDeductions(client, run, run.deductions);
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
