import type pg from 'pg';
import type { RunSummary } from './run.service.js';

export interface WorkRow {
  readonly item: string;
  readonly run: string;
  readonly kind: string;
  readonly key: string;
  readonly state: string;
  readonly attempts: number;
  readonly error: { readonly message: string; readonly remedy: string } | null;
}

export interface Status {
  readonly runs: readonly RunSummary[];
  readonly openWork: number;
  readonly failedWork: number;
  /** Seconds the oldest due work has been waiting; it grows when no process works. */
  readonly oldestDueSeconds: number;
  /** Work that waits to be handed to a queue outside this database. */
  readonly relayWaiting: number;
}

/** What there is to do, newest first; by default only what is open or failed. */
export async function listWork(
  pool: pg.Pool,
  { all = false, limit = 200 }: { readonly all?: boolean; readonly limit?: number } = {},
): Promise<readonly WorkRow[]> {
  const { rows } = await pool.query<WorkRow>(
    `SELECT i.id AS item, r.kind || ' ' || r.subject AS run, i.kind, i.business_key AS key, i.state, i.attempts,
            i.last_error AS error
       FROM work_item i JOIN work_run r ON r.id = i.run_id
      WHERE $1 OR i.state <> 'done' ORDER BY i.id DESC LIMIT $2`,
    [all, limit],
  );
  return rows;
}

export interface WorkDetail extends WorkRow {
  readonly runId: string;
  readonly queue: string;
  readonly stage: number;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Queue jobs made for it, and times it was started. */
  readonly epoch: number;
  readonly starts: number;
  /** UTC instants; null: not yet. */
  readonly dueAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Since when it waits for the source of which member. */
  readonly waitsFor: string | null;
  readonly parkedAt: string | null;
  /** Handed to a queue outside this database; false while that waits. */
  readonly handedOver: boolean;
  readonly result: Readonly<Record<string, unknown>> | null;
  /** Host and process that has it in hand. */
  readonly worker: string | null;
}

/** One piece of work, or null. */
export async function showWork(pool: pg.Pool, item: string): Promise<WorkDetail | null> {
  const { rows } = await pool.query<WorkDetail>(
    `SELECT i.id AS item, r.kind || ' ' || r.subject AS run, r.id AS "runId", i.kind, i.business_key AS key, i.state,
            i.attempts, i.last_error AS error, i.queue, i.stage, i.payload, i.epoch, i.lease_epoch AS starts,
            i.due_at AS "dueAt", i.started_at AS "startedAt", i.finished_at AS "finishedAt",
            CASE WHEN i.parked_at IS NOT NULL THEN i.source END AS "waitsFor", i.parked_at AS "parkedAt",
            NOT i.relay AS "handedOver", i.result,
            (SELECT w.host || ' ' || w.pid FROM worker_process w WHERE i.id = ANY(w.current)
              ORDER BY w.seen_at DESC LIMIT 1) AS worker
       FROM work_item i JOIN work_run r ON r.id = i.run_id WHERE i.id = $1`,
    [item],
  );
  return rows[0] ?? null;
}

/** The latest runs and whether work is getting done. */
export async function readStatus(pool: pg.Pool): Promise<Status> {
  const runs = await pool.query<RunSummary>(
    `SELECT id AS "runId", consortium, kind, subject, round, state, items, done, failed
       FROM work_run_state ORDER BY demanded_at DESC, id DESC LIMIT 12`,
  );
  const work = await pool.query<Omit<Status, 'runs'>>(
    `SELECT (count(*) FILTER (WHERE state IN ('pending', 'running')))::integer AS "openWork",
            (count(*) FILTER (WHERE state = 'failed'))::integer AS "failedWork",
            (count(*) FILTER (WHERE relay))::integer AS "relayWaiting",
            coalesce(max(extract(epoch FROM now() - greatest(due_at, queued_at)))
              FILTER (WHERE state = 'pending'), 0)::integer AS "oldestDueSeconds"
       FROM work_item`,
  );
  return {
    runs: runs.rows,
    ...(work.rows[0] ?? { openWork: 0, failedWork: 0, oldestDueSeconds: 0, relayWaiting: 0 }),
  };
}
