import { describe, expect, it } from '@jest/globals';
import { clauseCase, setTo } from '../../../test/support/clause-case.js';
import { sum, toYuan, yuan } from '../../kernel/money.js';
import { policyAt } from '../../policy/resolve.js';

/** Ganyu’s text: start, month, release and year, paid to the lead. */

const { amounts, chain, compute, facts, gaps, sampleWithout } = clauseCase('ganyu');
const year = facts('year-2025.yaml');
const month = facts('month-2025-03.yaml');
const release = facts('release-2025-03.yaml');
const start = facts('start-2025.yaml');
const from2025 = (value: string): string => `values: { 2025-01-01: ${value} }`;

describe('cycle: start, month, release, year (GY-09, GY-10, GY-11, GY-14, GY-22)', () => {
  const member = (found: Readonly<Record<string, string>>, key: string) =>
    ['H1', 'T1'].map((code) => found[`member.${code}.${key}`]);

  it('prepays the mean of eleven months at the start, paid to the lead and passed on whole (GY-09, D8)', () => {
    const found = amounts(start);
    expect([found['start-base'], found['prepayment']]).toEqual(['5000000.00', '5000000.00']);
    expect(member(found, 'prepayment')).toEqual(['3727272.73', '1272727.27']);
    const doubled = setTo(start, { 'prefund.multiple': from2025('2') });
    expect(amounts(doubled)['prepayment']).toBe('10000000.00');
  });

  it('takes last year’s months from the books, and asks for a month that lacks (GY-09)', () => {
    const months = Array.from(
      { length: 11 },
      (_, index) => `2024-${String(index + 1).padStart(2, '0')}: 1.10`,
    );
    const text = (list: readonly string[]) =>
      `plan: start\nperiod: 2025\npools: { resident: { members: [{ institution: A, prepaid: { ${list.join(', ')}, 2024-12: 99.00 } }] } }`;
    expect(amounts(text(months))['prepayment']).toBe('1.10');
    expect(gaps(text(months.slice(1)))).toEqual(['prefund.settled']);
  });

  it('settles a month by rule, deducts violations, passes on 90 % and holds the rest (GY-10, GY-15, GY-19)', () => {
    const found = amounts(month);
    expect(found['method-payable']).toBe('6310000.05'); // home beds at actual among them
    expect(found['settlement']).toBe('6300000.05');
    expect(member(found, 'settlement')).toEqual(['4540000.05', '1760000.00']);
    expect(member(found, 'passed-on')).toEqual(['4086000.05', '1584000.00']);
    expect(member(found, 'held')).toEqual(['454000.00', '176000.00']);
    expect([found['passed-on'], found['held']]).toEqual(['5670000.05', '630000.00']);
  });

  it('takes inpatients as the agency settled them where the clearing plan says so (GY-14)', () => {
    const overlays = [sampleWithout('inpatient.method')];
    const filedMethod = setTo(month, { 'inpatient.method': from2025('filed') });
    expect(gaps(filedMethod, overlays)).toEqual(['resident.settlement.inpatient_month']);
    const stated = filedMethod
      .replace(
        '- institution: H1',
        '- institution: H1\n        filings: { settlement.inpatient_month: { value: 3400000.00 } }',
      )
      .replace(
        '- institution: T1',
        '- institution: T1\n        filings: { settlement.inpatient_month: { value: 690000.00 } }',
      );
    expect(amounts(stated)['settlement']).toBe('6190000.05');
  });

  it('holds nothing of a debt, and refuses members that do not add up', () => {
    const debt = month.replaceAll('auditDeductions: 10000.00', 'auditDeductions: 5000000.00');
    const found = amounts(debt);
    expect(found['member.H1.held']).toBe('0.00');
    expect(found['member.H1.passed-on']).toBe(found['member.H1.settlement']);
    expect(gaps(month.replace('chronic: 300000.00', 'chronic: 300000.01'))).toEqual([
      'resident.members.booked.chronic',
    ]);
  });

  it('pays the held money out by the assessment; paid and kept make up what was held (GY-10)', () => {
    const found = amounts(release);
    expect(member(found, 'released')).toEqual(['431300.01', '176000.00']);
    expect([found['released'], found['released-cut']]).toEqual(['607300.01', '22700.00']);
    const other = setTo(release, { 'release.kept_by': from2025('members') });
    expect(amounts(other)['released']).toBe('630000.01');
    expect(gaps(release.replace(/, filings: .*0.95.*/, ' }'))).toEqual(['resident.release.ratio']);
  });

  it('pays everything to the lead, which passes it on (GY-10, GY-22)', () => {
    for (const text of [start, month, year]) {
      const bookings = compute(text).flatMap(({ booking }) =>
        booking === undefined ? [] : [booking],
      );
      const agency = bookings.filter(({ from }) => from === 'agency');
      expect(agency.every(({ to }) => to === 'lead' || to.startsWith('reserve:'))).toBe(true);
      expect(agency.filter(({ to }) => to === 'lead')).toHaveLength(1);
    }
    expect(Object.keys(chain[0].plans)).toEqual(['budget', 'start', 'month', 'release', 'year']);
    expect(policyAt(chain, '2025-12-31').list('scheme.cycle')).toEqual([
      'global-control',
      'start-prepayment',
      'monthly-settlement',
      'annual-clearing',
    ]);
  });

  it('clears the year from the months’ settlements when the plan says so (GY-11)', () => {
    const text = setTo(year, { 'clearing.formula': from2025('settled') }).replace(
      '      fund.income:',
      '      settlement.year: { value: 77000000.00 }\n      fund.income:',
    );
    expect(amounts(text)['payable']).toBe('75400000.00');
  });

  it('splits the final amount among members to the fen (GY-11)', () => {
    const found = amounts(year);
    const parts = member(found, 'final').map((part) => yuan(part ?? ''));
    expect(toYuan(sum(parts))).toBe(found['final']);
    const passed = compute(year).filter(({ booking }) => booking?.from === 'lead');
    expect(passed.map(({ booking }) => booking?.to)).toEqual(['member:H1', 'member:T1']);
  });

  it('leaves what the months deducted with the member it was deducted from (GY-19)', () => {
    const taken = (h1: string, t1: string): string =>
      year
        .replace('prepaid: 56000000.00', `prepaid: 56000000.00\n        auditTaken: ${h1}`)
        .replace('prepaid: 19000000.00', `prepaid: 19000000.00\n        auditTaken: ${t1}`);
    const finals = (text: string) => member(amounts(text), 'final').map((part) => yuan(part ?? ''));
    const [ofH1, ofT1] = [finals(taken('300000.00', '0.00')), finals(taken('0.00', '300000.00'))];
    expect(
      [ofT1[0], ofH1[1]].map((own, index) => (own ?? 0n) - ([ofH1[0], ofT1[1]][index] ?? 0n)),
    ).toEqual([30000000n, 30000000n]);
    expect(member(amounts(year), 'cleared')).toEqual(['58400000.00', '19600000.00']);
    expect(gaps(taken('300000.00', '0.01'))).toEqual(['resident.members.audit_taken']);
  });

  it('carries a debt instead of cutting it off', () => {
    expect(
      amounts(
        year
          .replace('prepaid: 75000000.00', 'prepaid: 80000000.00')
          .replace('prepaid: 19000000.00', 'prepaid: 24000000.00'),
      )['final'],
    ).toBe('-3200000.00');
  });
});
