import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { withTransaction } from '../../src/database/transaction.repository.js';
import type { JobContext, JobHandler, JobResult } from '../../src/jobs/job.js';
import { planned } from '../../src/jobs/job.js';
import { pullWindow } from '../../src/jobs/job-kinds.js';
import type { RunPlan } from '../../src/jobs/plan.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService } from '../../src/jobs/run.service.js';
import { SweepService } from '../../src/jobs/sweep.service.js';
import { addDays } from '../../src/kernel/dates.js';
import { GatewayError } from '../../src/kernel/errors.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  backendOf,
  consortium,
  describeOnEachBackend,
  limits,
  startWorker,
  type WorkerOptions,
  wipe,
} from './fixture.js';

interface Pull {
  institution: string;
  from: string;
}

/** Who reads now, the most that ever read one source at once, and the order in which reads ended. */
const reading = new Map<string, number>();
const mostAtOnce = new Map<string, number>();
const ended: string[] = [];
let read: (pull: Pull, context: JobContext) => Promise<void> = async () => undefined;

class FakePull implements JobHandler<Pull> {
  readonly job = pullWindow as never;

  async handle(pull: Pull, context: JobContext): Promise<JobResult> {
    const { institution } = pull;
    reading.set(institution, (reading.get(institution) ?? 0) + 1);
    mostAtOnce.set(
      institution,
      Math.max(mostAtOnce.get(institution) ?? 0, reading.get(institution) ?? 0),
    );
    try {
      await read(pull, context);
      ended.push(institution);
    } finally {
      reading.set(institution, (reading.get(institution) ?? 0) - 1);
    }
    return {};
  }
}

class NightOnlyError extends GatewayError {
  readonly code = 'test.night_only';
  readonly recovery = 'retry';
  readonly remedy = 'none';
  constructor(readonly deferUntil: Date) {
    super('not at this hour');
  }
}

let runs = 0;
/** Windows of members, in the order given. */
function windows(counts: Readonly<Record<string, number>>): RunPlan {
  const subject = `2023-${String(++runs).padStart(2, '0')}`;
  const scope = `${consortium}.backfill.${subject}`;
  const works = Object.entries(counts).flatMap(([institution, count]) =>
    Array.from({ length: count }, (_, day) => {
      const from = addDays('2023-01-01', day);
      const window = { from, to: addDays(from, 1), late: false };
      return planned(pullWindow, { institution, streams: ['claims' as const], ...window }, scope);
    }),
  );
  return { consortium, kind: 'backfill', subject, stages: [works] };
}

