/**
 * A gateway process with a stand-in for the business behind the jobs: started by the spec of several hosts, killed by it.
 *
 *   node --import … test/jobs/host.ts worker|scheduler [how many of them]
 *
 * DATABASE_URL, REDIS_URL and HEYI_SITE as in the product. Every read of a source is written to the table `reading` and takes READ_MS.
 * Told to stop, it stops as the product does.
 */
import 'reflect-metadata';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type pg from 'pg';
import { endInTime } from '../../src/app/deadline.launcher.js';
import { loadLimits } from '../../src/config/limits.loader.js';
import { siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { createPool } from '../../src/database/pool.client.js';
import { DATABASE_POOL } from '../../src/database/tokens.js';
import type { JobContext, JobHandler, JobResult } from '../../src/jobs/job.js';
import { pullWindow } from '../../src/jobs/job-kinds.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { LeaderService } from '../../src/jobs/leader.service.js';
import { openQueueBackend } from '../../src/jobs/queue-backend.client.js';
import { WorkerService } from '../../src/jobs/worker.service.js';

const READ_MS = Number(process.env['READ_MS'] ?? '1200');

@Injectable()
class SlowPull implements JobHandler<{ institution: string }> {
  readonly job = pullWindow as never;

  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  async handle(
    { institution }: { institution: string },
    { item, signal }: JobContext,
  ): Promise<JobResult> {
    const { rows } = await this.pool.query<{ id: string }>(
      'INSERT INTO reading (institution, item, pid) VALUES ($1, $2, $3) RETURNING id',
      [institution, item, process.pid],
    );
    await pause(READ_MS, undefined, { signal });
    await this.pool.query('UPDATE reading SET ended_at = clock_timestamp() WHERE id = $1', [
      rows[0]?.id,
    ]);
    return {};
  }
}

const home = join(import.meta.dirname, '../..');
const works = process.argv[2] === 'worker';
const { jobs: limits } = loadLimits(join(home, 'config'));

/** An application with connections of its own, as a process has. */
async function open(): Promise<{ close(): Promise<void> }> {
  const pool = createPool(process.env['DATABASE_URL'] ?? '', works ? 12 : 4);
  const backend = await openQueueBackend({ pool, redisUrl: process.env['REDIS_URL'] });
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(siteOf(home, process.env)),
      JobsModule.on({
        ...{ pool, backend, limits, role: works ? 'worker' : 'scheduler' },
        ...(works && { work: { handlers: [SlowPull], imports: [] } }),
      }),
    ],
  })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: ['error', 'warn'] });
  if (works) await app.get(WorkerService).start();
  else await app.get(LeaderService).start();
  return {
    close: async () => {
      await app.close();
      await pool.end();
    },
  };
}

const opened = await Promise.all(Array.from({ length: Number(process.argv[3] ?? 1) }, open));
process.once('SIGTERM', () => {
  endInTime(limits.shutdownMs);
  void Promise.all(opened.map((each) => each.close()));
});
process.stdout.write('ready\n');
