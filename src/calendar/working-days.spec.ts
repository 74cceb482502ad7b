import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../config/yaml-text.js';
import { addDays } from '../kernel/dates.js';
import { loadWorkingDays } from './calendar.loader.js';
import { calendarYearSchema, siteCalendarSchema } from './calendar-file.js';
import { CalendarGapError } from './errors.js';
import { isWeekend } from './weekday.js';
import { WorkingDays } from './working-days.js';

const root = join(import.meta.dirname, '../..');
const shipped = loadWorkingDays({
  homeDir: root,
  configDir: join(root, 'config'),
  siteDir: join(root, 'config/demo'),
  dataDir: root,
});

describe('weekdays', () => {
  it.each([
    ['2024-01-01', false], // Monday
    ['2024-02-10', true],
    ['2023-12-31', true], // before the anchor
    ['2026-11-22', true],
    ['2026-11-23', false],
  ])('%s is a weekend: %s', (date, weekend) => {
    expect(isWeekend(date)).toBe(weekend);
  });
});

describe('the shipped calendar (国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号)', () => {
  it.each([
    ['2024-02-04', true, '调休上班'], // Sunday worked for the Spring Festival
    ['2024-02-09', true, null], // New Year's Eve of 2024: rest was encouraged, not ordered
    ['2024-02-10', false, '春节'],
    ['2024-02-18', true, '调休上班'],
    ['2024-10-07', false, '国庆节'],
    ['2024-10-12', true, '调休上班'],
    ['2024-10-13', false, null],
    ['2025-01-01', false, '元旦'],
    ['2025-01-28', false, '春节'],
    ['2025-02-08', true, '调休上班'],
    ['2025-10-08', false, '国庆节、中秋节'],
    ['2025-10-09', true, null],
    ['2026-01-02', false, '元旦'],
    ['2026-01-04', true, '调休上班'],
    ['2026-02-23', false, '春节'],
    ['2026-10-08', true, null],
  ])('%s works: %s (%s)', (date, working, name) => {
    expect(shipped.day(date)).toMatchObject({ working, name });
  });

  it.each([
    ['2024', 251], // 366 − 104 weekend days … as the notices leave them
    ['2025', 248],
    ['2026', 248],
  ])('%s has %d working days', (year, count) => {
    expect(shipped.workingDaysBetween(addDays(`${year}-01-01`, 0), `${year}-12-31`)).toBe(count);
  });

  it('halts in a year nobody has entered', () => {
    expect(() => shipped.day('2027-01-04')).toThrow(CalendarGapError);
    expect(() => shipped.addWorkingDays('2026-12-25', 10)).toThrow(/2027/);
  });
});

describe('a term of working days', () => {
  it.each([
    ['2024-03-01', 1, '2024-03-04'], // Friday → Monday
    ['2024-03-02', 1, '2024-03-04'], // from a Saturday too
    ['2024-02-08', 3, '2024-02-19'], // 9 February, the make-up Sunday of the 18th, Monday the 19th
    ['2024-09-30', 1, '2024-10-08'],
    ['2025-01-24', 3, '2025-02-05'], // 26 January worked, 27 January, then after the festival
    ['2025-01-27', 10, '2025-02-17'], // with Saturday 8 February worked
    ['2025-04-10', 30, '2025-05-26'],
  ])('from %s, %d working days end on %s', (from, count, due) => {
    expect(shipped.addWorkingDays(from, count)).toBe(due);
    expect(shipped.workingDaysBetween(from, due)).toBe(count);
  });

  it('refuses a term of no days', () => {
    expect(() => shipped.addWorkingDays('2024-03-01', 0)).toThrow(RangeError);
    expect(() => shipped.addWorkingDays('2024-03-01', 1.5)).toThrow(RangeError);
  });

  it('counts nothing backwards', () => {
    expect(shipped.workingDaysBetween('2024-03-04', '2024-03-01')).toBe(0);
  });
});

describe('calendar files', () => {
  const year = (holidays: string, workdays: string) => `
year: 2030
document: { number: 样例, title: 样例, issued: 2029-11-01 }
holidays: [${holidays}]
workdays: [${workdays}]`;
  const read = (text: string) => parseYaml({ text, path: '2030.yaml', schema: calendarYearSchema });

  it.each([
    ['{ name: 元旦, from: 2029-12-31, to: 2030-01-01 }', '', '不在 2030 年内'],
    ['{ name: 元旦, from: 2030-01-02, to: 2030-01-01 }', '', 'to 早于 from'],
    ['{ name: 元旦, from: 2030-01-01, to: 2030-01-01 }', '2030-01-07', '周六或周日'],
    ['{ name: 元旦, from: 2030-01-01, to: 2030-01-05 }', '2030-01-05', '又写在 holidays'],
    [
      '{ name: 元旦, from: 2030-01-01, to: 2030-01-02 }, { name: 元旦, from: 2030-01-02, to: 2030-01-03 }',
      '',
      '写了两次',
    ],
  ])('refuses holidays %s with workdays %s', (holidays, workdays, words) => {
    expect(() => read(year(holidays, workdays))).toThrow(words);
  });

  it('lets a site add days of its own, cited', () => {
    const site = parseYaml({
      text: `
documents: { sample-2030-1: { number: 样例, title: 演示用放假通知（非真实政策）, issued: 2030-01-01 } }
days:
  - { name: 三月三, from: 2030-04-05, to: 2030-04-05, kind: holiday, clause: sample-2030-1 §1 }
  - { name: 补班, from: 2030-04-06, to: 2030-04-06, kind: workday, clause: sample-2030-1 §1 }`,
      path: 'calendar.yaml',
      schema: siteCalendarSchema,
    });
    const days = WorkingDays.of(
      [read(year('{ name: 元旦, from: 2030-01-01, to: 2030-01-01 }', ''))],
      site,
    );
    expect(days.day('2030-04-05')).toEqual({
      working: false,
      name: '三月三',
      basis: 'sample-2030-1 §1',
    });
    expect(days.isWorkingDay('2030-04-06')).toBe(true); // a Saturday
    expect(days.isWorkingDay('2030-04-08')).toBe(true);
  });
});
