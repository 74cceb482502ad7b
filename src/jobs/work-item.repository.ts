import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { LeaseLostError } from './errors.js';
import type { JobResult, PlannedWork } from './job.js';

/** The right to carry out one piece of work, valid until somebody else starts it. */
export interface Lease {
  readonly item: string;
  readonly leaseEpoch: number;
  readonly attempts: number;
}

/** A piece of work that has to go (back) into a queue. */
export interface OpenWork {
  readonly item: string;
  readonly runId: string;
  readonly stage: number;
  readonly kind: string;
  readonly queue: string;
  readonly businessKey: string;
  readonly epoch: number;
  readonly mostAttempts: number;
  readonly source: string | null;
}

/** A transient failure, or the last one. */
export interface Failure {
  readonly final: boolean;
  readonly error: { code: string; recovery: string; message: string; remedy: string };
}

const OPEN_WORK = `
  id AS item, run_id AS "runId", stage, kind, queue, business_key AS "businessKey", epoch,
  most_attempts AS "mostAttempts", source`;

/** The table of work. Business state lives here; a queue job only points at it. */
@Injectable()
export class WorkItemRepository {
  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  /** Writes planned work; work of an older round, or failed, is opened again, and with it everything planned after it. */
  async plan(
    client: pg.PoolClient,
    run: { readonly id: string; readonly consortium: string; readonly round: number },
    stages: readonly (readonly PlannedWork[])[],
  ): Promise<void> {
    const rows = stages.flatMap((works, stage) => works.map((work) => ({ ...work, stage })));
    await client.query(PLAN, [run.id, run.consortium, run.round, JSON.stringify(rows)]);
    await client.query(REOPEN_LATER_STAGES, [run.id]);
  }

  /** Work of a run that has not ended, in stage order, with a fresh epoch: jobs made earlier no longer count. */
  async renewEpochs(client: pg.PoolClient, runId: string): Promise<readonly OpenWork[]> {
    const { rows } = await client.query<OpenWork>(
      `UPDATE work_item SET epoch = epoch + 1, queued_at = now(), relay = false
        WHERE run_id = $1 AND state IN ('pending', 'running') RETURNING ${OPEN_WORK}`,
      [runId],
    );
    return inOrder(rows);
  }

  /** Opens ended work again under a fresh epoch. @returns the consortium it belongs to */
  async reopen(client: pg.PoolClient, runId: string, items: readonly string[]): Promise<string> {
    const { rows } = await client.query<{ consortium: string }>(REOPEN, [runId, items]);
    const [first] = rows;
    if (first === undefined) throw new RangeError(`Nothing of run ${runId} to open again`);
    return first.consortium;
  }

  async openWork(client: pg.PoolClient | pg.Pool, runId: string): Promise<readonly OpenWork[]> {
    const { rows } = await client.query<OpenWork>(
      `SELECT ${OPEN_WORK} FROM work_item WHERE run_id = $1 AND state IN ('pending', 'running')`,
      [runId],
    );
    return inOrder(rows);
  }

  /**
   * Work whose turn it has been for a while, so that a queue must be holding a job for it.
   * @param graceSeconds  time for a job to pass from one state into the next
   * @param relayed       whether jobs go through the relay: what still waits for it is not lost
   */
  async overdue(graceSeconds: number, relayed: boolean): Promise<readonly OpenWork[]> {
    const { rows } = await this.pool.query<OpenWork>(
      `SELECT ${OPEN_WORK} FROM work_item AS i
        WHERE state IN ('pending', 'running') AND due_at <= now()
          AND queued_at <= now() - make_interval(secs => $1) AND NOT ($2 AND relay)
          AND NOT EXISTS (
                SELECT 1 FROM work_item e WHERE e.run_id = i.run_id AND e.stage < i.stage
                   AND (e.state IN ('pending', 'running')
                        OR e.finished_at > now() - make_interval(secs => $1)))
        ORDER BY id`,
      [graceSeconds, relayed],
    );
    return rows;
  }

  /** Frees every member's source, where nobody can be reading any more. */
  async clearSeats(): Promise<void> {
    await this.pool.query('DELETE FROM source_lease');
  }

