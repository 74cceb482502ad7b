import { z } from 'zod';
import { DUE_KINDS, type DueKind, type DueRun } from '../calendar/due-runs.js';
import { addDays, type IsoDate } from '../kernel/dates.js';
import { TICKS } from './job.js';
import type { MonthEnd } from './plan.js';

const CRON = /^(\S+\s+){4,5}\S+$/;

/** `<site>/schedule.yaml`: when the gateway works by itself, and what it does at a month's end without being asked. */
export const scheduleSchema = z.strictObject({
  timezone: z.string().min(1).describe('IANA time zone of the business day / 业务日所在时区'),
  ticks: z
    .array(
      z.strictObject({
        job: z
          .enum(TICKS)
          .describe(
            'night: read the day before, audit, close on a month’s last night; clean: tidy the queues',
          ),
        cron: z
          .string()
          .regex(CRON, '应为五段或六段 cron 表达式 / five or six cron fields')
          .describe('In the time zone above'),
      }),
    )
    .describe('May be empty: everything is then started by hand'),
  monthEnd: z.discriminatedUnion('close', [
    z.strictObject({ close: z.literal('manual') }),
    z.strictObject({
      close: z.literal('automatic'),
      confirmHard: z
        .strictObject({
          decidedBy: z.string().min(1).max(100).describe('合规负责人（岗位）'),
          reason: z.string().min(1).max(500).describe('授权依据'),
        })
        .optional()
        .describe(
          'Standing decision on findings that need no judgement; absent: people confirm each',
        ),
    }),
  ]),
  whenDue: z
    .array(z.enum(DUE_KINDS))
    .default([])
    .describe(
      'Settled by the night as soon as they are due: start = 年初预付, release = 月度考核金发放; absent: by people',
    ),
});

export type Schedule = z.infer<typeof scheduleSchema>;

export function monthEndOf({ monthEnd }: Schedule): MonthEnd | null {
  return monthEnd.close === 'automatic' ? { confirmHard: monthEnd.confirmHard ?? null } : null;
}

/** What of the settlements that are due the night starts: kinds that the site has switched on, and that wait for nothing. */
export function startedByNight({ whenDue }: Schedule, due: readonly DueRun[]): readonly DueRun[] {
  const on: ReadonlySet<DueKind> = new Set(whenDue);
  return due.filter(({ kind, state }) => state === 'due' && on.has(kind));
}

/** The business day before an instant, in the site's time zone: what the night that follows it reads. */
export function dayBefore(instant: Date, timezone: string): IsoDate {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(instant);
  return addDays(parts, -1);
}

/** A gateway that was off catches up on this many nights at most; older ones are asked for by hand. */
const MOST_NIGHTS_CAUGHT_UP = 31;

/** The nights not yet run, oldest first, up to the day before `instant`. */
export function nightsDue(lastRun: IsoDate | null, until: IsoDate): readonly IsoDate[] {
  const earliest = addDays(until, 1 - MOST_NIGHTS_CAUGHT_UP);
  const next = lastRun === null ? until : addDays(lastRun, 1);
  const due: IsoDate[] = [];
  for (let day = next < earliest ? earliest : next; day <= until; day = addDays(day, 1)) {
    due.push(day);
  }
  return due;
}