describeOnEachBackend('sources', (kind) => {
  let database: TestDatabase;
  let backend: QueueBackend;
  const hosts: INestApplicationContext[] = [];
  const never = new AbortController().signal;

  const host = async (options: WorkerOptions = {}): Promise<void> => {
    hosts.push(await startWorker(database, [FakePull], { backend, ...options }));
  };
  const service = (): RunService => {
    const [first] = hosts;
    if (first === undefined) throw new RangeError('no host');
    return first.get(RunService);
  };
  const carryOut = async (plan: RunPlan) =>
    service().ended(await service().start(plan), AbortSignal.timeout(30_000));

  beforeAll(async () => {
    database = await createTestDatabase(24);
    backend = await backendOf(kind, database);
  });

  beforeEach(() => {
    reading.clear();
    mostAtOnce.clear();
    ended.length = 0;
    read = async () => undefined;
  });

  afterAll(async () => {
    await Promise.all(hosts.map((each) => each.close()));
    await wipe(backend, database);
    await database.drop();
  });

  describe('two hosts', () => {
    beforeAll(async () => {
      await host();
      await host();
    });

    it('let a member with twenty slow windows hold up nobody, and read it one window at a time', async () => {
      const small = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`V${n}`, 1]));
      read = async ({ institution }) => {
        await pause(institution === 'huge' ? 150 : 20);
      };
      expect(await carryOut(windows({ huge: 20, ...small }))).toMatchObject({
        state: 'complete',
        done: 30,
      });
      const lastSmall = Math.max(...Object.keys(small).map((name) => ended.lastIndexOf(name)));
      const hugeBefore = ended.slice(0, lastSmall).filter((name) => name === 'huge').length;
      expect(hugeBefore).toBeLessThanOrEqual(5);
      expect(mostAtOnce.get('huge')).toBe(1);
    }, 30_000);

    it('call the next window of a member when its source is free, without waiting to ask again', async () => {
      read = () => pause(30);
      const began = performance.now();
      await carryOut(windows({ busy: 12 }));
      expect(performance.now() - began).toBeLessThan(6_000); // asking alone would take twelve times three seconds
      expect(mostAtOnce.get('busy')).toBe(1);
    }, 40_000);

    it('wait for the seat of a reader that vanished, and no longer', async () => {
      await database.pool.query(
        `INSERT INTO source_lease (institution, seat, holder, item, epoch, expires_at)
         VALUES ('gone', 1, gen_random_uuid(), 1, 0, clock_timestamp() + interval '1500 milliseconds')`,
      );
      const began = performance.now();
      expect(await carryOut(windows({ gone: 1 }))).toMatchObject({ state: 'complete' });
      const tookMs = performance.now() - began;
      expect(tookMs).toBeGreaterThan(1_200);
      expect(tookMs).toBeLessThan(6_000);
    }, 10_000);

    it('void what a reader commits after its seat went to somebody else, and read again', async () => {
      let refused: unknown;
      let aborted = false;
      read = async ({ institution }, { signal }) => {
        if (institution !== 'lost' || refused !== undefined) return;
        await database.pool.query(
          `UPDATE source_lease SET epoch = 0, holder = gen_random_uuid(), expires_at = clock_timestamp() + interval '4 seconds'
            WHERE institution = 'lost'`,
        );
        refused = await withTransaction(database.pool, async () => 'committed').catch((e) => e);
        await pause(limits.heartbeatMs + 500, undefined, { signal }).catch(() => undefined);
        aborted = signal.aborted;
        throw refused;
      };
      expect(await carryOut(windows({ lost: 1 }))).toMatchObject({ state: 'complete', failed: 0 });
      expect(refused).toMatchObject({ code: 'jobs.source_lease_lost' });
      expect(aborted).toBe(true);
    }, 20_000);

    it('put work off to the hour it asks for, at no cost of attempts', async () => {
      let asked = 0;
      const from = Date.now();
      read = async () => {
        asked += 1;
        if (asked === 1) throw new NightOnlyError(new Date(from + 1_500));
      };
      const runId = await service().start(windows({ night: 1 }));
      await pause(700);
      const { rows } = await database.pool.query(
        `SELECT state, attempts, last_error ->> 'code' AS code FROM work_item WHERE run_id = $1`,
        [runId],
      );
      expect(rows).toEqual([{ state: 'pending', attempts: 0, code: 'test.night_only' }]);
      expect(await service().ended(runId, never)).toMatchObject({ state: 'complete' });
      expect(Date.now() - from).toBeGreaterThanOrEqual(1_500);
      expect(asked).toBe(2);
    }, 10_000);
  });

  it('gives away the seat of a reader that lost it and does not stop', async () => {
    await Promise.all(hosts.splice(0).map((each) => each.close()));
    await host({ limits: { ...limits, sourceLeaseMs: 1_500, heartbeatMs: 300 } });
    const reads: string[] = [];
    read = async ({ from }, { signal }) => {
      reads.push(from);
      if (reads.length > 1) return;
      await withTransaction(database.pool, async (client) => {
        await client.query('LOCK TABLE source_lease IN ACCESS EXCLUSIVE MODE'); // nobody can prolong anything
        while (!signal.aborted) await pause(50);
      });
      while (reads.length < 2) await pause(50); // deaf to the signal
    };
    expect(await carryOut(windows({ deaf: 2 }))).toMatchObject({ state: 'complete' });
  }, 20_000);

  it('calls work that a wrong clock put off, when it is swept', async () => {
    const from = Date.now();
    read = async () => {
      if (Date.now() - from < 500) throw new NightOnlyError(new Date(from + 3_600_000));
    };
    const runId = await service().start(windows({ misled: 1 }));
    await pause(1_000);
    const { rowCount } = await database.pool.query(
      `UPDATE work_item SET due_at = now() WHERE run_id = $1 AND state = 'pending'`, // what the database knows
      [runId],
    );
    expect(rowCount).toBe(1);
    await hosts[0]?.get(SweepService).sweep({ graceSeconds: 0 });
    expect(await service().ended(runId, AbortSignal.timeout(10_000))).toMatchObject({
      state: 'complete',
    });
  }, 20_000);

  it('reads a source by as many as it is said to bear, though never by a whole process', async () => {
    await Promise.all(hosts.splice(0).map((each) => each.close()));
    await host({ limits: { ...limits, readersPerSource: 8, sourcesAtOnce: 4 } });
    read = () => pause(100);
    await carryOut(windows({ strong: 12 }));
    expect(mostAtOnce.get('strong')).toBe(3);
  }, 20_000);
});
