import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { planned } from '../../src/jobs/job.js';
import { pullWindow } from '../../src/jobs/job-kinds.js';
import { openQueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService } from '../../src/jobs/run.service.js';
import { LabRedis, redisInstalled } from '../faults/lab/redis.js';
import { WorkerProcess } from '../night/worker-process.js';
import { describeWhen } from '../support/describe-when.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { consortium, limits, openJobs } from './fixture.js';
import { HostProcess } from './host-process.js';

/** Longer than any single reconnecting or waiting of a client. */
const OUTAGE_MS = 32_000;
/** What closing takes beside the time that a job in hand is given. */
const CLOSING_MS = 12_000;
const GRACE_MS = limits.shutdownMs + CLOSING_MS;
const RECOVERY_MS = 30_000;

describeWhen(
  redisInstalled(),
  { name: 'a worker told to stop while Redis is gone', reason: 'redis-server is not installed' },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'heyi-redis-'));
    let database: TestDatabase;
    let redis: LabRedis;
    const hosts: HostProcess[] = [];
    let idle: WorkerProcess | null = null;

    beforeAll(async () => {
      database = await createTestDatabase(8);
      redis = await LabRedis.start(folder);
      await database.pool.query(
        `CREATE TABLE reading (id bigint GENERATED ALWAYS AS IDENTITY, institution text, item bigint, pid integer,
           began_at timestamptz DEFAULT clock_timestamp(), ended_at timestamptz)`,
      );
    });
    afterAll(async () => {
      await idle?.kill();
      await Promise.all(hosts.map((each) => each.kill()));
      await redis.kill();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    });

    const host = async (readMs: number): Promise<HostProcess> => {
      const started = await HostProcess.start({
        ...{ role: 'worker', databaseUrl: database.url, redisUrl: redis.url, readMs },
      });
      hosts.push(started);
      return started;
    };
    const readings = async () =>
      (await database.pool.query('SELECT pid, ended_at AS "endedAt" FROM reading ORDER BY id'))
        .rows;
    const until = async (holds: () => Promise<boolean>, withinMs: number): Promise<boolean> => {
      for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(100))
        if (await holds()) return true;
      return false;
    };
    const timed = async (stopped: Promise<number | null>) => {
      const began = Date.now();
      const within = await Promise.race([stopped, pause(GRACE_MS + 5_000, 'hangs' as const)]);
      return { end: within, ms: Date.now() - began };
    };

    it('ends within its time, busy or idle, and its job is done by another once Redis is back', async () => {
      const backend = await openQueueBackend({ pool: database.pool, redisUrl: redis.url });
      const asker = await openJobs(database, { backend });
      const busy = await host(10 * GRACE_MS);
      idle = new WorkerProcess(database.url, redis.url);
      const scope = `${consortium}.backfill.2024-01`;
      const window = { from: '2024-01-01', to: '2024-01-02', late: false };
      const work = planned(pullWindow, { institution: 'A', streams: ['claims'], ...window }, scope);
      const run = await asker
        .get(RunService)
        .start({ consortium, kind: 'backfill', subject: '2024-01', stages: [[work]] });
      expect(await until(async () => (await readings()).length === 1, RECOVERY_MS)).toBe(true);
      await idle.start();
      await redis.kill();
      await pause(OUTAGE_MS);
      const [stopped, quiet] = await Promise.all([timed(busy.stop()), timed(idle.stop())]);
      expect([typeof quiet.end, typeof stopped.end]).toEqual(['number', 'number']);
      expect(Math.max(quiet.ms, stopped.ms)).toBeLessThan(GRACE_MS);
      await redis.up();
      const other = await host(10);
      expect(
        await until(
          async () => (await asker.get(RunService).summary(run))?.done === 1,
          2 * RECOVERY_MS,
        ),
      ).toBe(true);
      const [first, second] = await readings();
      expect(first).toMatchObject({ pid: busy.pid, endedAt: null });
      expect(second).toMatchObject({ pid: other.pid });
      await asker.close();
    }, 300_000);
  },
);
