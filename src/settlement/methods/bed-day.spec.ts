import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountsOf, figuresOf, gapsOf, set } from '../../../test/support/method-region.js';
import { daysBetween } from '../../kernel/dates.js';
import { fen, sum, toYuan, yuan } from '../../kernel/money.js';
import { type BedDayRate, stayDays, stayPay, tiersOf } from './bed-day.js';

const row = (upTo: number | null, rate: string, level: string | null = null): BedDayRate => ({
  ...{ class: 'psychiatric', level, upTo },
  rate: yuan(rate),
});
const tiers = [row(30, '260.00'), row(90, '220.00'), row(null, '180.00')];

describe('pay of a stay by tiers, D11 (HN-05, HI-07)', () => {
  it.each([
    [1, '260.00'],
    [30, '7800.00'],
    [31, '8020.00'],
    [90, '21000.00'],
    [91, '21180.00'],
    [120, '26400.00'], // 7,800 + 13,200 + 5,400
  ])('%s days are %s', (days, pay) => {
    expect(toYuan(stayPay(days, tiers))).toBe(pay);
  });

  it('pays no day beyond the longest', () => {
    expect(toYuan(stayPay(120, tiers, 100))).toBe('22800.00');
  });

  it('is the sum of its days, each at the rate of its place', () => {
    fc.assert(
      fc.property(fc.nat(400), (days) => {
        const each = Array.from({ length: days }, (_, index) =>
          index < 30 ? yuan('260.00') : index < 90 ? yuan('220.00') : yuan('180.00'),
        );
        expect(stayPay(days, tiers)).toBe(sum(each));
      }),
    );
  });

  it('counts 1 to 30 April as 29 days by one end, 30 by both; a stay within a day as one', () => {
    const nights = daysBetween('2025-04-01', '2025-04-30');
    expect([stayDays(nights, 'one-end'), stayDays(nights, 'both-ends')]).toEqual([29, 30]);
    expect([stayDays(0, 'one-end'), stayDays(0, 'both-ends')]).toEqual([1, 1]);
  });

  it('takes the rows of the level before those of any, and none that end or do not ascend', () => {
    const own = [row(null, '300.00', 'tertiary')];
    const of = (level: string | null, rates: readonly BedDayRate[]) =>
      tiersOf(rates, { class: 'psychiatric', level });
    expect(of('tertiary', [...tiers, ...own])).toEqual(own);
    expect(of('primary', [...tiers, ...own])).toEqual(tiers);
    expect(of(null, own)).toBeNull();
    expect(of(null, tiers.slice(0, 2))).toBeNull();
    expect(of(null, [tiers[1], tiers[0], tiers[2]] as BedDayRate[])).toBeNull();
    expect(of(null, [row(30, '1.00'), row(null, '1.00'), row(90, '1.00')])).toBeNull();
    const any = [{ ...row(null, '100.00'), class: null }];
    expect(of(null, any)).toEqual(any);
    expect(of(null, [...any, ...tiers])).toEqual(tiers);
    expect(fen(0n)).toBe(stayPay(0, tiers));
  });
});

const month = (
  methods: string,
  { level = 'primary', more = '', bedDay = '9000.00' } = {},
) => `${more}
plan: month
period: 2025-03
filings: {}
pools:
  resident:
    filings: { points.provisional_value: { value: 50 } }
    booked: { outpatient: 0, chronic: 0, inpatient: 0, bed-day: ${bedDay}, family-doctor: 0 }
    members:
      - institution: H1
        level: ${level}
        points: 0
        booked: { outpatient: 0, chronic: 0, inpatient: 0, bed-day: ${bedDay}, family-doctor: 0 }
        methods: { ${methods} }`;
const stays =
  'bedDays: [{ class: psychiatric, nights: 120, stays: 2 }, { class: psychiatric, nights: 20, stays: 1 }]';

describe('the step', () => {
  it('pays each stay by its own tiers', () => {
    const found = amountsOf(month(stays));
    expect(found['resident.member.H1.bed-day-payable']).toBe('58000.00'); // 2 × 26,400 + 20 × 260
    expect(found['resident.bed-day-payable']).toBe('58000.00');
    expect(found['resident.method-payable']).toBe('58000.00');
  });

  it.each([
    ['cost-ratio', '46400.00'], // × 40,000 ÷ 50,000
    ['standard-minus-patient', '48000.00'], // − 10,000
  ])('pays the fund’s part by %s', (basis, expected) => {
    const more = set({ 'bed_day.payable_basis': basis });
    const text = month(`${stays}, bedDayCost: 50000.00`, { more, bedDay: '40000.00' });
    expect(amountsOf(text)['resident.bed-day-payable']).toBe(expected);
    expect(gapsOf(month(stays, { more }))).toEqual(['resident.members.bed_day_cost']);
  });

  it('explains every stay, its rates and clause', () => {
    const { inputs, clause } = figuresOf(month(stays))['resident.member.H1.bed-day-payable'] ?? {};
    expect(clause).toBe('sample-2025-1 §7');
    expect(inputs?.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['psychiatric 120 天 × 2 次', '床日标准', '床日计数']),
    );
  });

  it.each([
    ['bookings without days', '', 'resident.members.bed_days'],
    [
      'a class without rate',
      'bedDays: [{ class: hospice, nights: 40, stays: 1 }]',
      'resident.members.bed_day_rate',
    ],
    [
      'a stay too short',
      'bedDays: [{ class: psychiatric, nights: 14, stays: 1 }]',
      'resident.members.bed_day_stay',
    ],
  ])('halts on %s', (_, methods, gap) => {
    expect(gapsOf(month(methods))).toEqual([gap]);
  });

  it('asks for the level where only a level has a rate', () => {
    const rehabilitation = 'bedDays: [{ class: rehabilitation, nights: 40, stays: 1 }]';
    expect(amountsOf(month(rehabilitation))['resident.bed-day-payable']).toBe('6000.00');
    expect(gapsOf(month(rehabilitation, { level: 'tertiary' }))).toEqual([
      'resident.members.bed_day_rate',
    ]);
  });
});
