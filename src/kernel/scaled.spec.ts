import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, decimal } from './decimal.js';
import { divide, fromScaled, scaledText, toScaled } from './scaled.js';

describe('scaled integers', () => {
  it.each([
    ['12.34', 4, 123_400n, '12.3400'],
    ['-0.05', 2, -5n, '-0.05'],
    ['7', 0, 7n, '7'],
    ['0', 3, 0n, '0.000'],
  ])('%s with %d places', (text, places, scaled, shown) => {
    expect(toScaled(decimal(text), places)).toBe(scaled);
    expect(scaledText(scaled, places)).toBe(shown);
    expect(fromScaled(scaled, places).toFixed()).toBe(decimal(text).toFixed());
  });

  it('refuses to drop a digit', () => {
    expect(() => toScaled(decimal('0.005'), 2)).toThrow(RangeError);
  });

  it.each([
    [5n, 2n, [3n, 2n, 3n]],
    [-5n, 2n, [-3n, -2n, -3n]],
    [7n, 3n, [2n, 2n, 3n]],
    [8n, 4n, [2n, 2n, 2n]],
    [-1n, 3n, [0n, 0n, -1n]],
  ])('%d ÷ %d', (numerator, denominator, expected) => {
    const roundings = ['half-up', 'down', 'up'] as const;
    expect(roundings.map((rounding) => divide(numerator, denominator, rounding))).toEqual(expected);
  });

  it('divides as decimals do', () => {
    const modes = {
      'half-up': Decimal.ROUND_HALF_UP,
      down: Decimal.ROUND_DOWN,
      up: Decimal.ROUND_UP,
    } as const;
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.constantFrom('half-up', 'down', 'up'),
        (numerator, denominator, rounding) => {
          const exact = new Decimal(numerator.toString()).div(denominator.toString());
          const expected = exact.toDecimalPlaces(0, modes[rounding]).toFixed(0).replace('-0', '0');
          expect(divide(numerator, denominator, rounding).toString()).toBe(expected);
        },
      ),
    );
  });
});
