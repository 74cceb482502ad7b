import { Decimal } from '../../kernel/decimal.js';
import { toDecimalFen } from '../../kernel/money.js';
import type { DrgCaseFacts } from '../../records/method-facts.js';

/** How a case outside the usual cost is valued: at what it cost, or by how far it lies off, with or without the coefficient. */
export type OutlierRule = 'at-cost' | 'by-multiple' | 'by-multiple-coefficient';

/** A row of the table of high multiples: cases whose base score is up to this are high above that multiple of the mean. */
export interface HighMultiple {
  /** Null: all that follow. */
  readonly upTo: Decimal | null;
  readonly multiple: Decimal;
}

export interface DrgRules {
  /** Points of a case of weight 1; 1 where weights themselves are paid. */
  readonly scale: Decimal;
  /** Cases below this multiple of the mean are low. */
  readonly low: Decimal;
  readonly high: readonly HighMultiple[];
  /** Stays of so many days or fewer, and of so many or more, are outside; null: no such bound. */
  readonly shortest: number | null;
  readonly longest: number | null;
  readonly outlier: OutlierRule;
}

export type DrgClass = 'excluded' | 'low' | 'usual' | 'high';

/** How a case counts. */
export interface DrgValue {
  readonly class: DrgClass;
  /** Points or weight, unrounded; null: paid at its booked amount. */
  readonly score: Decimal | null;
}

/**
 * Value of a case by DRG: base score × institution coefficient; low cases in proportion to cost and never above the base; high cases
 * with what exceeds the multiple added. Every case falls into exactly one class.
 */
export function drgValue(found: DrgCaseFacts, rules: DrgRules, coefficient: Decimal): DrgValue {
  const base = found.weight.times(rules.scale);
  const ratio = toDecimalFen(found.cost).div(toDecimalFen(found.mean));
  const multiple = highMultiple(base, rules.high);
  const kind = classOf(found.days, ratio, { ...rules, multiple });
  if (kind === 'excluded') return { class: kind, score: null };
  if (kind === 'usual') return { class: kind, score: base.times(coefficient) };
  if (rules.outlier === 'at-cost') return { class: kind, score: null };
  const score =
    kind === 'low'
      ? Decimal.min(base, base.times(ratio))
      : base.plus(base.times(ratio.minus(multiple)));
  const factor = rules.outlier === 'by-multiple' ? 1 : coefficient;
  return { class: kind, score: score.times(factor) };
}

function classOf(
  days: number,
  ratio: Decimal,
  rules: Pick<DrgRules, 'shortest' | 'longest' | 'low'> & { readonly multiple: Decimal },
): DrgClass {
  const { shortest, longest, low, multiple } = rules;
  if ((shortest !== null && days <= shortest) || (longest !== null && days >= longest))
    return 'excluded';
  if (ratio.lt(low)) return 'low';
  return ratio.gt(multiple) ? 'high' : 'usual';
}

/** @throws RangeError when the table has no open end */
function highMultiple(base: Decimal, rows: readonly HighMultiple[]): Decimal {
  const row = rows.find(({ upTo }) => upTo === null || base.lte(upTo));
  if (row === undefined) throw new RangeError('the table of high multiples has no open end');
  return row.multiple;
}
