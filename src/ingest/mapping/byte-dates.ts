import { daysInMonth } from '../../kernel/dates.js';
import { type ByteInput, blank } from './byte-fields.js';
import type { ByteField, ByteRow } from './byte-row.js';

const HYPHEN = 45;
const COLON = 58;
const BLANK = 32;
const DOT = 46;
const ZERO = 48;
const LETTER_T = 84;
const DAY_LENGTH = 10;
const MOMENT_LENGTH = 19;
const LONGEST = MOMENT_LENGTH + 10;

/** What is kept of a cell that holds a moment, and whether one that holds a day may stay so. */
const KEPT = {
  date: { ofMoment: DAY_LENGTH, days: true },
  moment: { ofMoment: MOMENT_LENGTH, days: false },
  'day-or-moment': { ofMoment: MOMENT_LENGTH, days: true },
} as const;

/** Days and moments as databases print them; a moment to the second, or with a fraction that is cut off. */
export function dateBytes({ column, index, spec, isWanted }: ByteInput): ByteField {
  const { ofMoment, days: mayBeDay } = KEPT[spec.kind as keyof typeof KEPT];
  const written = new Canonical();
  const cell = (row: ByteRow): boolean => {
    const { cells, scratch, days, out } = row;
    const { bytes } = cells;
    const from = cells.from(column);
    const length = cells.to(column) - from;
    const isDay = length === DAY_LENGTH;
    const kept = isDay ? DAY_LENGTH : ofMoment;
    const day = dayAt(bytes, from);
    if (day === 0 || !(isDay ? mayBeDay : isMoment(bytes, from, length))) return false;
    days[index] = day;
    written.take(bytes, from, kept);
    out.copy(written.bytes, 0, kept);
    if (isWanted || row.wantsTexts) scratch.texts[index] = written.text();
    return true;
  };
  return (row) => {
    if (!row.cells.isBlank(column)) return cell(row);
    row.days[index] = 0;
    return blank(row, index, spec);
  };
}

/** A day or a moment in canonical form; its text is made anew only when it changed, for the rows of a claim share their moments. */
class Canonical {
  readonly bytes = Buffer.alloc(MOMENT_LENGTH);
  private length = 0;
  private known: string | null = null;

  take(source: Uint8Array, from: number, length: number): void {
    const { bytes } = this;
    let isSame = length === this.length;
    for (let index = 0; index < length; index += 1) {
      const byte = index === DAY_LENGTH ? LETTER_T : (source[from + index] ?? 0);
      if (bytes[index] === byte) continue;
      bytes[index] = byte;
      isSame = false;
    }
    this.length = length;
    if (!isSame) this.known = null;
  }

  text(): string {
    this.known ??= this.bytes.toString('latin1', 0, this.length);
    return this.known;
  }
}

/** `2024-01-05` → 20240105; 0 where no day that exists is written so. */
function dayAt(bytes: Uint8Array, from: number): number {
  if (bytes[from + 4] !== HYPHEN || bytes[from + 7] !== HYPHEN) return 0;
  const year = twoDigits(bytes, from) * 100 + twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  if (!(year >= 1900 && year <= 2999 && month >= 1 && month <= 12)) return 0;
  return day >= 1 && day <= daysInMonth(year, month) ? year * 10_000 + month * 100 + day : 0;
}

function isMoment(bytes: Uint8Array, from: number, length: number): boolean {
  if (length < MOMENT_LENGTH || length > LONGEST) return false;
  const separator = bytes[from + DAY_LENGTH];
  if (separator !== BLANK && separator !== LETTER_T) return false;
  if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return false;
  if (!(twoDigits(bytes, from + 11) < 24 && twoDigits(bytes, from + 14) < 60)) return false;
  if (!(twoDigits(bytes, from + 17) < 60)) return false;
  return length === MOMENT_LENGTH || isFraction(bytes, from + MOMENT_LENGTH, from + length);
}

function isFraction(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== DOT || from + 1 === to) return false;
  for (let at = from + 1; at < to; at += 1) {
    if (!((bytes[at] ?? 0) - ZERO >= 0 && (bytes[at] ?? 0) - ZERO <= 9)) return false;
  }
  return true;
}

/** NaN, which is less than nothing, when a byte is no digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] ?? 0) - ZERO, (bytes[at + 1] ?? 0) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