  /** Gives up work that keeps being cut off without ever failing by itself (a process that dies of it). */
  async giveUpCrashing(mostCrashes: number): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ business_key: string }>(
      `UPDATE work_item SET state = 'failed', finished_at = now(), last_error = $2
        WHERE state = 'running' AND attempts > most_attempts + $1 RETURNING business_key`,
      [mostCrashes, JSON.stringify(CRASHING)],
    );
    return rows.map(({ business_key }) => business_key);
  }

  /** Starts work, fencing off whoever held it. Null: not this job's to do (older epoch, already ended, or not its turn yet). */
  async start(
    item: string,
    epoch: number,
  ): Promise<(Lease & { readonly runId: string; readonly payload: unknown }) | null> {
    const { rows } = await this.pool.query(START, [item, epoch]);
    return rows[0] ?? null;
  }

  /** Milliseconds until work of this epoch may start, by the database's clock; null when it never may. */
  async dueInMs(item: string, epoch: number): Promise<number | null> {
    const { rows } = await this.pool.query<{ ms: number }>(
      `SELECT ceil(extract(epoch FROM due_at - clock_timestamp()) * 1000)::float8 AS ms FROM work_item
        WHERE id = $1 AND epoch = $2 AND state IN ('pending', 'running') AND due_at > clock_timestamp()`,
      [item, epoch],
    );
    return rows[0]?.ms ?? null;
  }

  /** Puts started work off, without counting the start as an attempt. */
  async defer({ item, leaseEpoch }: Lease, until: Date, error: Failure['error']): Promise<void> {
    await this.pool.query(
      `UPDATE work_item SET state = 'pending', due_at = $3, attempts = attempts - 1, last_error = $4
        WHERE id = $1 AND lease_epoch = $2 AND state = 'running'`,
      [item, leaseEpoch, until.toISOString(), JSON.stringify(error)],
    );
  }

  /**
   * Locks the lease until the caller's transaction ends.
   *
   * @param flushed  whether that transaction's commit waits for the disk
   * @throws LeaseLostError
   */
  async assertHeld(
    client: pg.PoolClient,
    { item, leaseEpoch }: Lease,
    flushed: boolean,
  ): Promise<void> {
    const { rowCount } = await client.query(
      `SELECT set_config('synchronous_commit', $3, true) FROM work_item
        WHERE id = $1 AND lease_epoch = $2 AND state = 'running' FOR SHARE`,
      [item, leaseEpoch, flushed ? 'on' : 'off'],
    );
    if (rowCount !== 1) throw new LeaseLostError('工作已由另一个进程接手', { item });
  }

  /** @throws LeaseLostError */
  async finish(
    client: pg.Pool | pg.PoolClient,
    { item, leaseEpoch }: Lease,
    result: JobResult,
  ): Promise<void> {
    const { rowCount } = await client.query(
      `UPDATE work_item SET state = 'done', result = $3, last_error = NULL, finished_at = now()
        WHERE id = $1 AND lease_epoch = $2 AND state = 'running'`,
      [item, leaseEpoch, JSON.stringify(result)],
    );
    if (rowCount !== 1) throw new LeaseLostError('工作已由另一个进程接手', { item });
  }

  /** Notes a failure, unless the work has gone to somebody else. */
  async fail({ item, leaseEpoch }: Lease, { final, error }: Failure): Promise<void> {
    await this.pool.query(
      `UPDATE work_item SET state = $3, last_error = $4,
              finished_at = CASE WHEN $3 = 'failed' THEN now() END
        WHERE id = $1 AND lease_epoch = $2 AND state = 'running'`,
      [item, leaseEpoch, final ? 'failed' : 'pending', JSON.stringify(error)],
    );
  }

  /** Work of the same run, in stages before this item's, that failed. */
  async failedBefore(item: string): Promise<readonly { kind: string; businessKey: string }[]> {
    const { rows } = await this.pool.query(
      `SELECT e.kind, e.business_key AS "businessKey" FROM work_item i
         JOIN work_item e ON e.run_id = i.run_id AND e.stage < i.stage
        WHERE i.id = $1 AND e.state = 'failed' ORDER BY e.id`,
      [item],
    );
    return rows;
  }
}

const CRASHING = {
  code: 'jobs.crashing',
  recovery: 'halt',
  message: '多次在执行中被中断',
  remedy: '请查看进程日志和内存，排除原因后重新运行。',
};

function inOrder(rows: OpenWork[]): readonly OpenWork[] {
  return rows.sort((a, b) => a.stage - b.stage || (BigInt(a.item) < BigInt(b.item) ? -1 : 1));
}

const PLAN = `
  INSERT INTO work_item AS i (run_id, consortium, round, stage, kind, queue, business_key, most_attempts, payload, source)
  SELECT $1, $2, $3, w.stage, w.kind, w.queue, w."businessKey", w.attempts, w.payload, w.source
    FROM jsonb_to_recordset($4::jsonb)
      AS w(stage integer, kind text, queue text, "businessKey" text, attempts integer, payload jsonb, source text)
   ORDER BY w.stage
  ON CONFLICT (business_key) DO UPDATE
     SET round = excluded.round, stage = excluded.stage, payload = excluded.payload, source = excluded.source, state = 'pending',
         epoch = i.epoch + 1, lease_epoch = i.lease_epoch + 1, attempts = 0, queued_at = now(),
         due_at = now(), parked_at = NULL, finished_at = NULL, last_error = NULL, result = NULL
   WHERE i.round < excluded.round OR i.state = 'failed'`;

const REOPEN_LATER_STAGES = `
  UPDATE work_item SET state = 'pending', epoch = epoch + 1, attempts = 0, queued_at = now(), due_at = now(),
         finished_at = NULL, last_error = NULL, result = NULL
   WHERE run_id = $1 AND state IN ('done', 'failed') AND stage > (
     SELECT min(stage) FROM work_item WHERE run_id = $1 AND state IN ('pending', 'running'))`;

const REOPEN = `
  UPDATE work_item SET state = 'pending', epoch = epoch + 1, lease_epoch = lease_epoch + 1, attempts = 0,
         queued_at = now(), due_at = now(), parked_at = NULL, finished_at = NULL, last_error = NULL, result = NULL
   WHERE run_id = $1 AND id = ANY($2) AND state IN ('done', 'failed') RETURNING consortium`;

const START = `
  UPDATE work_item AS i
     SET state = 'running', lease_epoch = lease_epoch + 1, attempts = attempts + 1, started_at = now(),
         parked_at = NULL
   WHERE id = $1 AND epoch = $2 AND state IN ('pending', 'running') AND due_at <= clock_timestamp()
     AND NOT EXISTS (SELECT 1 FROM work_item e WHERE e.run_id = i.run_id AND e.stage < i.stage
                        AND e.state IN ('pending', 'running'))
  RETURNING id AS item, lease_epoch AS "leaseEpoch", attempts, run_id AS "runId", payload`;
