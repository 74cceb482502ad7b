/**
 * The truth's own arithmetic: whole numbers and fractions of whole numbers, nothing borrowed from the gateway, so that the two can only
 * agree by both being right.
 */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** `0.90` → 90/100. */
export function fraction(text: string): Fraction {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a plain decimal: ${text}`);
  const [, sign, whole = '0', rest = ''] = match;
  const over = BigInt(`${whole}${rest}`);
  return { over: sign === '-' ? -over : over, under: 10n ** BigInt(rest.length) };
}

/** over ÷ under to the nearest whole, halves away from zero. */
export function halfUp(over: bigint, under: bigint): bigint {
  const negative = over < 0n !== under < 0n;
  const [top, bottom] = [over < 0n ? -over : over, under < 0n ? -under : under];
  const rounded = (2n * top + bottom) / (2n * bottom);
  return negative ? -rounded : rounded;
}

export function part(amount: bigint, { over, under }: Fraction): bigint {
  return halfUp(amount * over, under);
}

/** Splits by the largest remainder; weights below zero count as none, and if nobody has weight all have the same. */
export function shareOut(total: bigint, weights: readonly bigint[]): bigint[] {
  const clipped = weights.map((weight) => (weight < 0n ? 0n : weight));
  const usable = clipped.every((weight) => weight === 0n) ? clipped.map(() => 1n) : clipped;
  const whole = usable.reduce((sum, weight) => sum + weight, 0n);
  const size = total < 0n ? -total : total;
  const parts = usable.map((weight, index) => ({
    index,
    share: (size * weight) / whole,
    rest: (size * weight) % whole,
  }));
  let left = size - parts.reduce((sum, { share }) => sum + share, 0n);
  for (const one of [...parts].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  )) {
    if (left === 0n) break;
    one.share += 1n;
    left -= 1n;
  }
  return parts.map(({ share }) => (total < 0n ? -share : share));
}

export const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const total = (amounts: Iterable<bigint>): bigint => {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
};
