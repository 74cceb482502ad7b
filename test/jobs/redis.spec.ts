import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { OpenNextJob } from '../../src/jobs/handlers/open-next.job.js';
import type { JobHandler, JobResult } from '../../src/jobs/job.js';
import { auditMonth, pullWindow } from '../../src/jobs/job-kinds.js';
import { planNight } from '../../src/jobs/plan.js';
import { openQueueBackend } from '../../src/jobs/queue-backend.client.js';
import { inspectRedis } from '../../src/jobs/redis-posture.client.js';
import { RelayService } from '../../src/jobs/relay.service.js';
import { RunService } from '../../src/jobs/run.service.js';
import { WorkItemRepository } from '../../src/jobs/work-item.repository.js';
import { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { describeWhen } from '../support/describe-when.js';
import { OwnRedis, redisInstalled } from '../support/own-redis.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backendOf, input, openJobs, startWorker } from './fixture.js';

const calls: string[] = [];

class FakePull implements JobHandler<{ institution: string; streams: string[] }> {
  readonly job = pullWindow as never;

  async handle({ institution, streams }: { institution: string; streams: string[] }) {
    calls.push(`${streams[0]} ${institution}`);
    await pause(20);
    return {};
  }
}

class FakeAudit implements JobHandler<unknown> {
  readonly job = auditMonth as never;

  async handle(): Promise<JobResult> {
    calls.push('audit');
    return {};
  }
}

describeWhen(
  redisInstalled,
  { name: 'a Redis of our own', reason: 'redis-server is not installed' },
  () => {
    let database: TestDatabase;
    let redis: OwnRedis;
    const apps: INestApplicationContext[] = [];

    beforeAll(async () => {
      database = await createTestDatabase(20);
      redis = await OwnRedis.open('--appendonly', 'yes', '--appendfsync', 'always');
    });

    afterEach(async () => {
      await Promise.all(apps.splice(0).map((app) => app.close()));
      calls.length = 0;
    });

    afterAll(async () => {
      await redis.close();
      await database.drop();
    });

    const worker = async (of: TestDatabase = database): Promise<INestApplicationContext> => {
      const backend = await backendOf('redis', of, redis.url);
      const app = await startWorker(of, [FakePull, OpenNextJob, FakeAudit], { backend });
      apps.push(app);
      return app;
    };

    it('is refused while it may evict jobs, or does not say', async () => {
      const open = (redisUrl: string) => openQueueBackend({ pool: database.pool, redisUrl });
      await expect(open(redis.url)).resolves.toMatchObject({ kind: 'redis', warnings: [] });

      await redis.ask('CONFIG', 'SET', 'appendonly', 'no');
      expect(await open(redis.url)).toMatchObject({ warnings: [expect.stringContaining('AOF')] });
      await redis.ask('CONFIG', 'SET', 'appendonly', 'yes');

      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      await expect(open(redis.url)).rejects.toMatchObject({ code: 'jobs.redis_policy' });

      await redis.ask('ACL', 'SETUSER', 'plain', 'on', '>secret', '~*', '+@all', '-config');
      await redis.ask('ACL', 'SETUSER', 'mute', 'on', '>secret', '~*', '+@all', '-config', '-info');
      const as = (user: string) => redis.url.replace('//', `//${user}:secret@`);
      expect(await inspectRedis(as('plain'))).toMatchObject({ maxmemoryPolicy: 'allkeys-lru' });
      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      await expect(open(as('plain'))).resolves.toMatchObject({ kind: 'redis' });
      await expect(open(as('mute'))).rejects.toMatchObject({ code: 'jobs.redis_policy' });
      await expect(open(as('nobody'))).rejects.toMatchObject({ code: 'jobs.redis_unreachable' });
      await expect(open('redis://127.0.0.1:1')).rejects.toMatchObject({
        code: 'jobs.redis_unreachable',
      });
    }, 20_000);

    it('keeps the jobs of two databases apart', async () => {
      const other = await createTestDatabase(16);
      const [here, there] = [await worker(), await worker(other)];
      const runOf = async (app: INestApplicationContext, day: string) =>
        app.get(RunService).ended(await app.get(RunService).start(planNight(input, day)), never());
      const [one, two] = await Promise.all([runOf(here, '2024-11-01'), runOf(there, '2024-11-01')]);
      expect([one.state, two.state]).toEqual(['complete', 'complete']);
      expect(calls.filter((call) => call === 'audit')).toHaveLength(2);
      await Promise.all(apps.splice(0).map((app) => app.close()));
      await other.drop();
    }, 20_000);

    it('is given the same work twice and does it once', async () => {
      const app = await worker();
      const queue = app.get(WorkQueue);
      await queue.queue('ingest').pause();
      const runId = await app.get(RunService).start(planNight(input, '2024-11-02'));
      const open = await app.get(WorkItemRepository).openWork(database.pool, runId);
      await queue.handOver(open); // as a relay that died before it could wipe the mark
      await app.get(RelayService).relayOnce();
      await queue.handOver(open);
      await queue.queue('ingest').resume();
      expect(await app.get(RunService).ended(runId, never())).toMatchObject({ state: 'complete' });
      expect(calls).toHaveLength(6);
      const { rows } = await database.pool.query(
        'SELECT max(lease_epoch) AS most, bool_or(relay) AS relay FROM work_item WHERE run_id = $1',
        [runId],
      );
      expect(rows).toEqual([{ most: 1, relay: false }]);
    }, 20_000);

    it('is away while work is asked for: the asking commits at once, the work follows', async () => {
      const backend = await backendOf('redis', database, redis.url);
      const asker = await openJobs(database, { backend });
      apps.push(asker);
      const app = await worker();
      await redis.kill();
      const began = performance.now();
      const runId = await asker.get(RunService).start(planNight(input, '2024-11-03'));
      expect(performance.now() - began).toBeLessThan(1_000);
      await pause(1_500);
      expect(calls).toEqual([]);
      await redis.start();
      expect(await app.get(RunService).ended(runId, never())).toMatchObject({ state: 'complete' });
      expect(calls).toHaveLength(6);
    }, 30_000);

    it('is killed and comes back in the middle of a run: nothing lost, nothing twice', async () => {
      const app = await worker();
      const runId = await app.get(RunService).start(planNight(input, '2024-11-04'));
      while (calls.length === 0) await pause(5);
      await redis.kill();
      await pause(300);
      await redis.start();
      expect(await app.get(RunService).ended(runId, never())).toMatchObject({ state: 'complete' });
      const { rows } = await database.pool.query(
        `SELECT count(*)::integer AS ended FROM work_item WHERE run_id = $1 AND state = 'done'`,
        [runId],
      );
      expect(rows).toEqual([{ ended: 7 }]);
    }, 60_000);
  },
);

const never = (): AbortSignal => AbortSignal.timeout(50_000);
