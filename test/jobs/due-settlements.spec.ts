import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { DeadlineService } from '../../src/calendar/deadline.service.js';
import type { RunPlan } from '../../src/jobs/plan.js';
import type { RunService } from '../../src/jobs/run.service.js';
import { scheduleSchema } from '../../src/jobs/schedule.js';
import { ScheduleService } from '../../src/jobs/schedule.service.js';
import type { SitePlan } from '../../src/jobs/site-plan.service.js';
import type { WorkQueue } from '../../src/jobs/work-queue.service.js';
import { input } from './fixture.js';

/** The night's tick: after the nights that are owed, the settlements whose day has come. */

const CONSORTIUM = input.consortium;
const TICK = new Date('2025-02-10T17:30:00Z'); // half past one of the 11th in Shanghai

async function startedBy(whenDue: readonly string[]) {
  const started: RunPlan[] = [];
  const asked: unknown[] = [];
  const schedule = scheduleSchema.parse({
    ...{ timezone: 'Asia/Shanghai', ticks: [], monthEnd: { close: 'manual' }, whenDue },
  });
  const service = new ScheduleService(
    { query: async () => ({ rows: [{ last: '2025-02-09' }] }) } as unknown as pg.Pool,
    { schedule: () => schedule, input: () => input } as unknown as SitePlan,
    { start: async (plan: RunPlan) => started.push(plan) } as unknown as RunService,
    {} as WorkQueue,
    {
      dueRuns: async (question: unknown) => {
        asked.push(question);
        return [
          { kind: 'start', period: '2025', state: 'due' },
          { kind: 'release', period: '2025-01', state: 'due' },
          { kind: 'release', period: '2025-02', state: 'waiting' },
        ];
      },
    } as unknown as DeadlineService,
  );
  await service.tick('night', TICK);
  return { asked, runs: started.map(({ kind, subject }) => `${kind} ${subject}`) };
}

describe('the tick of a night', () => {
  it('starts what is due and switched on, by the day it is at the site', async () => {
    expect(await startedBy(['start', 'release'])).toEqual({
      asked: [{ consortium: CONSORTIUM, on: '2025-02-11' }],
      runs: ['night 2025-02-10', 'start 2025', 'release 2025-01'],
    });
    expect((await startedBy(['release'])).runs).toEqual(['night 2025-02-10', 'release 2025-01']);
  });

  it('asks nothing where people start them', async () => {
    expect(await startedBy([])).toEqual({ asked: [], runs: ['night 2025-02-10'] });
  });
});
