import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  amountsOf,
  figuresOf,
  gapsOf,
  type InpatientMember,
  inpatientFacts,
  paidToAAndB,
} from '../../../test/support/method-region.js';
import { decimal } from '../../kernel/decimal.js';
import { fen, yuan } from '../../kernel/money.js';
import { type DrgRules, drgValue } from './drg-value.js';

/** Inpatient care by DRG, points and rate (HN-05, HI-07). */

const rules: DrgRules = {
  scale: decimal('100'),
  low: decimal('0.4'),
  high: [
    { upTo: decimal('100'), multiple: decimal('3') },
    { upTo: decimal('200'), multiple: decimal('2') },
    { upTo: null, multiple: decimal('1.5') },
  ],
  shortest: 2,
  longest: 60,
  outlier: 'by-multiple',
};
const drgCase = (weight: string, cost: string, days = 9) => ({
  caseNo: 'C',
  weight: decimal(weight),
  mean: yuan('10000.00'),
  cost: yuan(cost),
  booked: yuan('1.00'),
  days,
});

describe('points of a case by DRG', () => {
  it.each([
    ['1', '3999.99', 'low', '39.9999'],
    ['1', '4000.00', 'usual', '92'],
    ['1', '30000.00', 'usual', '92'],
    ['1', '30000.01', 'high', '100.0001'], // 100 + 100 × (3.000001 − 3)
    ['1.01', '20000.01', 'high', '101.000101'], // above 100 points the multiple is 2
    ['2', '20000.00', 'usual', '184'],
    ['2.01', '20000.00', 'high', '301.5'], // above 200 it is 1.5
  ])('weight %s, cost %s: %s, %s', (weight, cost, kind, score) => {
    const value = drgValue(drgCase(weight, cost), rules, decimal('0.92'));
    expect([value.class, value.score?.toFixed()]).toEqual([kind, score]);
  });

  it.each([
    [2, 'excluded'],
    [3, 'usual'],
    [59, 'usual'],
    [60, 'excluded'],
  ])('a stay of %s days is %s', (days, kind) => {
    expect(drgValue(drgCase('1', '10000.00', days), rules, decimal('1')).class).toBe(kind);
  });

  it('pays outliers at cost, or by multiple with the coefficient, where the rules say so', () => {
    const low = drgCase('1', '1000.00');
    expect(drgValue(low, { ...rules, outlier: 'at-cost' }, decimal('0.92')).score).toBeNull();
    const by = { ...rules, outlier: 'by-multiple-coefficient' } as const;
    expect(drgValue(low, by, decimal('0.92')).score?.toFixed()).toBe('9.2');
  });

  it('never falls as cost rises within a class', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(1_000_000), (cost, more) => {
        const [a, b] = [cost, cost + more].map((each) =>
          drgValue({ ...drgCase('1', '1.00'), cost: fen(each) }, rules, decimal('0.92')),
        );
        if (a?.class === b?.class) expect(b?.score?.gte(a?.score ?? 0)).toBe(true);
      }),
    );
  });
});

describe('DRG on a pool', () => {
  const listed = (cases: string): string => `methods: { drgCases: [${cases}] }`;
  const one = (no: string, weight: string, cost: string, days = 9) =>
    `{ caseNo: ${no}, weight: ${weight}, mean: 10000.00, cost: ${cost}, booked: 100.00, days: ${days} }`;
  const members: readonly InpatientMember[] = [
    {
      institution: 'A',
      inpatient: '200.00',
      more: listed(`${one('1', '1', '10000.00')}, ${one('2', '1', '500.00', 1)}`),
    },
    { institution: 'B', inpatient: '100.00', more: listed(one('3', '2', '10000.00')) },
  ];

  it('splits the pool less risk fund by points; stays outside at their bookings', () => {
    const found = figuresOf(
      inpatientFacts({ values: { 'inpatient.method': 'drg-points' }, members }),
    );
    expect(found['resident.inpatient-risk-fund']?.amount).toBe('50.00');
    expect(found['resident.member.A.points']?.amount).toBe('92');
    // 950 − 100 at actual = 850, by 92 : 184
    expect(found['resident.member.A.inpatient-payable']?.amount).toBe('383.33');
    expect(found['resident.member.B.inpatient-payable']?.amount).toBe('566.67');
    expect(found['resident.member.A.points']?.note).toBe(
      '正常 1 例、低倍率 0 例、高倍率 0 例、不入 DRG 1 例',
    );
  });

  it('pays weights by rate, whatever the pool, and trues up a provisional rate', () => {
    const filings = 'drg.provisional_rate: { value: "9000.00" }';
    const values = { 'inpatient.method': 'drg-rate' };
    const found = amountsOf(inpatientFacts({ values, members, filings }));
    expect(found['resident.member.A.inpatient-payable']).toBe('8909.23'); // 100 + 0.92 × 9,575.25
    expect(found['resident.inpatient-payable']).toBe('26527.69');
    expect(found['resident.provisional-difference']).toBe('1587.69'); // 2.76 × 575.25
    const month = amountsOf(inpatientFacts({ values, members, filings, month: true }));
    expect(month['resident.inpatient-payable']).toBe('24940.00');
  });

  it('takes a sum of weights in place of cases', () => {
    const sums = members.map((member, index) => ({
      ...member,
      more: `methods: { drgWeight: ${index + 1} }`,
    }));
    const found = amountsOf(
      inpatientFacts({ values: { 'inpatient.method': 'drg-points' }, members: sums }),
    );
    expect(found['resident.member.B.points']).toBe('200');
    expect(paidToAAndB(found)).toEqual(['316.67', '633.33']);
  });

  it('halts on a level without coefficient', () => {
    const text = inpatientFacts({ values: { 'inpatient.method': 'drg-rate' }, members }).replaceAll(
      'secondary',
      'primary',
    );
    expect(gapsOf(text)).toEqual(['resident.members.level']);
  });
});
