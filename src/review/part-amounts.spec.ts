import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fen, fen, sum } from '../kernel/money.js';
import { splitLines, splitShares } from './part-amounts.js';

const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }).map(fen), {
  minLength: 4,
  maxLength: 4,
});
const shares = fc.array(
  amounts.map((funds) => ({ funds })),
  { minLength: 1, maxLength: 6 },
);

describe('a partial amount over shares and funds', () => {
  it('is exact to the fen, and takes of no fund more than was proposed', () => {
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), (whole, part) => {
        const most = sum(whole.flatMap(({ funds }) => funds));
        const amount = fen((most * BigInt(Math.floor(part * 1e6))) / 1_000_000n);
        const split = splitShares(amount, whole);
        expect(sum(split.flatMap(({ funds }) => funds))).toBe(amount);
        for (const [index, { funds }] of split.entries())
          for (const [fund, taken] of funds.entries()) {
            expect(taken >= 0n).toBe(true);
            expect(taken <= (whole[index]?.funds[fund] ?? -1n)).toBe(true);
          }
      }),
    );
  });

  it('of the whole is the whole', () => {
    fc.assert(
      fc.property(shares, (whole) => {
        const most = sum(whole.flatMap(({ funds }) => funds));
        expect(splitShares(most, whole)).toEqual(whole);
      }),
    );
  });

  it('never exceeds what there is', () => {
    const share = { funds: [fen(1), fen(0), fen(0), fen(0)] };
    expect(() => splitShares(fen(2), [share])).toThrow(RangeError);
  });

  it('beyond the lines belongs to none of them', () => {
    const lines: readonly Fen[] = [fen(30), fen(70)];
    expect(splitLines(fen(150), lines)).toEqual(lines);
    expect(splitLines(fen(50), lines)).toEqual([fen(15), fen(35)]);
  });
});
