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

/** ISO as databases print it: a blank or `T`, seconds and fractions optional, a zone ignored (sessions speak local time). */
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** @returns null when the format lacks year, month or day, or names a part twice */
export function dateReader(format: string): DateReader | null {
  if (format === 'iso') return readIso;
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

function readIso(text: string): string | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, day = '', minutes, seconds = '00'] = match;
  return existing(day, minutes === undefined ? null : `${minutes}:${seconds}`);
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
