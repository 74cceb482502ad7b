import { add, type Fen, fen, ZERO_FEN } from '../../kernel/money.js';

/** How the days of a stay are counted: the day of admission or that of discharge, or both. */
export type DayCount = 'one-end' | 'both-ends';

/** A row of the rate table (床日付费标准). */
export interface BedDayRate {
  /** Class of disease; null: any that has no rows of its own. */
  readonly class: string | null;
  /** Level of the institution; null: any. */
  readonly level: string | null;
  /** Last day of the stay that the rate pays; null: all that follow. */
  readonly upTo: number | null;
  /** Fen a day. */
  readonly rate: Fen;
}

/** Days of a stay by its nights; a stay within one day counts one. */
export function stayDays(nights: number, count: DayCount): number {
  return Math.max(1, count === 'both-ends' ? nights + 1 : nights);
}

/** The rows that pay a class at a level: those of the class and level themselves, else those of any. Null: none, or not ascending to an open end. */
export function tiersOf(
  rates: readonly BedDayRate[],
  of: { readonly class: string; readonly level: string | null },
): readonly BedDayRate[] | null {
  const named = rates.filter((row) => row.class === of.class);
  const ofClass = named.length > 0 ? named : rates.filter((row) => row.class === null);
  const own = ofClass.filter(({ level }) => level !== null && level === of.level);
  const tiers = own.length > 0 ? own : ofClass.filter(({ level }) => level === null);
  const ascending = tiers.every(({ upTo }, index) => {
    const before = index === 0 ? 0 : (tiers[index - 1]?.upTo ?? null);
    return before !== null && (upTo === null || upTo > before);
  });
  return ascending && tiers.at(-1)?.upTo === null ? tiers : null;
}

/** Pay of a stay: the days of each tier at its rate, tier by tier. Days beyond the longest are not paid. */
export function stayPay(
  days: number,
  tiers: readonly BedDayRate[],
  longest: number | null = null,
): Fen {
  const paid = longest === null ? days : Math.min(days, longest);
  let pay = ZERO_FEN;
  let before = 0;
  for (const { upTo, rate } of tiers) {
    const until = upTo === null ? paid : Math.min(paid, upTo);
    if (until > before) pay = add(pay, fen(rate * BigInt(until - before)));
    before = Math.max(before, until);
  }
  return pay;
}
