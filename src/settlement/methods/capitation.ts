import { daysBetween, type IsoDate } from '../../kernel/dates.js';
import { Decimal } from '../../kernel/decimal.js';
import { type Fen, toDecimalFen } from '../../kernel/money.js';
import { firstDay, lastDay, monthsOf } from '../../kernel/period.js';
import type { RosterSpan } from '../../records/method-facts.js';

/** When a month counts for a person: covered on any day of it, on its first day, or in part by days. */
export type MonthRule = 'any-day' | 'first-day' | 'by-day';

export interface GroupWeight {
  readonly age: Decimal;
  readonly chronic: Decimal;
}

type Span = Pick<RosterSpan, 'from' | 'to'>;

/** Days of a span, both ends counted; 0 when it ends before it begins. */
export function daysOf({ from, to }: Span): number {
  return Math.max(0, daysBetween(from, to) + 1);
}

/** A part of an amount by days. */
export function shareOfDays(days: number, whole: number): Decimal {
  return new Decimal(days).div(whole);
}

/** Months of a period (a year or a month) that a span covers; unrounded. */
export function coveredMonths(span: Span, period: string, rule: MonthRule): Decimal {
  const months = period.length === 4 ? monthsOf(period) : [period];
  return months.reduce((sum, month) => sum.plus(covered(span, month, rule)), new Decimal(0));
}

function covered(span: Span, month: string, rule: MonthRule): Decimal {
  const [first, last] = [firstDay(month), lastDay(month)];
  const days = daysOf({ from: later(span.from, first), to: earlier(span.to, last) });
  if (rule === 'by-day') return shareOfDays(days, daysOf({ from: first, to: last }));
  const counts = rule === 'any-day' ? days > 0 : span.from <= first && span.to >= first;
  return new Decimal(counts ? 1 : 0);
}

function later(a: IsoDate, b: IsoDate): IsoDate {
  return a > b ? a : b;
}

function earlier(a: IsoDate, b: IsoDate): IsoDate {
  return a < b ? a : b;
}

const MONTHS_OF_YEAR = 12;

/** Capitation of one group before rounding, in fen: member-months ÷ 12 × a person's yearly amount × weights × factor. */
export function groupAmount(
  memberMonths: Decimal,
  perCapita: Fen,
  { weight, factor }: { readonly weight: GroupWeight; readonly factor: Decimal },
): Decimal {
  return memberMonths
    .times(toDecimalFen(perCapita))
    .times(weight.age)
    .times(weight.chronic)
    .times(factor)
    .div(MONTHS_OF_YEAR);
}
