import { addDays, type IsoDate } from '../../kernel/dates.js';
import type { Year } from '../../kernel/period.js';

/** The year in which Sanya's scheme is in force, and of the shipped tables. */
export const SHIPPED_YEAR: Year = '2024';
const BEFORE = 200;
const AFTER = 40;

interface Calendar {
  readonly year: Year;
  readonly days: number;
  readonly dates: readonly IsoDate[];
}

function calendarOf(year: Year): Calendar {
  const first = `${year}-01-01`;
  const days = addDays(`${year}-02-28`, 1) === `${year}-02-29` ? 366 : 365;
  const dates = Array.from({ length: BEFORE + days + AFTER }, (_, index) =>
    addDays(first, index - BEFORE),
  );
  return { year, days, dates };
}

/** A process makes one county, and a county lives in one year: everything else counts in days from its 1 January (day 0). */
let calendar = calendarOf(SHIPPED_YEAR);

/** Moves the county to another year. To be called before anything is made. */
export function moveCalendar(year: Year): void {
  if (year !== calendar.year) calendar = calendarOf(year);
}

export function demoYear(): Year {
  return calendar.year;
}

export function daysInYear(): number {
  return calendar.days;
}

/** The last day of the backfill: 30 November. December comes night by night. */
export function lastBackfillDay(): number {
  return calendar.days - 32;
}

/** The date of a day number; negative numbers lie in the year before. */
export function dateOfDay(day: number): IsoDate {
  return calendar.dates[day + BEFORE] ?? addDays(`${calendar.year}-01-01`, day);
}

export function dayOfDate(date: IsoDate): number {
  return calendar.dates.indexOf(date) - BEFORE;
}

/** A date of the shipped year's people, as many years later as the county was moved: ages stay what they are. */
export function movedDate(date: IsoDate): IsoDate {
  const years = Number(calendar.year) - Number(SHIPPED_YEAR);
  return `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;
}

/** Month number 1…12 of a day of the year. */
export function monthNumber(day: number): number {
  return Number(dateOfDay(day).slice(5, 7));
}

/** First and last day number of a month 1…12. */
export function monthBounds(month: number): { readonly first: number; readonly last: number } {
  const firstOf = (number: number): number =>
    dayOfDate(`${calendar.year}-${String(number).padStart(2, '0')}-01`);
  return { first: firstOf(month), last: month === 12 ? calendar.days - 1 : firstOf(month + 1) - 1 };
}

/** `08:05:00` of a minute of the day. */
export function clockOf(minute: number, second = 0): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.trunc(minute / 60))}:${two(minute % 60)}:${two(second)}`;
}
