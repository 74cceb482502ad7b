import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadLimits } from '../../src/config/limits.loader.js';
import { siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { createPool } from '../../src/database/pool.client.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { LeaderService } from '../../src/jobs/leader.service.js';
import { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const limits = loadLimits(join(import.meta.dirname, '../../config')).jobs;

let database: TestDatabase;
let siteDir: string;

beforeAll(async () => {
  database = await createTestDatabase();
  siteDir = mkdtempSync(join(tmpdir(), 'heyi-site-'));
});

afterAll(async () => {
  await database.drop();
  rmSync(siteDir, { recursive: true });
});

/** A scheduler process on connections of its own. */
async function scheduler(): Promise<{ app: INestApplicationContext; stop: () => Promise<void> }> {
  const pool = createPool(database.url, 6);
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(siteOf('/', { HEYI_SITE: siteDir })),
      JobsModule.on({ pool, limits }),
    ],
  })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  app.get(LeaderService).start();
  return {
    app,
    async stop() {
      await app.close();
      await pool.end();
    },
  };
}

function scheduleIs(cron: string): void {
  writeFileSync(
    join(siteDir, 'schedule.yaml'),
    `timezone: Asia/Shanghai\nticks:\n  - { job: night, cron: '${cron}' }\nmonthEnd: { close: manual }\n`,
  );
}

async function published(app: INestApplicationContext): Promise<readonly string[]> {
  const schedulers = await app.get(WorkQueue).queue('settle').getJobSchedulers();
  return schedulers.map(({ pattern, tz }) => `${pattern} ${tz}`);
}

it('one of several schedulers keeps the schedule, the next takes over, and old lines go', async () => {
  scheduleIs('30 1 * * *');
  const [first, second] = [await scheduler(), await scheduler()];
  while ((await published(first.app)).length === 0) await pause(20);
  expect(await published(second.app)).toEqual(['30 1 * * * Asia/Shanghai']);
  await Promise.all([first.stop(), second.stop()]);

  scheduleIs('0 2 * * *');
  const third = await scheduler();
  while ((await published(third.app))[0]?.startsWith('30')) await pause(20);
  expect(await published(third.app)).toEqual(['0 2 * * * Asia/Shanghai']);
  await third.stop();
});
