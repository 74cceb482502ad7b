import { addDays, daysInMonth, type IsoDate } from './dates.js';

/** A settlement month, `2024-03`. */
export type Month = string;
/** A settlement year, `2024`. */
export type Year = string;

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

export function monthOf(date: IsoDate): Month {
  return date.slice(0, 7);
}

export function yearOf(date: IsoDate | Month): Year {
  return date.slice(0, 4);
}

export function firstDay(month: Month): IsoDate {
  return `${month}-01`;
}

export function lastDay(month: Month): IsoDate {
  return `${month}-${String(daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)))).padStart(2, '0')}`;
}

export function nextMonth(month: Month): Month {
  return monthOf(addDays(lastDay(month), 1));
}

export function previousMonth(month: Month): Month {
  return monthOf(addDays(firstDay(month), -1));
}

export function monthsOf(year: Year): Month[] {
  return Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
}

/** So many months later; earlier where negative. */
export function addMonths(month: Month, count: number): Month {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
