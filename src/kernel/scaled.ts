import { Decimal } from './decimal.js';
import type { Rounding } from './money.js';

/**
 * Exact arithmetic on integers of 10^-places, for loops over many cases: a hundred times as fast as decimals, and as exact as long as
 * every division names its rounding.
 */

/** A decimal as an integer of 10^-places. @throws RangeError when it has more places */
export function toScaled(value: Decimal, places: number): bigint {
  const scaled = value.times(Decimal.pow(10, places));
  if (!scaled.isInteger()) throw new RangeError(`${value} has more than ${places} decimals`);
  return BigInt(scaled.toFixed(0));
}

export function fromScaled(value: bigint, places: number): Decimal {
  return new Decimal(value.toString()).div(Decimal.pow(10, places));
}

/** Plain decimal text with all its places: `12.3400`. */
export function scaledText(value: bigint, places: number): string {
  if (places === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** numerator ÷ denominator in whole units; `up` and `half-up` go away from zero. The denominator is above zero. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const quotient = magnitude / denominator;
  const rest = magnitude - quotient * denominator;
  const away = rounding === 'half-up' ? rest * 2n >= denominator : rounding === 'up' && rest > 0n;
  const rounded = away ? quotient + 1n : quotient;
  return numerator < 0n ? -rounded : rounded;
}
