import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { createPool } from '../../src/database/pool.client.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { LeaderService } from '../../src/jobs/leader.service.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backendOf, describeOnEachBackend, limits, wipe } from './fixture.js';

describeOnEachBackend('schedulers', (kind) => {
  let database: TestDatabase;
  let backend: QueueBackend;
  let siteDir: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    backend = await backendOf(kind, database);
    siteDir = mkdtempSync(join(tmpdir(), 'heyi-site-'));
  });

  afterAll(async () => {
    await wipe(backend, database);
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
        JobsModule.on({ pool, backend, limits: { ...limits, sweepMs: 200 }, role: 'scheduler' }),
      ],
    })(Root);
    const app = await NestFactory.createApplicationContext(Root, { logger: false });
    await app.get(LeaderService).start();
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

  it('one of several keeps the schedule, the next takes over, and old lines go', async () => {
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

  it('the leader sets again what a wiped queue lost', async () => {
    scheduleIs('0 3 * * *');
    const leader = await scheduler();
    while ((await published(leader.app))[0]?.startsWith('0 3') !== true) await pause(20);
    await wipe(backend, database);
    while ((await published(leader.app)).length === 0) await pause(20);
    expect(await published(leader.app)).toEqual(['0 3 * * * Asia/Shanghai']);
    const queue = leader.app.get(WorkQueue).queue('settle');
    expect(await queue.getDelayedCount()).toBe(1);
    await leader.stop();
  });
});
