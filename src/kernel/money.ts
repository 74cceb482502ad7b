import { Decimal } from './decimal.js';

/** An amount of money in fen (分, 1/100 yuan). Negative for refunds and recoveries. */
export type Fen = bigint & { readonly __unit: 'fen' };

/** How a fraction of a fen becomes whole fen. Half-up is away from zero at the half, as settlement practice has it. */
export type Rounding = 'half-up' | 'down' | 'up';

export const ZERO_FEN = fen(0n);
/** The largest amount accepted anywhere: 10^15 fen, ten trillion yuan. */
export const MAX_FEN = fen(10n ** 15n);

const YUAN_TEXT = /^(-?)(\d{1,18})(?:\.(\d{1,2}))?$/;

export function fen(amount: bigint | number): Fen {
  return BigInt(amount) as Fen;
}

/** Reads yuan written with at most two decimals (`12`, `12.3`, `-0.05`); null for anything else. */
export function parseYuan(text: string): Fen | null {
  const match = YUAN_TEXT.exec(text);
  if (match === null) return null;
  const [, sign, whole = '0', cents = ''] = match;
  const amount = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  return fen(sign === '-' ? -amount : amount);
}

/** Yuan text as a file may state it: at most two decimals, and no more than {@link MAX_FEN} either way; null for anything else. */
export function parseAmount(text: string): Fen | null {
  const amount = parseYuan(text);
  return amount === null || abs(amount) > MAX_FEN ? null : amount;
}

/** Yuan text to fen. @throws RangeError when the text is not yuan with at most two decimals. */
export function yuan(text: string): Fen {
  const parsed = parseYuan(text);
  if (parsed === null) throw new RangeError(`not an amount in yuan: ${text}`);
  return parsed;
}

/** Fen to yuan text with two decimals, as every JSON and report carries it. */
export function toYuan(amount: Fen): string {
  const digits = abs(amount).toString().padStart(3, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Yuan text with thousands separators, for people. */
export function toReadableYuan(amount: Fen): string {
  return toYuan(amount).replace(/\B(?=(\d{3})+\.)/g, ',');
}

export function add(a: Fen, b: Fen): Fen {
  return (a + b) as Fen;
}

export function subtract(a: Fen, b: Fen): Fen {
  return (a - b) as Fen;
}

export function negate(a: Fen): Fen {
  return -a as Fen;
}

export function abs(a: Fen): Fen {
  return (a < 0n ? -a : a) as Fen;
}

export function sum(amounts: Iterable<Fen>): Fen {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Fen;
}

export function least(a: Fen, b: Fen): Fen {
  return a < b ? a : b;
}

export function greatest(a: Fen, b: Fen): Fen {
  return a > b ? a : b;
}

const DECIMAL_ROUNDING = {
  'half-up': Decimal.ROUND_HALF_UP,
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
} as const satisfies Record<Rounding, Decimal.Rounding>;

/** amount × factor, rounded once to whole fen. */
export function times(amount: Fen, factor: Decimal, rounding: Rounding): Fen {
  return roundToFen(toDecimalFen(amount).times(factor), rounding);
}

/** A decimal number of fen, rounded to whole fen. */
export function roundToFen(exactFen: Decimal, rounding: Rounding): Fen {
  return fen(BigInt(exactFen.toDecimalPlaces(0, DECIMAL_ROUNDING[rounding]).toFixed(0)));
}

/** The amount as a decimal number of fen, for ratios and intermediates that stay unrounded. */
export function toDecimalFen(amount: Fen): Decimal {
  return new Decimal(amount.toString());
}

/**
 * Splits a total by weights with the largest-remainder method: each share is floored in magnitude, left-over fen go to
 * the largest fractions, ties to the earlier position. The shares always sum to the total.
 *
 * Weights are compared as exact integers, so no rounding of a quotient can move a fen.
 *
 * @throws RangeError when a weight is negative or all weights are zero
 */
export function allocate(total: Fen, weights: readonly Decimal[]): Fen[] {
  const scaled = scaleToIntegers(weights);
  const whole = scaled.reduce((a, b) => a + b, 0n);
  if (whole <= 0n || scaled.some((weight) => weight < 0n)) {
    throw new RangeError('allocate needs weights ≥ 0 that do not sum to zero');
  }
  const sign = total < 0n ? -1n : 1n;
  const magnitude = abs(total);
  const shares = scaled.map((weight) => (magnitude * weight) / whole);
  const order = scaled
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % whole }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    );
  let left = magnitude - shares.reduce((a, b) => a + b, 0n);
  for (const { index } of order) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares.map((share) => fen(share * sign));
}

function scaleToIntegers(weights: readonly Decimal[]): bigint[] {
  const places = weights.reduce(
    (most, weight) => (weight.decimalPlaces() > most ? weight.decimalPlaces() : most),
    0,
  );
  return weights.map((weight) => BigInt(weight.times(Decimal.pow(10, places)).toFixed(0)));
}
