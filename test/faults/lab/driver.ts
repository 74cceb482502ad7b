import 'reflect-metadata';
import { join } from 'node:path';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type pg from 'pg';
import { ROOT } from './product.js';
import type { LabSite } from './site-files.js';

/**
 * Asks the built product for runs, as its API does, without a process of its own for each: starting a process costs more than the
 * run. The command line is tried where an experiment is about asking.
 */

interface Asking {
  readonly pool: pg.Pool;
  readonly site: LabSite;
  readonly redisUrl: string | undefined;
}

interface RunRequest {
  readonly kind: 'night' | 'backfill' | 'year';
  readonly subject: string;
  readonly again: boolean;
}

/** The configuration names variables; what a run consists of does not depend on them. */
const UNUSED = [
  ...['HEYI_CERTIFICATE_KEY', 'HEYI_AGENCY_URL', 'HEYI_LAB_SOURCE', 'HEYI_LAB_USER'],
  ...['HEYI_LAB_PASSWORD', 'HEYI_LAB_LEAD_PORT', 'HEYI_LAB_TOWN_PORT', 'HEYI_LAB_DROPS'],
];

/** @returns the number of the run */
export async function askForRun(asking: Asking, request: RunRequest): Promise<string> {
  for (const name of UNUSED) process.env[name] ??= name.endsWith('_PORT') ? '1' : '1'.repeat(32);
  const { RunControl } = await built<typeof import('../../../src/jobs/run-control.service.js')>(
    'jobs/run-control.service.js',
  );
  const app = await opened(asking);
  try {
    const control = app.get(RunControl, { strict: false });
    return await control.start({ kind: request.kind, subject: request.subject }, request.again);
  } finally {
    await app.close();
  }
}

async function opened({ pool, site, redisUrl }: Asking): Promise<INestApplicationContext> {
  const { JobsModule } =
    await built<typeof import('../../../src/jobs/jobs.module.js')>('jobs/jobs.module.js');
  const { openQueueBackend } = await built<
    typeof import('../../../src/jobs/queue-backend.client.js')
  >('jobs/queue-backend.client.js');
  const { DatabaseModule } = await built<typeof import('../../../src/database/database.module.js')>(
    'database/database.module.js',
  );
  const { SiteModule } =
    await built<typeof import('../../../src/config/site.module.js')>('config/site.module.js');
  const { siteOf } = await built<typeof import('../../../src/config/site.js')>('config/site.js');
  const { loadLimits } =
    await built<typeof import('../../../src/config/limits.loader.js')>('config/limits.loader.js');
  const place = siteOf(site.homeDir, { HEYI_SITE: site.siteDir });
  const backend = await openQueueBackend({ pool, redisUrl });
  const limits = loadLimits(place.configDir).jobs;
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(place),
      JobsModule.on({ pool, limits, backend, role: 'scheduler' }),
    ],
  })(Root);
  return NestFactory.createApplicationContext(Root, { logger: false });
}

/** A module of the product as it was built, not as it is written: it is the built one that runs. */
async function built<T>(path: string): Promise<T> {
  return (await import(join(ROOT, 'dist', path))) as T;
}
