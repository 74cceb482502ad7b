import { daysInMonth, isIsoDate, isIsoDateTime } from '../../kernel/dates.js';

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

/** ISO as databases print it: a blank or `T` before the time, seconds optional. Read where it stands, for there are many of them. */
function isoReader(): DateReader {
  return (text) => {
    if (!startsWithDay(text)) return null;
    if (text.length === DAY_LENGTH) return text;
    if (!goesOnWithTime(text)) return null;
    const day = text.slice(0, DAY_LENGTH);
    return text.length === 16 ? `${day}T${text.slice(11)}:00` : withT(text, day);
  };
}

function withT(text: string, day: string): string {
  const isCanonical = text.length === MOMENT_LENGTH && text.charCodeAt(DAY_LENGTH) === LETTER_T;
  return isCanonical ? text : `${day}T${text.slice(11, MOMENT_LENGTH)}`;
}

function goesOnWithTime(text: string): boolean {
  const separator = text.charCodeAt(DAY_LENGTH);
  if (separator !== BLANK && separator !== LETTER_T) return false;
  if (text.length === 16) return isTime(text, false);
  if (!isTime(text, true)) return false;
  return text.length <= MOMENT_LENGTH || ISO_TAIL.test(text.slice(MOMENT_LENGTH));
}

const BLANK = 32;
const LETTER_T = 84;
const COLON = 58;
const HYPHEN = 45;
const MOMENT_LENGTH = 19;

/** `YYYY-MM-DD` of a day that exists. */
function startsWithDay(text: string): boolean {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(year >= 1900 && year <= 2999 && month >= 1 && month <= 12)) return false;
  return day >= 1 && day <= daysInMonth(year, month);
}

/** `HH:mm[:ss]` from the twelfth character on, of a day that ends at 23:59:59. */
function isTime(text: string, hasSeconds: boolean): boolean {
  if (text.charCodeAt(13) !== COLON || !(twoDigits(text, 11) < 24)) return false;
  if (!(twoDigits(text, 14) < 60)) return false;
  return !hasSeconds || (text.charCodeAt(16) === COLON && twoDigits(text, 17) < 60);
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
