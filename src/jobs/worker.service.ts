import { BullRegistrar } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { ClockSkewError } from './errors.js';
import { QUEUE_PROCESSORS } from './queue.processor.js';

/** The queue's locks are judged by each worker's own clock: one that is further off than this would steal running jobs. */
const MOST_SKEW_MS = 2_000;

/** How long the jobs in hand may go on when the process is asked to stop; then their signal is aborted. */
const PATIENCE_MS = 10_000;

/** Starts the workers of this process. They stop, after the job in hand, when the application shuts down. */
@Injectable()
export class WorkerService implements BeforeApplicationShutdown {
  private started: boolean = false;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly registrar: BullRegistrar,
    private readonly modules: ModuleRef,
  ) {}

  /** @throws ClockSkewError */
  async start(): Promise<void> {
    await assertClockAgrees(this.pool, () => Date.now());
    this.registrar.register();
    this.started = true;
  }

  /** The framework closes the workers after this: each takes no new job and waits for the one it has. */
  beforeApplicationShutdown(): void {
    if (!this.started) return;
    const impatient = setTimeout(() => {
      for (const processor of QUEUE_PROCESSORS) {
        this.modules.get(processor).worker.cancelAllJobs('进程正在停止');
      }
    }, PATIENCE_MS);
    impatient.unref();
  }
}

/** @throws ClockSkewError when this machine and the database disagree about the time */
export async function assertClockAgrees(pool: pg.Pool, now: () => number): Promise<void> {
  const before = now();
  const { rows } = await pool.query<{ ms: string }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms',
  );
  const after = now();
  const database = Number(rows[0]?.ms);
  const skew = Math.max(before - database, database - after, 0);
  if (skew <= MOST_SKEW_MS) return;
  throw new ClockSkewError(`本机时钟与数据库相差 ${Math.round(skew / 1000)} 秒`, { skewMs: skew });
}
