import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { OpenNextJob } from '../../src/jobs/handlers/open-next.job.js';
import type { JobContext, JobHandler, JobResult } from '../../src/jobs/job.js';
import { auditMonth, pullWindow } from '../../src/jobs/job-kinds.js';
import { planNight } from '../../src/jobs/plan.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService } from '../../src/jobs/run.service.js';
import { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { listWorkers } from '../../src/jobs/worker-directory.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backendOf, describeOnEachBackend, input, limits, startWorker, wipe } from './fixture.js';

let aborted = 0;
let slow = false;

class FakePull implements JobHandler<unknown> {
  readonly job = pullWindow as never;

  async handle(_: unknown, { signal }: JobContext): Promise<JobResult> {
    if (!slow) return {};
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    await pause(20_000, undefined, { signal });
    return {};
  }
}

class FakeAudit implements JobHandler<unknown> {
  readonly job = auditMonth as never;

  async handle(): Promise<JobResult> {
    return {};
  }
}

describeOnEachBackend('a process', (kind) => {
  let database: TestDatabase;
  let backend: QueueBackend;
  let app: INestApplicationContext;
  let offMs = 0;
  const now = () => Date.now() + offMs;

  beforeAll(async () => {
    aborted = 0;
    database = await createTestDatabase(16);
    backend = await backendOf(kind, database);
    const quick = { ...limits, heartbeatMs: 500 };
    const handlers = [FakePull, OpenNextJob, FakeAudit];
    app = await startWorker(database, handlers, { backend, now, limits: quick });
  });

  afterAll(async () => {
    await wipe(backend, database);
    await database.drop();
  });

  const workers = () => listWorkers(database.pool);
  const until = async (state: string): Promise<void> => {
    while ((await workers())[0]?.state !== state) await pause(50);
  };

  it('reports itself, and what it has in hand', async () => {
    expect(await workers()).toMatchObject([
      { pid: process.pid, role: 'worker', backend: kind, state: 'working', current: [] },
    ]);
    slow = true;
    const runId = await app.get(RunService).start(planNight(input, '2024-12-05'));
    while ((await workers())[0]?.current.length !== 2) await pause(50);
    const { rows } = await database.pool.query<{ id: string }>(
      `SELECT id FROM work_item WHERE run_id = $1 AND state = 'running'`,
      [runId],
    );
    const [worker] = await workers();
    expect(new Set(worker?.current)).toEqual(new Set(rows.map(({ id }) => id)));
  });

  it('lets go of everything while its clock is off, and works on when it is right again', async () => {
    offMs = 120_000;
    await until('fenced');
    expect(aborted).toBe(2);
    slow = false;
    const queue = app.get(WorkQueue).queue('ingest');
    while ((await queue.getJobCounts('active'))['active'] !== 0) await pause(20);
    // For whoever comes next, at once: this clock has no say in when.
    expect(await queue.getJobCounts('waiting', 'delayed')).toEqual({ waiting: 2, delayed: 0 });
    const before = await startedWorks();
    await pause(2_000);
    expect(await startedWorks()).toBe(before);
    expect((await workers())[0]?.clockSkewMs).toBeGreaterThan(119_000);
    offMs = 0;
    await until('working');
    const summary = await app
      .get(RunService)
      .ended(
        await app.get(RunService).start(planNight(input, '2024-12-05')),
        AbortSignal.timeout(20_000),
      );
    expect(summary).toMatchObject({ state: 'complete', done: 7 });
  }, 40_000);

  it('is no longer listed after it ended', async () => {
    await app.close();
    expect(await workers()).toEqual([]);
  });

  async function startedWorks(): Promise<number> {
    const { rows } = await database.pool.query<{ starts: number }>(
      'SELECT sum(lease_epoch)::integer AS starts FROM work_item',
    );
    return rows[0]?.starts ?? 0;
  }
});
