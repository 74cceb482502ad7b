import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fraction, halfUp, part, shareOut, total } from './arithmetic.js';

describe('the arithmetic of the truth', () => {
  it.each([
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [4n, 10n, 0n],
    [15n, 10n, 2n],
    [0n, 7n, 0n],
  ])('rounds %s/%s to %s', (over, under, expected) => {
    expect(halfUp(over, under)).toBe(expected);
  });

  it('takes a decimal part of an amount', () => {
    expect(part(1_001n, fraction('0.90'))).toBe(901n);
    expect(part(-5n, fraction('0.1'))).toBe(-1n);
  });

  it('splits 1,685,000.00 over three members to the fen', () => {
    const points = [12_035_001_250n, 7_000_000_000n, 3_000_000_000n];
    expect(shareOut(16_850_000_000n, points)).toEqual([
      9_203_075_088n,
      5_352_847_438n,
      2_294_077_474n,
    ]);
  });

  it('neither makes nor loses a fen', () => {
    const amounts = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    const weights = fc.array(fc.bigInt({ min: -5n, max: 10n ** 9n }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(amounts, weights, (amount, parts) => total(shareOut(amount, parts)) === amount),
    );
  });
});
