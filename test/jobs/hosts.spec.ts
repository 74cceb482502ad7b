import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { planned } from '../../src/jobs/job.js';
import { pullWindow } from '../../src/jobs/job-kinds.js';
import type { RunPlan } from '../../src/jobs/plan.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService } from '../../src/jobs/run.service.js';
import { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { NetworkHost, noNamespaces } from '../support/network-host.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backendOf, consortium, describeOnEachBackend, openJobs, wipe } from './fixture.js';
import { HostProcess } from './host-process.js';

const MINUTE = 60_000;
const RECOVERY_MS = 30_000;
const PLACE = noNamespaces === null ? 'in two networks' : `in one network (${noNamespaces})`;

/** Six members with two windows each. */
function plan(): RunPlan {
  const scope = `${consortium}.backfill.2024-01`;
  const windows = [
    { from: '2024-01-01', to: '2024-01-02' },
    { from: '2024-01-02', to: '2024-01-03' },
  ];
  const works = windows.flatMap((window) =>
    ['A', 'B', 'C', 'D', 'E', 'F'].map((institution) =>
      planned(
        pullWindow,
        { institution, streams: ['claims' as const], ...window, late: false },
        scope,
      ),
    ),
  );
  return { consortium, kind: 'backfill', subject: '2024-01', stages: [works] };
}

describeOnEachBackend('hosts', (kind) => {
  let database: TestDatabase;
  let backend: QueueBackend;
  let asker: INestApplicationContext;
  const networks: NetworkHost[] = [];
  const hosts: HostProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(8);
    backend = await backendOf(kind, database);
    asker = await openJobs(database, { backend });
    await database.pool.query(
      `CREATE TABLE reading (id bigint GENERATED ALWAYS AS IDENTITY, institution text, item bigint, pid integer,
         began_at timestamptz DEFAULT clock_timestamp(), ended_at timestamptz)`,
    );
  });

  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.kill()));
    for (const network of networks) network.close();
    await asker.close();
    await wipe(backend, database);
    await database.drop();
  });

  const redisUrl = (): string | null => (backend.kind === 'redis' ? backend.url : null);

  async function startHost(number: number): Promise<HostProcess> {
    const redis = redisUrl();
    if (noNamespaces !== null) {
      return HostProcess.start({
        ...{ role: 'worker', databaseUrl: database.url },
        ...(redis !== null && { redisUrl: redis }),
      });
    }
    const network = NetworkHost.open(number);
    networks.push(network);
    return HostProcess.start({
      ...{ role: 'worker', prefix: network.prefix },
      databaseUrl: await network.reach(database.url),
      ...(redis !== null && { redisUrl: await network.reach(redis) }),
    });
  }

  describe(`two workers ${PLACE}, one killed`, () => {
    it(
      'finish the work, resume what was cut off within 30 s, and never read a member twice at once',
      async () => {
        const both = await Promise.all([startHost(1), startHost(2)]);
        hosts.push(...both);
        const runs = asker.get(RunService);
        const runId = await runs.start(plan());
        const victim = await whoReads(2);
        const killed = both.find(({ pid }) => pid === victim) ?? both[0];
        await killed.kill();
        const cut = await database.pool.query<{ item: string }>(
          `UPDATE reading SET ended_at = clock_timestamp()
            WHERE pid = $1 AND ended_at IS NULL RETURNING item`,
          [victim],
        );
        expect(cut.rows.length).toBeGreaterThan(0);
        const summary = await runs.ended(runId, AbortSignal.timeout(MINUTE));
        expect(summary).toMatchObject({ state: 'complete', done: 12 });
        for (const { item } of cut.rows) {
          expect(await resumedAfterMs(item)).toBeLessThan(RECOVERY_MS);
        }
        expect(await readTwiceAtOnce()).toEqual([]);
      },
      2 * MINUTE,
    );
  });

  describe('ten schedulers that start at once', () => {
    it(
      'are one schedule and one run a night',
      async () => {
        const siteDir = siteThatTicks();
        const redis = redisUrl();
        const start = () =>
          HostProcess.start({
            ...{ role: 'scheduler', count: 5, databaseUrl: database.url, siteDir },
            ...(redis !== null && { redisUrl: redis }),
          });
        hosts.push(...(await Promise.all(Array.from({ length: 2 }, start))));
        const worker = await HostProcess.start({
          ...{ role: 'worker', databaseUrl: database.url, siteDir },
          ...(redis !== null && { redisUrl: redis }),
        });
        hosts.push(worker);
        while ((await nights()).length === 0) await pause(200);
        await pause(3_000); // three more ticks
        expect(await nights()).toEqual([{ runs: 1, rounds: 1 }]);
        expect(await asker.get(WorkQueue).queue('settle').getJobSchedulers()).toHaveLength(1);
        const { rows } = await database.pool.query(
          `SELECT count(*)::integer AS leaders FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objid = 4841002
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        expect(rows).toEqual([{ leaders: 1 }]);
        rmSync(siteDir, { recursive: true });
      },
      2 * MINUTE,
    );
  });

  /** Waits for a process that reads so many sources at once. */
  async function whoReads(sources: number): Promise<number> {
    for (;;) {
      const { rows } = await database.pool.query<{ pid: number }>(
        `SELECT pid FROM reading WHERE ended_at IS NULL GROUP BY pid HAVING count(*) >= $1 LIMIT 1`,
        [sources],
      );
      if (rows[0] !== undefined) return rows[0].pid;
      await pause(50);
    }
  }

  async function resumedAfterMs(item: string): Promise<number> {
    const { rows } = await database.pool.query<{ ms: number }>(
      `SELECT (extract(epoch FROM max(began_at) - min(ended_at)) * 1000)::float8 AS ms
         FROM reading WHERE item = $1`,
      [item],
    );
    return rows[0]?.ms ?? Number.POSITIVE_INFINITY;
  }

  async function readTwiceAtOnce(): Promise<unknown[]> {
    const { rows } = await database.pool.query(
      `SELECT a.institution FROM reading a JOIN reading b ON a.institution = b.institution AND a.id < b.id
        WHERE tstzrange(a.began_at, a.ended_at) && tstzrange(b.began_at, b.ended_at)`,
    );
    return rows;
  }

  async function nights(): Promise<unknown[]> {
    const { rows } = await database.pool.query(
      `SELECT count(*)::integer AS runs, max(round) AS rounds FROM work_run
        WHERE kind = 'night' HAVING count(*) > 0`,
    );
    return rows;
  }
});

/** A member without a source of its own, and a clock that strikes every second. */
function siteThatTicks(): string {
  const siteDir = mkdtempSync(join(tmpdir(), 'heyi-site-'));
  const demo = join(import.meta.dirname, '../../config/demo');
  process.env['HEYI_CERTIFICATE_KEY'] ??= 'certificate-key-of-the-tests';
  process.env['HEYI_DEMO_DROPS'] ??= siteDir;
  mkdirSync(join(siteDir, 'institutions'), { recursive: true });
  for (const file of ['consortium.yaml', 'institutions/clinic-01.yaml']) {
    cpSync(join(demo, file), join(siteDir, file));
  }
  writeFileSync(
    join(siteDir, 'schedule.yaml'),
    `timezone: Asia/Shanghai\nticks:\n  - { job: night, cron: '* * * * * *' }\nmonthEnd: { close: manual }\n`,
  );
  return siteDir;
}
