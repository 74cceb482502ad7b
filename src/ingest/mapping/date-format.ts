import { isIsoDate, isIsoDateTime } from '../../kernel/dates.js';

/** Reads a date text of one format into `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm:ss`; null when it is not one or does not exist. */
export type DateReader = (text: string) => string | null;

const TOKENS: Readonly<Record<string, readonly [part: string, pattern: string]>> = {
  yyyy: ['year', '\\d{4}'],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  dd: ['day', '\\d{2}'],
  d: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  m: ['minute', '\\d{1,2}'],
  ss: ['second', '\\d{2}'],
  s: ['second', '\\d{1,2}'],
};
const TOKEN = /yyyy|MM?|dd?|HH?|mm?|ss?|./gsu;

/** What may follow the seconds of an ISO moment: a fraction, a zone (ignored: sessions speak local time). */
const ISO_TAIL = /^(?:\.\d{1,9})?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;
const DAY_LENGTH = 10;

/** @returns null when the format lacks year, month or day, or names a part twice */
export function dateReader(format: string): DateReader | null {
  if (format === 'iso') return isoReader();
  const parts: string[] = [];
  const pattern = (format.match(TOKEN) ?? []).map((token) => {
    const known = TOKENS[token];
    if (known === undefined) return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    parts.push(known[0]);
    return `(${known[1]})`;
  });
  const complete = ['year', 'month', 'day'].every((part) => parts.includes(part));
  if (!complete || new Set(parts).size !== parts.length) return null;
  return patternReader(new RegExp(`^${pattern.join('')}$`), parts);
}

/** ISO as databases print it: a blank or `T` before the time, seconds optional. Days repeat, so they are remembered. */
function isoReader(): DateReader {
  const days = new Map<string, boolean>();
  const exists = (day: string): boolean => {
    let known = days.get(day);
    if (known === undefined) {
      known = isIsoDate(day);
      if (days.size >= REMEMBERED_DAYS) days.clear();
      days.set(day, known);
    }
    return known;
  };
  return (text) => {
    const day = text.slice(0, DAY_LENGTH);
    if (!exists(day)) return null;
    if (text.length === DAY_LENGTH) return day;
    const time = timeOf(text);
    return time === null ? null : `${day}T${time}`;
  };
}

const REMEMBERED_DAYS = 10_000;

function timeOf(text: string): string | null {
  const separator = text.charCodeAt(DAY_LENGTH);
  if (separator !== 32 && separator !== 84) return null;
  const time = text.length === 16 ? `${text.slice(11, 16)}:00` : text.slice(11, 19);
  if (!isTime(time)) return null;
  return text.length <= 19 || ISO_TAIL.test(text.slice(19)) ? time : null;
}

/** `HH:mm:ss`, of a day that ends at 23:59:59. */
function isTime(time: string): boolean {
  if (time.length !== 8 || time.charCodeAt(2) !== 58 || time.charCodeAt(5) !== 58) return false;
  return twoDigits(time, 0) < 24 && twoDigits(time, 3) < 60 && twoDigits(time, 6) < 60;
}

/** NaN, which is less than nothing, when a character is no digit. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function patternReader(pattern: RegExp, parts: readonly string[]): DateReader {
  const [year, month, day, hour, minute, second] = [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
  ].map((part) => parts.indexOf(part) + 1) as [number, number, number, number, number, number];
  return (text) => {
    const match = pattern.exec(text);
    if (match === null) return null;
    const two = (index: number): string =>
      index === 0 ? '00' : (match[index] ?? '').padStart(2, '0');
    const date = `${match[year]}-${two(month)}-${two(day)}`;
    return existing(date, hour === 0 ? null : `${two(hour)}:${two(minute)}:${two(second)}`);
  };
}

function existing(day: string, time: string | null): string | null {
  if (time === null) return isIsoDate(day) ? day : null;
  const moment = `${day}T${time}`;
  return isIsoDateTime(moment) ? moment : null;
}
