import { z } from 'zod';
import { STREAMS } from '../ingest/fields.js';
import { isMonth } from '../kernel/period.js';
import { defineJob } from './job.js';

/** Every kind of job: what it is about, where it queues, and what makes two of them the same work. */

const month = z.string().refine(isMonth, 'YYYY-MM');
const year = z.string().regex(/^\d{4}$/);
const consortium = z.string().min(1);

/** Reads one window of one member's streams. */
export const pullWindow = defineJob({
  name: 'pull',
  queue: 'ingest',
  payload: z.strictObject({
    institution: z.string().min(1),
    streams: z.array(z.enum(STREAMS)).min(1),
    from: z.iso.date(),
    to: z.iso.date(),
    late: z.boolean(),
    /** First day before the window that is looked at again; null: as the stream is configured. Absent: none. */
    lookBackFrom: z.iso.date().nullish(),
  }),
  attempts: 5,
  flush: 'at-end', // what was read can be read again
  source: ({ institution }) => institution,
  key: ({ institution, streams, from, to }) =>
    `${institution}.${streams.includes('persons') ? 'persons' : 'claims'}.${from}_${to}`,
});

const word = z.strictObject({ by: z.string().min(1), reason: z.string().min(1) });

/** Part of a stretch of days that somebody wants looked at again. */
const stretch = z.strictObject({
  institution: z.string().min(1),
  /** Absent: all that are configured. */
  streams: z.array(z.enum(STREAMS)).min(1).optional(),
  from: z.iso.date(),
  to: z.iso.date(),
  part: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
  /** Whatever hour it is: who said so and why. */
  outsideHours: word.optional(),
});

/** Compares days with their source key by key (全量比对), and puts right what differs if told to. */
export const syncCompare = defineJob({
  name: 'sync-compare',
  queue: 'ingest',
  payload: stretch.extend({
    repair: z.boolean(),
    /** Rows that the source no longer has may go, however many they are: who said so and why. */
    withdrawal: word.optional(),
  }),
  attempts: 5,
  flush: 'at-end',
  source: ({ institution }) => institution,
  key: ({ institution, part }) => `${institution}.${part.from}_${part.to}`,
});

/** Reads days anew, in the windows they were read in. */
export const syncBackfill = defineJob({
  name: 'sync-backfill',
  queue: 'ingest',
  payload: stretch,
  attempts: 5,
  flush: 'at-end',
  source: ({ institution }) => institution,
  key: ({ institution, part }) => `${institution}.${part.from}_${part.to}`,
});

/** Does nothing by itself; when it ends, the next stage of its run is queued. */
export const openNext = defineJob({
  name: 'open-next',
  queue: 'ingest',
  payload: z.strictObject({ after: z.string() }),
  attempts: 5,
  key: ({ after }) => after,
});

/** Runs every active audit rule over accounting months (智能审核). */
export const auditMonth = defineJob({
  name: 'audit',
  queue: 'audit',
  payload: z.strictObject({
    consortium,
    months: z.array(month).min(1),
    scope: z.enum(['all', 'changed']),
  }),
  attempts: 3,
  flush: 'at-end',
  key: ({ months }) => months.join('_'),
});

/** Carries out the compliance officer's standing decision on findings that need no judgement. */
export const confirmHard = defineJob({
  name: 'confirm-hard',
  queue: 'settle',
  payload: z.strictObject({
    consortium,
    months: z.array(month).min(1),
    decidedBy: z.string().min(1),
    reason: z.string().min(1),
  }),
  attempts: 3,
  key: ({ months }) => months.join('_'),
});

/** Computes a month's prepayment (月度预付) and closes the month when asked. */
export const settleMonth = defineJob({
  name: 'settle-month',
  queue: 'settle',
  payload: z.strictObject({ consortium, month, close: z.boolean() }),
  attempts: 3,
  key: (payload) => payload.month,
});

/** Computes the start-of-year prepayment (年初预付). */
export const settleStart = defineJob({
  name: 'settle-start',
  queue: 'settle',
  payload: z.strictObject({ consortium, year }),
  attempts: 3,
  key: (payload) => payload.year,
});

/** Releases what a month held back until its assessment (月度考核金). */
export const settleRelease = defineJob({
  name: 'settle-release',
  queue: 'settle',
  payload: z.strictObject({ consortium, month }),
  attempts: 3,
  key: (payload) => payload.month,
});

/** Computes the annual clearing. */
export const settleYear = defineJob({
  name: 'settle-year',
  queue: 'settle',
  payload: z.strictObject({ consortium, year }),
  attempts: 3,
  key: (payload) => payload.year,
});

/** Writes the declarations of months to the agency into the outbox. */
export const declareMonths = defineJob({
  name: 'declare',
  queue: 'agency',
  payload: z.strictObject({ consortium, months: z.array(month).min(1) }),
  attempts: 3,
  key: ({ months }) => months.join('_'),
});

/** Sends what waits in the outbox and asks after what has no answer. */
export const dispatchMessages = defineJob({
  name: 'dispatch',
  queue: 'agency',
  payload: z.strictObject({ consortium }),
  attempts: 5,
  key: (payload) => payload.consortium,
});

/** Compares source, gateway and agency, month by month. */
export const reconcileMonths = defineJob({
  name: 'reconcile',
  queue: 'agency',
  payload: z.strictObject({ consortium, months: z.array(month).min(1) }),
  attempts: 3,
  key: ({ months }) => months.join('_'),
});

/** Recomputes the journal's chain of hashes. */
export const verifyJournal = defineJob({
  name: 'verify-journal',
  queue: 'settle',
  payload: z.strictObject({ consortium }),
  attempts: 3,
  key: (payload) => payload.consortium,
});
