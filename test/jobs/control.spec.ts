import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { OpenNextJob } from '../../src/jobs/handlers/open-next.job.js';
import type { JobHandler, JobResult } from '../../src/jobs/job.js';
import { auditMonth, pullWindow } from '../../src/jobs/job-kinds.js';
import { planNight } from '../../src/jobs/plan.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService } from '../../src/jobs/run.service.js';
import { RunControl } from '../../src/jobs/run-control.service.js';
import { type RunProgress, RunProgressService } from '../../src/jobs/run-progress.service.js';
import { showWork } from '../../src/jobs/status.repository.js';
import { GatewayError } from '../../src/kernel/errors.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  backendOf,
  consortium,
  describeOnEachBackend,
  input,
  startWorker,
  wipe,
} from './fixture.js';

const calls: string[] = [];
let gone = false;
let pullMs = 0;

class GoneError extends GatewayError {
  readonly code = 'test.gone';
  readonly recovery = 'halt';
  readonly remedy = 'none';
}

class FakePull implements JobHandler<{ institution: string; streams: string[] }> {
  readonly job = pullWindow as never;

  async handle({ institution, streams }: { institution: string; streams: string[] }) {
    calls.push(`${streams[0]} ${institution}`);
    await pause(pullMs);
    if (gone && institution === 'V1') throw new GoneError('gone');
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

describeOnEachBackend('control', (kind) => {
  let database: TestDatabase;
  let backend: QueueBackend;
  let app: INestApplicationContext;
  const grounds = { reason: '对方重传', by: 'it-01' };

  beforeAll(async () => {
    database = await createTestDatabase(16);
    backend = await backendOf(kind, database);
    app = await startWorker(database, [FakePull, OpenNextJob, FakeAudit], { backend });
    await database.pool.query(
      `INSERT INTO settlement_period (consortium, month, closed_at, closed_by_run) VALUES ($1, '2024-11', now(), 1)`,
      [consortium],
    );
  });

  beforeEach(() => {
    calls.length = 0;
    gone = false;
    pullMs = 0;
  });

  afterAll(async () => {
    await app.close();
    await wipe(backend, database);
    await database.drop();
  });

  const ended = (runId: string) => app.get(RunService).ended(runId, AbortSignal.timeout(20_000));
  const night = async (day: string): Promise<string> => {
    const runId = await app.get(RunService).start(planNight(input, day));
    await ended(runId);
    calls.length = 0;
    return runId;
  };
  const journalled = async (subject: string): Promise<unknown[]> => {
    const { rows } = await database.pool.query(
      `SELECT content FROM journal_entry WHERE subject = $1 ORDER BY seq`,
      [subject],
    );
    return rows.map(({ content }) => content);
  };

  describe('a stage done once more', () => {
    it('says first what it would do, then does that and no more', async () => {
      const runId = await night('2024-11-05');
      const control = app.get(RunControl);
      const foreseen = await control.previewRerun(runId, 2); // claims of all members, then the audit
      expect(foreseen).toMatchObject({ allowed: true, closedMonths: ['2024-11'] });
      expect(foreseen.items.map(({ effect }) => effect)).toEqual([
        ...['keep', 'keep', 'keep'],
        ...['redo', 'redo', 'redo', 'redo'],
      ]);
      expect(calls).toEqual([]);

      expect(await control.rerun(runId, 2, grounds)).toEqual(foreseen);
      expect(await ended(runId)).toMatchObject({ state: 'complete', round: 1, done: 7 });
      expect(calls).toHaveLength(4);
      expect(calls.at(-1)).toBe('audit');
      expect(await journalled(`run:${runId}`)).toEqual([
        expect.objectContaining({ ...grounds, action: 'redo', works: 4 }),
      ]);
    });

    it('is refused while the run is under way, and for a stage there is none of', async () => {
      pullMs = 800;
      const control = app.get(RunControl);
      const runId = await app.get(RunService).start(planNight(input, '2024-12-05'));
      while (calls.length === 0) await pause(10);
      expect(await control.previewRerun(runId, 0)).toMatchObject({ allowed: false });
      await expect(control.rerun(runId, 0, grounds)).rejects.toMatchObject({
        code: 'jobs.run_busy',
      });
      await ended(runId);
      await expect(control.rerun(runId, 9, grounds)).rejects.toMatchObject({
        code: 'input.nothing_to_redo',
      });
      await expect(control.previewRerun('999999', 0)).rejects.toMatchObject({
        code: 'input.nothing_to_redo',
      });
      expect(await journalled(`run:${runId}`)).toEqual([]);
    }, 20_000);
  });

  describe('failed work tried again', () => {
    it('takes what follows with it and leaves its neighbours alone', async () => {
      gone = true;
      const runId = await night('2024-12-06');
      const control = app.get(RunControl);
      const { rows } = await database.pool.query<{ id: string }>(
        `SELECT id FROM work_item WHERE run_id = $1 AND state = 'failed'`,
        [runId],
      );
      const item = rows[0]?.id ?? '';
      expect(await showWork(database.pool, item)).toMatchObject({
        ...{ state: 'failed', kind: 'pull', attempts: 1, starts: 1, waitsFor: null },
        error: { message: 'gone' },
      });
      gone = false;
      await control.retry(item, grounds);
      expect(await ended(runId)).toMatchObject({ state: 'complete', failed: 0 });
      expect(calls).toEqual(['claims V1', 'audit']);
      await expect(control.retry(item, grounds)).rejects.toMatchObject({
        code: 'input.nothing_to_redo',
      });
    });
  });

  describe('the progress of a run', () => {
    it('is told at every change until it ends', async () => {
      pullMs = 150;
      const runId = await app.get(RunService).start(planNight(input, '2024-12-07'));
      const told: RunProgress[] = [];
      const never = new AbortController().signal;
      for await (const progress of app.get(RunProgressService).watch(runId, never, 20)) {
        told.push(progress);
      }
      expect(told.length).toBeGreaterThan(3);
      expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(told.length);
      expect(told.at(-1)).toMatchObject({
        ...{ runId, state: 'complete', items: 7, done: 7, failed: 0, lastError: null },
        stages: [{ items: 2 }, { kinds: ['open-next'] }, { items: 3, done: 3 }, { items: 1 }],
      });
      const done = told.map((each) => each.done);
      expect(done).toEqual([...done].sort((a, b) => a - b));
    });

    it('ends when nobody listens, and when there is no such run', async () => {
      const listening = new AbortController();
      const progress = app.get(RunProgressService);
      pullMs = 600;
      const runId = await app.get(RunService).start(planNight(input, '2024-12-08'));
      let told = 0;
      for await (const _ of progress.watch(runId, listening.signal, 10_000)) {
        told += 1;
        listening.abort();
      }
      expect(told).toBe(1);
      expect((await progress.watch('999999', listening.signal).next()).done).toBe(true);
      await ended(runId);
    }, 20_000);
  });
});
