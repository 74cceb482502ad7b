import { join } from 'node:path';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadLimits } from '../../src/config/limits.loader.js';
import { siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import type { JobHandler } from '../../src/jobs/job.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import type { PlanInput } from '../../src/jobs/plan.js';
import { WorkerService } from '../../src/jobs/worker.service.js';
import type { TestDatabase } from '../support/test-database.js';

const limits = loadLimits(join(import.meta.dirname, '../../config')).jobs;
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

/** A worker process as the product composes it, with stand-ins for the business behind the jobs. */
export async function startWorker(
  { pool }: TestDatabase,
  handlers: readonly Type<JobHandler<unknown>>[],
): Promise<INestApplicationContext> {
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(siteOf('/nonexistent', {})),
      JobsModule.on({ pool, limits, work: { handlers, imports: [] } }),
    ],
  })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  await app.get(WorkerService).start();
  return app;
}
