import { BullRegistrar } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { ClockSkewError } from './errors.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import type { QueueProcessor } from './queue.processor.js';

/** Injection token of the processors of all queues. */
export const PROCESSORS = Symbol('PROCESSORS');

/**
 * Starts the workers of this process. When the application shuts down they stop after the job in hand; one that takes too long finds its
 * signal aborted.
 */
@Injectable()
export class WorkerService implements BeforeApplicationShutdown {
  private started: boolean = false;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly registrar: BullRegistrar,
    @Inject(PROCESSORS) private readonly processors: readonly QueueProcessor[],
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
  ) {}

  /** @throws ClockSkewError */
  async start(): Promise<void> {
    await assertClockAgrees(this.pool, { now: () => Date.now(), mostMs: this.limits.clockSkewMs });
    this.registrar.register();
    this.started = true;
  }

  /** The framework closes the workers after this: each takes no new job and waits for the one it has. */
  beforeApplicationShutdown(): void {
    if (!this.started) return;
    const impatient = setTimeout(() => {
      for (const { worker } of this.processors) worker.cancelAllJobs('进程正在停止');
    }, this.limits.shutdownMs);
    impatient.unref();
  }
}

/**
 * The queue's locks are judged by each worker's own clock: one that is far off would steal running jobs.
 *
 * @throws ClockSkewError when this machine and the database disagree about the time
 */
export async function assertClockAgrees(
  pool: pg.Pool,
  { now, mostMs }: { readonly now: () => number; readonly mostMs: number },
): Promise<void> {
  const before = now();
  const { rows } = await pool.query<{ ms: string }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms',
  );
  const after = now();
  const database = Number(rows[0]?.ms);
  const skew = Math.max(before - database, database - after, 0);
  if (skew <= mostMs) return;
  throw new ClockSkewError(`本机时钟与数据库相差 ${Math.round(skew / 1000)} 秒`, { skewMs: skew });
}
