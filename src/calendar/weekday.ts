import { daysBetween, type IsoDate } from '../kernel/dates.js';

/** A Monday. */
const MONDAY = '2024-01-01';

/** 0 = Monday … 6 = Sunday. */
function weekdayOf(date: IsoDate): number {
  return ((daysBetween(MONDAY, date) % 7) + 7) % 7;
}

export function isWeekend(date: IsoDate): boolean {
  return weekdayOf(date) >= 5;
}
