import { describe, expect, it } from '@jest/globals';
import { addDays, ageInYears, daysBetween, isIsoDate, isIsoDateTime } from './dates.js';
import { lastDay, monthsOf, nextMonth, previousMonth } from './period.js';

describe('dates', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2026-02-30', false],
    ['2024-13-01', false],
    ['2024-00-10', false],
    ['2024-04-31', false],
    ['20240401', false],
    ['0001-01-01', false],
  ])('%s exists: %s', (text, exists) => expect(isIsoDate(text)).toBe(exists));

  it.each([
    ['2024-02-29T23:59:59', true],
    ['2024-02-29T24:00:00', false],
    ['2024-02-30T00:00:00', false],
    ['2024-02-29 08:00:00', false],
  ])('%s is a time: %s', (text, exists) => expect(isIsoDateTime(text)).toBe(exists));

  it('counts days across a leap day', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2024-03-09', '2024-03-08')).toBe(-1);
    expect(addDays('2024-12-31', 1)).toBe('2025-01-01');
  });

  it.each([
    ['2010-03-15', '2024-03-14', 13],
    ['2010-03-15', '2024-03-15', 14],
    ['2024-02-29', '2025-02-28', 0],
  ])('born %s is on %s %i years old', (birth, on, years) =>
    expect(ageInYears(birth, on)).toBe(years),
  );
});

describe('periods', () => {
  it('steps over the year', () => {
    expect(nextMonth('2024-12')).toBe('2025-01');
    expect(previousMonth('2024-01')).toBe('2023-12');
    expect(lastDay('2024-02')).toBe('2024-02-29');
    expect(monthsOf('2024')).toHaveLength(12);
  });
});
