import { describe, expect, it } from '@jest/globals';
import { amountsOf, gapsOf, set } from '../../../test/support/method-region.js';
import { coveredMonths, type MonthRule } from './capitation.js';

describe('months of a roster span', () => {
  it.each<[string, string, string, MonthRule, string]>([
    ['2025-01-01', '2025-12-31', '2025', 'any-day', '12'],
    ['2024-01-01', '2026-12-31', '2025', 'by-day', '12'],
    ['2025-03-31', '2025-05-01', '2025', 'any-day', '3'],
    ['2025-03-31', '2025-05-01', '2025', 'first-day', '2'],
    ['2025-04-01', '2025-04-15', '2025', 'by-day', '0.5'],
    ['2025-04-16', '2025-05-31', '2025-04', 'by-day', '0.5'],
    ['2025-04-02', '2025-04-30', '2025-04', 'first-day', '0'],
    ['2024-01-01', '2024-12-31', '2025', 'any-day', '0'],
  ])('%s to %s in %s by %s are %s', (from, to, period, rule, months) => {
    expect(coveredMonths({ from, to }, period, rule).toFixed()).toBe(months);
  });
});

const nothing = '{ outpatient: 0, chronic: 0, inpatient: 0, bed-day: 0, family-doctor: 0 }';
const year = (methods: string, { values = {}, grade = 'grade: { value: excellent }' } = {}) => `
${set({ 'outpatient.method': 'capitation', ...values })}
plan: year
period: 2025
${grade}
pools:
  resident:
    budget: { approved: { amount: 1000000.00 } }
    booked: ${nothing}
    members:
      - { institution: H1, level: primary, points: 0, booked: ${nothing}, methods: { ${methods} } }`;
const roster =
  'roster: [{ group: adult, persons: 1000, from: 2025-01-01, to: 2025-12-31 }, { group: elderly-chronic, persons: 100, from: 2025-07-01, to: 2025-12-31 }]';

describe('capitation (HN-05, HI-07)', () => {
  it('pays member-months by weight, by the factor of the grade, less what was paid elsewhere', () => {
    // 1,000 × 120 + 100 × 6/12 × 120 × 1.5 × 1.2 = 130,800; × 1.05 = 137,340
    expect(amountsOf(year(roster))['resident.outpatient-payable']).toBe('137340.00');
    const elsewhere = `${roster}, outOfNetwork: 7340.01`;
    expect(amountsOf(year(elsewhere))['resident.member.H1.outpatient-payable']).toBe('129999.99');
    const kept = year(elsewhere, { values: { 'capitation.charge_back': 'none' } });
    expect(amountsOf(kept)['resident.outpatient-payable']).toBe('137340.00');
  });

  it('may turn negative and is never cut off', () => {
    const found = amountsOf(year(`${roster}, outOfNetwork: 200000.00`));
    expect(found['resident.outpatient-payable']).toBe('-62660.00');
  });

  it('halts without roster, weight of a group, or grade', () => {
    expect(gapsOf(year(''))).toEqual(['resident.members.roster']);
    expect(gapsOf(year(roster.replace('adult', 'infant')))).toEqual([
      'resident.members.roster_group',
    ]);
    expect(gapsOf(year(roster, { grade: '' }))).toEqual(['assessment.grade']);
  });

  it('pays by service at the bookings where that is the method', () => {
    const service = year('', { values: { 'outpatient.method': 'fee-for-service' } }).replaceAll(
      'outpatient: 0',
      'outpatient: 77.77',
    );
    const found = amountsOf(service);
    expect(found['resident.outpatient-payable']).toBe('77.77');
    expect(found['resident.member.H1.outpatient-payable']).toBe('77.77');
    expect(found['resident.method-payable']).toBe('77.77'); // nobody has points
  });
});

describe('family-doctor fee (HN-05, HI-07)', () => {
  it('pays the fund’s share for persons who signed and were served; a month is a twelfth', () => {
    const found = amountsOf(year(`${roster}, signed: { persons: 900, served: 811 }`));
    expect(found['resident.family-doctor-payable']).toBe('24330.00'); // 811 × 120 × 0.25
    const month = year(`${roster}, signed: { persons: 900, served: 7 }`)
      .replace('plan: year\nperiod: 2025', 'plan: month\nperiod: 2025-03')
      .replace('grade: { value: excellent }', '')
      .replace(/ {4}budget:.*\n/, '    filings: { points.provisional_value: { value: 1 } }\n');
    expect(amountsOf(month)['resident.family-doctor-payable']).toBe('17.50');
  });

  it('halts on fees of persons nobody counted, and refuses more served than signed', () => {
    const text = year(roster).replaceAll('family-doctor: 0', 'family-doctor: 1.00');
    expect(gapsOf(text)).toEqual(['resident.members.signed']);
    expect(() => amountsOf(year('signed: { persons: 1, served: 2 }'))).toThrow('不能多于签约人数');
  });
});
