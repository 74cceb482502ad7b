import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { assertClockAgrees } from '../../src/jobs/clock-check.repository.js';
import { OpenNextJob } from '../../src/jobs/handlers/open-next.job.js';
import type { JobContext, JobHandler, JobResult } from '../../src/jobs/job.js';
import { auditMonth, pullWindow } from '../../src/jobs/job-kinds.js';
import { planBackfill, planNight } from '../../src/jobs/plan.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RelayService } from '../../src/jobs/relay.service.js';
import { RunService } from '../../src/jobs/run.service.js';
import { SweepService } from '../../src/jobs/sweep.service.js';
import { WorkItemRepository } from '../../src/jobs/work-item.repository.js';
import { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { GatewayError } from '../../src/kernel/errors.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { backendOf, describeOnEachBackend, input, startWorker, wipe } from './fixture.js';

interface Pull {
  institution: string;
  streams: string[];
  from: string;
}

class SourceGoneError extends GatewayError {
  readonly code = 'test.gone';
  readonly recovery = 'halt';
  readonly remedy = 'none';
}

/** What the stand-ins were asked to do, in order, and how the next pull of an institution behaves. */
const calls: string[] = [];
const behaviour = new Map<string, (context: JobContext) => Promise<void>>();

class FakePull implements JobHandler<Pull> {
  readonly job = pullWindow as never;

  async handle({ institution, streams, from }: Pull, context: JobContext): Promise<JobResult> {
    calls.push(`${streams[0]} ${institution} ${from}`);
    if (streams[0] === 'claims') await behaviour.get(institution)?.(context);
    return { incomplete: institution === 'late' };
  }
}

class FakeAudit implements JobHandler<{ months: string[] }> {
  readonly job = auditMonth as never;

  async handle({ months }: { months: string[] }): Promise<JobResult> {
    calls.push(`audit ${months.join()}`);
    return {};
  }
}

let database: TestDatabase;
let backend: QueueBackend;
let app: INestApplicationContext;
let runs: RunService;
const never = new AbortController().signal;

async function run(plan: Parameters<RunService['start']>[0], round?: 'next') {
  calls.length = 0;
  return runs.ended(await runs.start(plan, round), never);
}

describeOnEachBackend('jobs', (kind) => {
  beforeAll(async () => {
    database = await createTestDatabase(16);
    backend = await backendOf(kind, database);
    app = await startWorker(database, [FakePull, OpenNextJob, FakeAudit], { backend });
    runs = app.get(RunService);
  });

  afterAll(async () => {
    await app.close();
    await wipe(backend, database);
    await database.drop();
  });

  describe('a night', () => {
    it('reads persons everywhere, then claims everywhere, then audits', async () => {
      const summary = await run(planNight(input, '2024-12-05'));
      expect(summary).toMatchObject({ state: 'complete', items: 7, done: 7, failed: 0 });
      expect(calls.slice(0, 2).sort()).toEqual(['persons H1 2024-12-05', 'persons H2 2024-12-05']);
      expect(calls.slice(2, 5).sort()).toEqual([
        'claims H1 2024-12-05',
        'claims H2 2024-12-05',
        'claims V1 2024-12-05',
      ]);
      expect(calls.slice(5)).toEqual(['audit 2024-12']);
    });

    it('asked for again is the same night, unless a new round is asked for', async () => {
      await run(planNight(input, '2024-12-06'));
      expect(await run(planNight(input, '2024-12-06'))).toMatchObject({ round: 1 });
      expect(calls).toEqual([]);
      expect(await run(planNight(input, '2024-12-06'), 'next')).toMatchObject({ round: 2 });
      expect(calls).toHaveLength(6);
    });

    it('does not hold up the others when one source is gone, and shows it', async () => {
      behaviour.set('H2', () => Promise.reject(new SourceGoneError('gone')));
      const summary = await run(planNight(input, '2024-12-07'));
      behaviour.clear();
      expect(summary).toMatchObject({ state: 'failed', done: 6, failed: 1 });
      expect(calls.at(-1)).toBe('audit 2024-12');
      expect(await run(planNight(input, '2024-12-07'))).toMatchObject({
        state: 'complete',
        done: 7,
      });
      expect(calls).toEqual(['claims H2 2024-12-07', 'audit 2024-12']);
    });

    it('tries again after a hiccup, even one whose message the queue could not store', async () => {
      let hiccups = 1;
      behaviour.set('V1', async () => {
        if (hiccups-- > 0) throw new Error('bad\0byte \uD800');
      });
      const summary = await run(planNight(input, '2024-12-08'));
      behaviour.clear();
      expect(summary).toMatchObject({ state: 'complete', failed: 0 });
      expect(calls.filter((call) => call.startsWith('claims V1'))).toHaveLength(2);
    });
  });

  describe('queueing', () => {
    it('happens with the business transaction or not at all', async () => {
      const plan = planNight(input, '2024-12-20');
      const queue = app.get(WorkQueue).queue('ingest');
      const work = {
        queue: 'ingest',
        businessKey: plan.stages[0]?.[0]?.businessKey ?? '',
        epoch: 1,
      };
      await queue.pause();
      const rolledBack = withTransaction(database.pool, async (client) => {
        const { rows } = await client.query<{ id: string }>(
          `INSERT INTO work_run (consortium, kind, subject, round) VALUES ($1, 'night', '2024-12-20', 1) RETURNING id`,
          [plan.consortium],
        );
        const run = { id: rows[0]?.id ?? '', consortium: plan.consortium, round: 1 };
        const items = app.get(WorkItemRepository);
        await items.plan(client, run, plan.stages);
        await app.get(WorkQueue).enqueue(await items.openWork(client, run.id));
        throw new Error('the business row was refused');
      });
      await expect(rolledBack).rejects.toThrow('refused');
      await app.get(RelayService).relayOnce();
      expect(await app.get(WorkQueue).holds(work)).toBe(false);
      const runId = await runs.start(plan);
      await app.get(RelayService).relayOnce();
      expect(await queue.getJobState(`${work.businessKey}.1`)).not.toBe('unknown');
      await queue.resume();
      expect(await runs.ended(runId, never)).toMatchObject({ state: 'complete' });
    });
  });

  describe('the sweep', () => {
    it('makes the jobs anew that a wiped queue lost', async () => {
      calls.length = 0;
      const queues = app.get(WorkQueue).all();
      for (const queue of queues) await queue.pause();
      const runId = await runs.start(planBackfill(input, '2024-02'));
      if (kind === 'redis') await app.get(RelayService).relayOnce();
      await wipe(backend, database);
      for (const queue of queues) await queue.resume();
      await pause(300);
      expect(calls).toEqual([]);
      const outcome = await app.get(SweepService).sweep({ graceSeconds: 0 });
      expect(outcome.renewedRuns).toEqual([runId]);
      expect(await runs.ended(runId, never)).toMatchObject({ state: 'complete', done: 7 });
      expect(calls).toHaveLength(6);
    });

    /** Work of the run that is not done, up to the stage that is being worked on. */
    async function openBeside(runId: string): Promise<number> {
      const { rows } = await database.pool.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM work_item WHERE run_id = $1 AND state <> 'done'
           AND stage <= (SELECT max(stage) FROM work_item WHERE run_id = $1 AND state = 'running')`,
        [runId],
      );
      return rows[0]?.open ?? 0;
    }

    it('leaves alone what a worker is busy with', async () => {
      let release = (): void => undefined;
      behaviour.set('H1', () => new Promise((resolve) => (release = resolve)));
      calls.length = 0;
      const runId = await runs.start(planNight(input, '2024-12-09'));
      while (!calls.includes('claims H1 2024-12-09') || (await openBeside(runId)) > 1)
        await pause(10);
      expect(await app.get(SweepService).sweep({ graceSeconds: 0 })).toMatchObject({
        renewedRuns: [],
      });
      behaviour.clear();
      release();
      await runs.ended(runId, never);
      expect(calls).toHaveLength(6);
    });
  });

  describe('the fence', () => {
    it('refuses the commit of a worker whose work another has started', async () => {
      let commit: unknown;
      behaviour.set('H1', async ({ item }) => {
        behaviour.clear();
        const { rows } = await database.pool.query('SELECT epoch FROM work_item WHERE id = $1', [
          item,
        ]);
        commit = await withTransaction(database.pool, async () => {
          await app.get(WorkItemRepository).start(item, rows[0].epoch); // another worker takes over
          return 'committed';
        }).catch((error: unknown) => error);
        throw commit;
      });
      const runId = await runs.start(planNight(input, '2024-12-10'));
      while (commit === undefined) await pause(10);
      expect(commit).toMatchObject({ code: 'jobs.lease_lost' });
      await app.get(SweepService).sweep({ graceSeconds: 0, othersAreGone: true });
      expect(await runs.ended(runId, never)).toMatchObject({ state: 'complete' });
    });
  });
});

describe('the clock', () => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await createTestDatabase(2);
  });
  afterAll(() => own.drop());

  it.each([
    [2_500, false],
    [-2_500, false],
    [1_500, true],
    [-1_500, true],
  ])('%i ms off: starts %s', async (offMs, starts) => {
    const check = assertClockAgrees(own.pool, { now: () => Date.now() + offMs, mostMs: 2_000 });
    if (starts) await expect(check).resolves.toBeUndefined();
    else await expect(check).rejects.toMatchObject({ code: 'jobs.clock_skew' });
  });
});
