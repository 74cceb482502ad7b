import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, decimal } from '../kernel/decimal.js';
import { add, fen, sum, yuan, ZERO_FEN } from '../kernel/money.js';
import { type Band, bandedPart, bandsFault, shareOverspend, slicesOf } from './bands.js';

const band = (upTo: string | null, share: string): Band => ({
  upTo: upTo === null ? null : decimal(upTo),
  share: decimal(share),
});
const WITHIN_5: readonly Band[] = [band('0.05', '0.50'), band(null, '0')];

const free = { barred: ZERO_FEN, groupBarred: false, limit: null, cap: null };

describe('bands around their edges', () => {
  it.each([
    ['0.00', '0.00', '0.00'],
    ['4999999.99', '2500000.00', '2499999.99'],
    ['5000000.00', '2500000.00', '2500000.00'],
    ['5000000.01', '2500000.00', '2500000.01'],
    ['8000000.00', '2500000.00', '5500000.00'],
  ])('overspend %s of 100 million: the fund %s, the consortium %s', (over, fund, own) => {
    const base = yuan('100000000.00');
    const found = shareOverspend({ ...free, overspend: yuan(over), base, bands: WITHIN_5 });
    expect([found.fund, found.own]).toEqual([yuan(fund), yuan(own)]);
  });

  it('keeps 30 % of a saving, at most 3 % of the quota; bears half up to 20 % over', () => {
    const base = yuan('1000.00');
    const saving = (amount: string) =>
      bandedPart({ amount: yuan(amount), base, bands: [band(null, '0.30')], cap: yuan('30.00') });
    expect([saving('90.00'), saving('100.00'), saving('200.00')]).toEqual([
      yuan('27.00'),
      yuan('30.00'),
      yuan('30.00'),
    ]);
    const bands = [band('0.20', '0.50'), band(null, '0')];
    expect(shareOverspend({ ...free, overspend: yuan('260.00'), base, bands }).fund).toBe(
      yuan('100.00'),
    );
  });

  it('bears nothing for a barred group, and leaves a member’s own overspend out', () => {
    const question = { ...free, overspend: yuan('40.00'), base: yuan('1000.00'), bands: WITHIN_5 };
    expect(shareOverspend({ ...question, groupBarred: true })).toEqual({
      barred: 0n,
      shareable: 0n,
      fund: 0n,
      own: yuan('40.00'),
    });
    expect(shareOverspend({ ...question, barred: yuan('10.00') })).toEqual({
      barred: yuan('10.00'),
      shareable: yuan('30.00'),
      fund: yuan('15.00'),
      own: yuan('15.00'),
    });
    expect(shareOverspend({ ...question, limit: yuan('8.00') }).fund).toBe(yuan('4.00'));
  });

  it('has only the open band over a base that is not positive', () => {
    expect(bandedPart({ amount: fen(100), base: fen(-5), bands: WITHIN_5, cap: null })).toBe(0n);
  });

  it.each([
    [[band('0.05', '1')], '最后一段'],
    [[], '最后一段'],
    [[band(null, '1'), band(null, '0')], '只有最后一段'],
    [[band('0.10', '1'), band('0.05', '1'), band(null, '0')], '从小到大'],
    [[band('0.05', '1'), band('0.05', '1'), band(null, '0')], '从小到大'],
    [[band('0', '1'), band(null, '0')], '从小到大'],
  ])('refuses bands that overlap or leave a hole', (bands, reason) => {
    expect(bandsFault(bands)).toContain(reason);
    expect(bandsFault(WITHIN_5)).toBeNull();
  });
});

const amount = fc.bigInt({ min: 0n, max: 10n ** 13n }).map(fen);
const share = fc.integer({ min: 0, max: 100 }).map((each) => decimal(String(each)).div(100));
const bandList = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }),
    share,
    fc.infiniteStream(share),
  )
  .map(([edges, last, shares]): readonly Band[] => [
    ...edges
      .toSorted((a, b) => a - b)
      .map((edge) => ({ upTo: new Decimal(edge).div(100), share: shares.next().value })),
    { upTo: null, share: last },
  ]);

describe('bands, whatever the amounts', () => {
  it('part the whole amount: slices sum to it', () => {
    fc.assert(
      fc.property(amount, amount, bandList, (over, base, bands) => {
        const cut = slicesOf(over, base, bands).map((slice) => slice.amount);
        expect(Decimal.sum(...cut).toFixed()).toBe(over.toString());
        expect(bandsFault(bands)).toBeNull();
      }),
    );
  });

  it('conserve: barred, fund and own part sum to the overspend, none below zero', () => {
    fc.assert(
      fc.property(amount, amount, bandList, amount, (overspend, base, bands, barred) => {
        const found = shareOverspend({ ...free, overspend, base, bands, barred });
        expect(sum([found.barred, found.fund, found.own])).toBe(overspend);
        expect(found.fund >= 0n && found.own >= 0n && found.fund <= found.shareable).toBe(true);
      }),
    );
  });

  it('are monotone and continuous: one fen more moves each part by a fen at most, never down', () => {
    fc.assert(
      fc.property(amount, amount, bandList, (overspend, base, bands) => {
        const before = shareOverspend({ ...free, overspend, base, bands });
        const after = shareOverspend({ ...free, overspend: add(overspend, fen(1)), base, bands });
        for (const part of ['fund', 'own'] as const)
          expect([0n, 1n]).toContain(after[part] - before[part]);
      }),
    );
  });

  it('never exceed the cap', () => {
    fc.assert(
      fc.property(amount, amount, bandList, amount, (over, base, bands, cap) => {
        expect(bandedPart({ amount: over, base, bands, cap }) <= cap).toBe(true);
      }),
    );
  });
});
