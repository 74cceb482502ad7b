import { Decimal } from '../../kernel/decimal.js';

/** Mean of yearly figures by weights, oldest first (前三年按 1:2:7 加权). @throws RangeError unless every year has its weight */
export function weightedMean(values: readonly Decimal[], weights: readonly Decimal[]): Decimal {
  const whole = weights.reduce((total, weight) => total.plus(weight), new Decimal(0));
  if (values.length !== weights.length || whole.isZero())
    throw new RangeError('every year needs a weight');
  return values
    .reduce((total, value, index) => total.plus(value.times(weights[index] ?? 0)), new Decimal(0))
    .div(whole);
}
