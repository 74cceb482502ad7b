import { z } from 'zod';
import { RUN_KINDS } from '../jobs/plan.js';
import { reason } from './requests.js';

/** Shapes of runs: what they are, what a request would do, how far they have come. */

export const run = z
  .object({
    runId: z.string(),
    consortium: z.string(),
    kind: z.enum(RUN_KINDS),
    subject: z.string(),
    round: z.number(),
    state: z.enum(['running', 'complete', 'incomplete', 'failed']),
    items: z.number(),
    done: z.number(),
    failed: z.number(),
    demandedAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .meta({
    example: {
      runId: '31',
      consortium: 'demo-county',
      kind: 'night',
      subject: '2024-12-05',
      round: 1,
      state: 'incomplete',
      items: 18,
      done: 18,
      failed: 0,
      demandedAt: '2024-12-05 17:00:00+00',
      finishedAt: '2024-12-05 17:03:12+00',
    },
  });

export const work = z.object({
  item: z.string(),
  runId: z.string(),
  stage: z.number(),
  kind: z.string(),
  key: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  attempts: z.number(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.unknown(),
  result: z.unknown(),
});

export const impact = z
  .object({
    run: z.object({
      runId: z.string().nullable().describe('null：还没有这次运行 / there is none yet'),
      kind: run.shape.kind,
      subject: z.string(),
      state: z.string().nullable(),
    }),
    items: z.array(
      z.object({
        item: z.string().nullable(),
        stage: z.number(),
        kind: z.string(),
        businessKey: z.string(),
        queue: z.string(),
        source: z.string().nullable(),
        attempts: z.number(),
        state: z.string().nullable(),
        effect: z.enum(['create', 'resume', 'redo', 'keep']),
        closedMonths: z.array(z.string()),
      }),
    ),
    closedMonths: z
      .array(z.string())
      .describe('已关账的月份：数字不变，变化记为调整 / closed months: their figures stay'),
    remarks: z.array(z.string()),
    allowed: z.boolean(),
  })
  .meta({
    example: {
      run: { runId: '31', kind: 'night', subject: '2024-12-05', state: 'incomplete' },
      items: [
        {
          item: '402',
          stage: 3,
          kind: 'audit',
          businessKey: 'demo-county.night.2024-12-05.audit',
          queue: 'audit',
          source: null,
          attempts: 3,
          state: 'done',
          effect: 'redo',
          closedMonths: [],
        },
      ],
      closedMonths: [],
      remarks: [],
      allowed: true,
    },
  });

/** `runId` is null where only the impact was asked for. */
export const outcome = z.object({ runId: z.string().nullable(), impact });

/** Anything that looks like a day or month but is none is refused before a plan is made of it. */
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const again = z
  .boolean()
  .default(false)
  .describe('true：已完成的也重做一遍 / do also what is done already');

export const runRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('night'), subject: z.iso.date(), again }),
    z.strictObject({ kind: z.literal('backfill'), subject: month, again }),
  ])
  .meta({ example: { kind: 'night', subject: '2024-12-05', again: false } });

export const yearRequest = z
  .strictObject({ year: z.string().regex(/^(19|20)\d{2}$/), again, reason })
  .meta({ example: { year: '2024', again: false, reason: '年终清算' } });

export const startRequest = yearRequest.meta({
  example: { year: '2025', again: false, reason: '年初预付' },
});

export const releaseRequest = z
  .strictObject({ month, again, reason })
  .meta({ example: { month: '2025-03', again: false, reason: '三月考核完成' } });

export const progress = z
  .object({
    runId: z.string(),
    consortium: z.string(),
    kind: run.shape.kind,
    subject: z.string(),
    round: z.number(),
    state: run.shape.state,
    items: z.number(),
    done: z.number(),
    failed: z.number(),
    stages: z.array(
      z.object({
        stage: z.number(),
        kinds: z.array(z.string()),
        items: z.number(),
        done: z.number(),
        failed: z.number(),
        running: z.number(),
      }),
    ),
    lastError: z.object({ key: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  })
  .meta({
    example: {
      runId: '31',
      consortium: 'demo-county',
      kind: 'night',
      subject: '2024-12-05',
      round: 1,
      state: 'running',
      items: 18,
      done: 7,
      failed: 0,
      stages: [{ stage: 0, kinds: ['pull'], items: 15, done: 7, failed: 0, running: 4 }],
      lastError: null,
    },
  });
