import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import type { PlannedWork } from './job.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import type { RunPlan } from './plan.js';
import { WorkItemRepository } from './work-item.repository.js';
import { WorkQueue } from './work-queue.service.js';

export type RunState = 'running' | 'complete' | 'incomplete' | 'failed';

export interface RunSummary {
  readonly runId: string;
  readonly consortium: string;
  readonly kind: string;
  readonly subject: string;
  readonly round: number;
  readonly state: RunState;
  readonly items: number;
  readonly done: number;
  readonly failed: number;
}

export interface RunPage {
  readonly before?: string | null;
  readonly limit: number;
}

/** How a run is asked for: `same` resumes what is open or failed; `next` does all of it again; a number sets the round. */
export type Round = 'same' | 'next' | number;

const SUMMARY = `id AS "runId", consortium, kind, subject, round, state, items, done, failed`;

/** Runs: a night, a month's backfill, a year's close. Asking twice for the same run gives the same run. */
@Injectable()
export class RunService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly items: WorkItemRepository,
    private readonly queue: WorkQueue,
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
  ) {}

  /**
   * Writes the run's work and queues it in one transaction.
   *
   * @param also  what else belongs into that transaction
   */
  start(
    plan: RunPlan,
    round: Round = 'same',
    also: (client: pg.PoolClient, runId: string) => Promise<void> = async () => {},
  ): Promise<string> {
    return withTransaction(this.pool, async (client) => {
      const run = await demand(client, plan, round);
      const stages = bounded(plan.stages, this.limits);
      await this.items.plan(client, { ...run, consortium: plan.consortium }, stages);
      await also(client, run.id);
      await this.queue.enqueue(await this.items.openWork(client, run.id));
      return run.id;
    });
  }

  /** Makes the jobs of a run anew: those made before no longer count. */
  async renew(runId: string): Promise<void> {
    const former = await this.items.openWork(this.pool, runId);
    await withTransaction(this.pool, async (client) => {
      await this.queue.enqueue(await this.items.renewEpochs(client, runId));
    });
    for (const work of former) await this.queue.discard(work);
  }

  /** Opens ended work of a run again, in the caller's transaction, and queues it. @returns the run's consortium */
  async reopen(client: pg.PoolClient, runId: string, items: readonly string[]): Promise<string> {
    const consortium = await this.items.reopen(client, runId, items);
    await this.queue.enqueue(await this.items.openWork(client, runId));
    return consortium;
  }

  /** Runs, the youngest first. @param before  only those older than this one */
  async list({ before = null, limit }: RunPage): Promise<readonly RunSummary[]> {
    const { rows } = await this.pool.query<RunSummary>(
      `SELECT ${SUMMARY} FROM work_run_state WHERE $1::bigint IS NULL OR id < $1
        ORDER BY id DESC LIMIT $2`,
      [before, limit],
    );
    return rows;
  }

  async summary(runId: string): Promise<RunSummary | null> {
    const { rows } = await this.pool.query<RunSummary>(
      `SELECT ${SUMMARY} FROM work_run_state WHERE id = $1`,
      [runId],
    );
    return rows[0] ?? null;
  }

  /** Resolves when no work of the run is open. */
  async ended(runId: string, signal: AbortSignal, pollMs = 25): Promise<RunSummary> {
    for (;;) {
      signal.throwIfAborted();
      const { rowCount } = await this.pool.query(
        `SELECT 1 FROM work_item WHERE run_id = $1 AND state IN ('pending', 'running') LIMIT 1`,
        [runId],
      );
      if (rowCount === 0) break;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    const summary = await this.summary(runId);
    if (summary === null) throw new RangeError(`No such run: ${runId}`);
    return summary;
  }
}

/** @throws RangeError when a payload is no longer a reference but the rows themselves */
function bounded(
  stages: RunPlan['stages'],
  { attempts, payloadBytes }: JobLimits,
): readonly (readonly PlannedWork[])[] {
  return stages.map((works) =>
    works.map((work) => {
      if (JSON.stringify(work.payload).length > payloadBytes) {
        throw new RangeError(`Payload of ${work.businessKey} is too big`);
      }
      return { ...work, attempts: Math.min(work.attempts, attempts) };
    }),
  );
}

async function demand(
  client: pg.PoolClient,
  { consortium, kind, subject }: RunPlan,
  round: Round,
): Promise<{ id: string; round: number }> {
  const { rows } = await client.query<{ id: string; round: number }>(
    `INSERT INTO work_run AS r (consortium, kind, subject, round) VALUES ($1, $2, $3, $4)
     ON CONFLICT (consortium, kind, subject)
       DO UPDATE SET round = greatest(r.round + $5::integer, $6::integer), demanded_at = now()
     RETURNING id, round`,
    [
      consortium,
      kind,
      subject,
      typeof round === 'number' ? round : 1,
      round === 'next' ? 1 : 0,
      typeof round === 'number' ? round : 1,
    ],
  );
  const [run] = rows;
  if (run === undefined) throw new RangeError('A run must be written');
  return run;
}
