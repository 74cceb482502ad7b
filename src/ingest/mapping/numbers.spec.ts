import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal } from '../../kernel/decimal.js';
import {
  isProduct,
  NOT_A_NUMBER,
  parseScaled,
  parseScaledDouble,
  productScaled,
  roundedFen,
  scaledText,
  TOO_LARGE,
  TOO_PRECISE,
} from './numbers.js';

describe('parseScaled', () => {
  it.each<[string, number, number]>([
    ['12.30', 2, 1230],
    ['12.3', 2, 1230],
    ['-0.05', 2, -5],
    ['0', 2, 0],
    ['-0.00', 2, 0],
    ['12.3400', 2, 1234], // numeric(16,4) with nothing behind the fen
    ['12.345', 2, TOO_PRECISE],
    ['1.0001', 4, 10_001],
    ['9999999999999.99', 2, 999_999_999_999_999],
    ['1234567890123456', 2, TOO_LARGE],
    ['', 2, NOT_A_NUMBER],
    ['-', 2, NOT_A_NUMBER],
    ['.5', 2, NOT_A_NUMBER],
    ['5.', 2, NOT_A_NUMBER],
    ['1,234.00', 2, NOT_A_NUMBER],
    ['1e3', 2, NOT_A_NUMBER],
    ['１２', 2, NOT_A_NUMBER],
    ['12.3x', 2, NOT_A_NUMBER],
    ['12.30x', 2, NOT_A_NUMBER],
  ])('%s with %i places is %d', (text, places, scaled) => {
    expect(parseScaled(text, places)).toBe(scaled);
  });

  it('gives back what it reads', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 15), max: 10 ** 15 }),
        (fen) => parseScaled(scaledText(fen, 2), 2) === fen || Object.is(fen, -0),
      ),
    );
  });
});

describe('parseScaledDouble', () => {
  it.each<[string, number]>([
    ['12.300000000000001', 1230],
    ['12.3', 1230],
    ['0.1', 10],
    ['-5', -500],
    ['1e2', 10_000],
    ['12.345', TOO_PRECISE], // half a fen is no double's fault
    ['12.3000009', 1230], // within a millionth of a yuan
    ['12.3000011', TOO_PRECISE],
    ['NaN', NOT_A_NUMBER],
    ['Infinity', NOT_A_NUMBER],
  ])('%s is %d fen', (text, fen) => expect(parseScaledDouble(text, 2)).toBe(fen));

  it('finds every fen again that went through a double', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 11), max: 10 ** 11 }),
        (fen) => parseScaledDouble(String(fen / 100), 2) === fen || Object.is(fen, -0),
      ),
    );
  });
});

describe('quantity × price', () => {
  it.each<[string, string, string, boolean]>([
    ['3', '3.3333', '10.00', true], // 9.9999
    ['3', '3.3300', '10.00', true], // 9.99 is a fen off: at the edge
    ['3', '3.3299', '10.00', false],
    ['1', '10.01', '10.00', true], // one fen is allowed
    ['1', '10.010001', '10.00', false],
    ['-2', '5', '-10.00', true],
    ['99999', '99999.999999', '9999899999.90', true], // beyond 2^53: exact all the same
    ['99999', '99999.999999', '9999899999.92', false],
  ])('%s × %s = %s: %s', (quantity, price, amount, fits) => {
    const [q, p, f] = [parseScaled(quantity, 4), parseScaled(price, 6), parseScaled(amount, 2)];
    expect(isProduct(q, p, f)).toBe(fits);
  });

  it('agrees with decimal arithmetic', () => {
    const integer = (most: number) => fc.integer({ min: -most, max: most });
    fc.assert(
      fc.property(
        integer(10 ** 9),
        integer(10 ** 9),
        fc.integer({ min: -3, max: 3 }),
        (q, p, off) => {
          const exact = new Decimal(q).times(p).div('1e8');
          const fen = exact.round().plus(off);
          const expected = exact.minus(fen).abs().lessThanOrEqualTo(1);
          return isProduct(q, p, fen.toNumber()) === expected;
        },
      ),
    );
  });

  it('multiplies exactly or says why not', () => {
    expect(productScaled(50_000, 20_000, 4)).toBe(100_000); // 5 × 2
    expect(productScaled(5, 5, 4)).toBe(TOO_PRECISE); // 0.0005 × 0.0005
    expect(productScaled(9e15, 9e15, 4)).toBe(TOO_LARGE);
  });
});

describe('roundedFen', () => {
  it.each<[string | null, boolean, bigint]>([
    ['12.345', false, 1235n],
    ['-12.345', false, -1235n],
    ['12.3449', false, 1234n],
    ['12.300000000000001', true, 1230n],
    ['1e-7', true, 0n],
    ['abc', false, 0n],
    ['10000000000000.00', false, 1_000_000_000_000_000n],
    ['10000000000000.01', false, 0n],
    ['99999999999999999999', false, 0n],
    [null, false, 0n],
  ])('%s counts for what the source adds up', (text, isDouble, fen) => {
    expect(roundedFen(text, isDouble)).toBe(fen);
  });
});
