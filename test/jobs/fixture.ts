import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { loadLimits } from '../../src/config/limits.loader.js';
import { type Site, siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import type { JobHandler } from '../../src/jobs/job.js';
import type { JobLimits } from '../../src/jobs/job-limits.js';
import { JobsModule, type JobsOptions } from '../../src/jobs/jobs.module.js';
import type { PlanInput } from '../../src/jobs/plan.js';
import { openQueueBackend, type QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { WorkerService } from '../../src/jobs/worker.service.js';
import { describeWhen } from '../support/describe-when.js';
import type { TestDatabase } from '../support/test-database.js';

export const limits: JobLimits = loadLimits(join(import.meta.dirname, '../../config')).jobs;
export const consortium = 'test-county';

/** Two hospitals with a register of persons, one clinic without. */
export const input: PlanInput = {
  consortium,
  sources: [
    { institution: 'H1', streams: ['persons', 'claims', 'lines'] },
    { institution: 'H2', streams: ['persons', 'claims', 'lines'] },
    { institution: 'V1', streams: ['claims', 'lines'] },
  ],
  monthEnd: null,
};

export type BackendKind = QueueBackend['kind'];

/** The same suite with the queues in the database and, where there is one, on a Redis. */
export function describeOnEachBackend(name: string, suite: (kind: BackendKind) => void): void {
  describe(`${name}, queues in PostgreSQL`, () => suite('postgres'));
  describeWhen(
    process.env['REDIS_URL'] !== undefined,
    { name: `${name}, queues on Redis`, reason: 'REDIS_URL is not set' },
    () => suite('redis'),
  );
}

/** The Redis is somebody's: each database has its own prefix there, and `wipe` takes its keys away again. */
export function backendOf(
  kind: BackendKind,
  { pool }: TestDatabase,
  redisUrl: string | undefined = process.env['REDIS_URL'],
): Promise<QueueBackend> {
  return openQueueBackend({ pool, redisUrl: kind === 'redis' ? redisUrl : undefined });
}

/** Empties the queues as a FLUSHALL or a lost disk would. */
export async function wipe(backend: QueueBackend, { pool }: TestDatabase): Promise<void> {
  if (backend.kind === 'postgres') {
    await pool.query('TRUNCATE bullmq.job, bullmq.scheduler CASCADE');
    return;
  }
  const redis = new Redis(backend.url);
  const keys = await redis.keys(`${backend.prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

export type WorkerOptions = Partial<Pick<JobsOptions, 'backend' | 'now' | 'limits' | 'role'>> & {
  readonly site?: Site;
  /** What the handlers need. */
  readonly imports?: NonNullable<JobsOptions['work']>['imports'];
};

/** A worker process as the product composes it, with stand-ins for the business behind the jobs. */
export async function startWorker(
  database: TestDatabase,
  handlers: readonly Type<JobHandler<unknown>>[],
  options: WorkerOptions = {},
): Promise<INestApplicationContext> {
  const { imports = [] } = options;
  const app = await openJobs(database, { ...options, work: { handlers, imports } });
  await app.get(WorkerService).start();
  return app;
}

/** A process that only asks for runs and sweeps. */
export async function openJobs(
  { pool }: TestDatabase,
  { site = siteOf('/nonexistent', {}), ...options }: WorkerOptions & Pick<JobsOptions, 'work'> = {},
): Promise<INestApplicationContext> {
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(site),
      JobsModule.on({ pool, limits, ...options }),
    ],
  })(Root);
  return NestFactory.createApplicationContext(Root, { logger: false });
}
