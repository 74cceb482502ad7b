import { addDays, type IsoDate } from '../../kernel/dates.js';

/** The demo county lives in 2024, the year in which Sanya's scheme is in force; day 0 is 1 January. */
export const YEAR = '2024';
const FIRST_DAY: IsoDate = '2024-01-01';
export const DAYS_IN_YEAR = 366;
/** The last day of the backfill: 30 November. December comes night by night. */
export const LAST_BACKFILL_DAY = 334;

const BEFORE = 200;
const DATES: readonly IsoDate[] = Array.from({ length: BEFORE + DAYS_IN_YEAR + 40 }, (_, index) =>
  addDays(FIRST_DAY, index - BEFORE),
);

/** The date of a day number; negative numbers lie in 2023. */
export function dateOfDay(day: number): IsoDate {
  return DATES[day + BEFORE] ?? addDays(FIRST_DAY, day);
}

export function dayOfDate(date: IsoDate): number {
  return DATES.indexOf(date) - BEFORE;
}

/** Month number 1…12 of a day of 2024. */
export function monthNumber(day: number): number {
  return Number(dateOfDay(day).slice(5, 7));
}

/** First and last day number of a month 1…12. */
export function monthBounds(month: number): { readonly first: number; readonly last: number } {
  const text = String(month).padStart(2, '0');
  const first = dayOfDate(`${YEAR}-${text}-01`);
  const last =
    month === 12
      ? DAYS_IN_YEAR - 1
      : dayOfDate(`${YEAR}-${String(month + 1).padStart(2, '0')}-01`) - 1;
  return { first, last };
}

/** `08:05:00` of a minute of the day. */
export function clockOf(minute: number, second = 0): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.trunc(minute / 60))}:${two(minute % 60)}:${two(second)}`;
}
