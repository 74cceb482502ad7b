import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, decimal } from './decimal.js';
import { allocate, fen, parseYuan, sum, times, toReadableYuan, toYuan, yuan } from './money.js';

describe('yuan text', () => {
  it.each([
    ['0', 0n],
    ['12', 1200n],
    ['12.3', 1230n],
    ['-0.05', -5n],
    ['007.10', 710n],
  ])('reads %s as %s fen', (text, amount) => expect(parseYuan(text)).toBe(amount));

  it.each(['', '1.234', '1e5', ' 1', '1,000', '+1', '.5', 'NaN', '１'])('refuses %p', (text) =>
    expect(parseYuan(text)).toBeNull(),
  );

  it('round-trips every amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        (n) => yuan(toYuan(fen(n))) === n,
      ),
    );
  });

  it('groups thousands for people', () =>
    expect(toReadableYuan(yuan('-1234567.80'))).toBe('-1,234,567.80'));
});

describe('times', () => {
  it.each([
    ['0.10', '0.05', '0.01'], // 0.5 fen rounds up
    ['-0.10', '0.05', '-0.01'], // away from zero
    ['0.30', '0.015', '0.00'], // 0.45 fen
    ['123456789012.34', '0.9', '111111110111.11'],
  ])('%s × %s = %s', (amount, factor, product) =>
    expect(toYuan(times(yuan(amount), decimal(factor), 'half-up'))).toBe(product),
  );
});

describe('allocate', () => {
  const weights = fc
    .array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 40 })
    .filter((parts) => parts.some((part) => part > 0))
    .map((parts) => parts.map((part) => new Decimal(part).div(1000)));
  const totals = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }).map(fen);

  it('neither creates nor loses a fen', () => {
    fc.assert(
      fc.property(totals, weights, (total, parts) => sum(allocate(total, parts)) === total),
    );
  });

  it('stays within one fen of the exact share', () => {
    fc.assert(
      fc.property(totals, weights, (total, parts) => {
        const whole = parts.reduce((a, b) => a.plus(b), new Decimal(0));
        return allocate(total, parts).every((share, index) =>
          new Decimal(total.toString())
            .times(parts[index] ?? 0)
            .div(whole)
            .minus(share.toString())
            .abs()
            .lt(1),
        );
      }),
    );
  });

  it('gives vector D5 to the fen', () => {
    const points = ['1203500.1250', '700000.0000', '300000.0000'].map(decimal);
    expect(allocate(yuan('168500000.00'), points).map(toYuan)).toEqual([
      '92030750.88',
      '53528474.38',
      '22940774.74',
    ]);
  });

  it('breaks ties by position', () => {
    expect(allocate(fen(2), [decimal('1'), decimal('1'), decimal('1')])).toEqual([1n, 1n, 0n]);
  });

  it('refuses weights that cannot be shared by', () => {
    expect(() => allocate(fen(1), [decimal('0')])).toThrow(RangeError);
    expect(() => allocate(fen(1), [decimal('2'), decimal('-1')])).toThrow(RangeError);
  });
});
