import { describe, expect, it } from '@jest/globals';
import type { DueRun } from '../calendar/due-runs.js';
import { dayBefore, monthEndOf, nightsDue, scheduleSchema, startedByNight } from './schedule.js';

describe('dayBefore', () => {
  it.each([
    ['half past one in the night', '2024-12-01T17:30:00Z', '2024-12-01'],
    ['a second before midnight', '2024-12-31T15:59:59Z', '2024-12-30'],
    ['midnight', '2024-12-31T16:00:00Z', '2024-12-31'],
  ])('%s in Shanghai', (_, instant, day) => {
    expect(dayBefore(new Date(instant), 'Asia/Shanghai')).toBe(day);
  });
});

describe('nightsDue', () => {
  it.each([
    ['the first ever', null, '2024-03-05', ['2024-03-05']],
    ['one a day', '2024-03-04', '2024-03-05', ['2024-03-05']],
    ['a tick that came twice', '2024-03-05', '2024-03-05', []],
    ['after a standstill', '2024-02-27', '2024-03-01', ['2024-02-28', '2024-02-29', '2024-03-01']],
  ])('%s', (_, last, until, due) => {
    expect(nightsDue(last, until)).toEqual(due);
  });

  it('goes back a month at most', () => {
    expect(nightsDue('2023-01-01', '2024-03-31')).toHaveLength(31);
  });
});

describe('schedule.yaml', () => {
  const schedule = {
    timezone: 'Asia/Shanghai',
    ticks: [{ job: 'night', cron: '30 1 * * *' }],
    monthEnd: { close: 'manual' },
  };

  it('leaves months to people unless told otherwise', () => {
    expect(monthEndOf(scheduleSchema.parse(schedule))).toBeNull();
    const automatic = { ...schedule, monthEnd: { close: 'automatic' } };
    expect(monthEndOf(scheduleSchema.parse(automatic))).toEqual({ confirmHard: null });
  });

  it.each([
    [undefined, []],
    [['release'], ['release 2025-01']],
    [
      ['start', 'release'],
      ['start 2025', 'release 2025-01'],
    ],
  ])('lets the night start what is due: %j', (whenDue, started) => {
    const due = (kind: string, period: string, state = 'due') =>
      ({ kind, period, state }) as unknown as DueRun;
    const all = [
      due('start', '2025'),
      due('release', '2025-01'),
      due('release', '2025-02', 'waiting'),
    ];
    const parsed = scheduleSchema.parse(
      whenDue === undefined ? schedule : { ...schedule, whenDue },
    );
    expect(startedByNight(parsed, all).map(({ kind, period }) => `${kind} ${period}`)).toEqual(
      started,
    );
  });

  it.each([
    ['a settlement that has its own day', { ...schedule, whenDue: ['month'] }],
    ['a job nobody knows', { ...schedule, ticks: [{ job: 'nigth', cron: '30 1 * * *' }] }],
    ['a cron of four fields', { ...schedule, ticks: [{ job: 'night', cron: '30 1 * *' }] }],
    ['an unknown key', { ...schedule, overlap: '1' }],
  ])('refuses %s', (_, wrong) => {
    expect(scheduleSchema.safeParse(wrong).success).toBe(false);
  });
});
