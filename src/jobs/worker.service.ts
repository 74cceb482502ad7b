import { BullRegistrar } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { assertClockAgrees } from './clock-check.repository.js';
import { Duties } from './duties.service.js';
import { JOB_LIMITS, type JobLimits } from './job-limits.js';
import type { QueueProcessor } from './queue.processor.js';

/** Injection token of the processors of all queues. */
export const PROCESSORS = Symbol('PROCESSORS');

/**
 * Starts the workers of this process. When the application shuts down they stop after the job in hand; one that takes too long finds its
 * signal aborted. While this machine's clock is off no job is taken, nor is any other worker's declared stalled.
 */
@Injectable()
export class WorkerService implements BeforeApplicationShutdown {
  private started: boolean = false;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly registrar: BullRegistrar,
    @Inject(PROCESSORS) private readonly processors: readonly QueueProcessor[],
    @Inject(JOB_LIMITS) private readonly limits: JobLimits,
    private readonly duties: Duties,
  ) {}

  /** @throws ClockSkewError */
  async start(): Promise<void> {
    const { heartbeat, relay } = this.duties;
    await assertClockAgrees(this.pool, { now: heartbeat.now, mostMs: this.limits.clockSkewMs });
    this.registrar.register();
    this.started = true;
    relay.start();
    await heartbeat.start({
      current: () => this.processors.flatMap((processor) => processor.current()),
      fence: (fenced) => this.fence(fenced),
    });
  }

  /** The framework closes the workers after this: each takes no new job and waits for the one it has. */
  beforeApplicationShutdown(): void {
    if (!this.started) return;
    const impatient = setTimeout(() => {
      for (const { worker } of this.processors) worker.cancelAllJobs('进程正在停止');
    }, this.limits.shutdownMs);
    impatient.unref();
  }

  private fence(fenced: boolean): void {
    for (const processor of this.processors) processor.fence(fenced);
  }
}
