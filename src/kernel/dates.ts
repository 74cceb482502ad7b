/** A business date, `2024-02-29`, without zone. */
export type IsoDate = string;
/** A local business time without zone: `2024-02-29T08:05:00`. Only as precise as the source; hours may be unknown. */
export type IsoDateTime = string;

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const ISO_DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const MS_PER_DAY = 86_400_000;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
}

/** True for a day that exists, between 1900 and 2999: `2026-02-30` is not one. */
export function isIsoDate(text: string): boolean {
  const match = ISO_DATE.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1900 && year <= 2999 && day >= 1 && day <= daysInMonth(year, month);
}

export function isIsoDateTime(text: string): boolean {
  const match = ISO_DATE_TIME.exec(text);
  return match !== null && isIsoDate(match[1] ?? '');
}

function epochDay(date: IsoDate): number {
  return (
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) /
    MS_PER_DAY
  );
}

/** Whole days from one date to another; negative when `to` is earlier. Takes dates or date-times (time ignored). */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return epochDay(to) - epochDay(from);
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date((epochDay(date) + days) * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The date part of a date or date-time. */
export function dateOf(moment: IsoDate | IsoDateTime): IsoDate {
  return moment.slice(0, 10);
}

/** Completed years of age on a date (周岁): the birthday itself counts. */
export function ageInYears(birthDate: IsoDate, on: IsoDate): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(5, 10) < birthDate.slice(5, 10) ? years - 1 : years;
}
