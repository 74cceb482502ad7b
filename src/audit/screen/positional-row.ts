import type { IsoDate } from '../../kernel/dates.js';

/**
 * A fee line as the compiled function reads it: numbers in fixed places. Dates are numbers like 20240229, 0 = unknown; amounts in fen,
 * quantities in ten-thousandths of a unit, prices in millionths of a yuan.
 */
export const ROW = {
  code: 0,
  profile: 1,
  chargedOn: 2,
  birthDate: 3,
  quantity: 4,
  unitPrice: 5,
  amount: 6,
  eligible: 7,
  admittedOn: 8,
  dischargedOn: 9,
  /** What the code begins with: see `familyNumber`. */
  family: 10,
  /** The rest is for those who watch lines in a pass, and for the compiled function nothing. Number of the item in the pass's table. */
  item: 11,
  /** Positions in ITEM_KINDS and FEE_CLASSES; -1 = not given. */
  kind: 12,
  feeClass: 13,
  /** Tells prescriptions of a claim apart; -1 = no number is given. */
  prescription: 14,
  /** Days of supply; -1 = not given. */
  days: 15,
} as const;
export const ROW_WIDTH = 16;

/** `2024-02-29` → 20240229; 0 for null. Takes dates and date-times. */
export function dayNumber(date: IsoDate | null): number {
  if (date === null) return 0;
  return (
    Number(date.slice(0, 4)) * 10_000 + Number(date.slice(5, 7)) * 100 + Number(date.slice(8, 10))
  );
}

const MS_PER_DAY = 86_400_000;

/** Days since 1970 of a date number. */
export function epochDayOf(day: number): number {
  const year = Math.trunc(day / 10_000);
  const month = Math.trunc(day / 100) % 100;
  return Date.UTC(year, month - 1, day % 100) / MS_PER_DAY;
}

/** Days since 1970 of the day so many months after a date; the 31st of a short month runs over into the next. */
export function epochDayMonthsAfter(day: number, months: number): number {
  const total = Math.trunc(day / 10_000) * 12 + (Math.trunc(day / 100) % 100) - 1 + months;
  return Date.UTC(Math.trunc(total / 12), total % 12, 1) / MS_PER_DAY + (day % 100) - 1;
}
