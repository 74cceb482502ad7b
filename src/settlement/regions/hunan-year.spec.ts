import { describe, expect, it } from '@jest/globals';
import { clauseCase, filed, setTo, unfiled } from '../../../test/support/clause-case.js';
import { sum, toYuan, yuan } from '../../kernel/money.js';
import type { FigureReport } from '../result.js';

/** Hunan’s text: overspend, retention, deposit, month and clearing. */

const { amounts, compute, facts, gaps, sampleWithout } = clauseCase('hunan');
const year = facts('year-2025.yaml');
const month = facts('month-2025-03.yaml');

/** The year at another cost outside the county; the rest comes to 87,942,000.00. */
const costing = (outOfCounty: string): string => filed(year, 'outside.out_of_county', outOfCounty);

describe('overspend (HN-09, HN-15)', () => {
  it.each([
    ['9058000.00', '0.00', '0.00', '0.00'], // 97,000,000
    ['13058000.00', '1000000.00', '500000.00', '500000.00'],
    ['22058000.00', '10000000.00', '2500000.00', '7500000.00'], // causes account for 5,000,000
  ])('out of county %s: overspend %s, fund %s, own %s', (outside, over, fund, own) => {
    const found = amounts(costing(outside));
    expect([found['overspend'], found['overspend-borne'], found['overspend-own']]).toEqual([
      over,
      fund,
      own,
    ]);
  });

  it.each([
    ['22057999.98', '9999999.98', '4999999.99'],
    ['22058000.00', '10000000.00', '5000000.00'],
    ['22058000.02', '10000000.02', '5000000.00'],
    ['30058000.00', '18000000.00', '5000000.00'],
  ])(
    'out of county %s, %s over: nothing above 10 %% of the budget is shared',
    (outside, over, fund) => {
      const found = amounts(filed(costing(outside), 'overspend.cause_policy', '90000000.00'));
      expect([found['overspend'], found['overspend-borne']]).toEqual([over, fund]);
    },
  );

  it.each([
    ['a failed assessment', 'value: good', 'value: fail'],
    [
      'a deficit of the county’s fund',
      'fund.county_result: { value: balanced',
      'fund.county_result: { value: deficit',
    ],
    [
      'a fund that does not allow it',
      'fund.allows_sharing: { value: yes',
      'fund.allows_sharing: { value: no',
    ],
  ])('%s bars sharing', (_, before, after) => {
    const found = amounts(year.replace(before, after));
    expect([found['overspend-borne'], found['overspend-own']]).toEqual(['0.00', '11942000.00']);
  });

  it('shares no case that was not agreed, unless the other reading is chosen', () => {
    const overlays = [sampleWithout('overspend.cases')];
    const ids = (found: readonly FigureReport[]) =>
      found.find(({ id }) => id.endsWith('.overspend-borne'))?.amount;
    expect(ids(compute(year, overlays))).toBe('0.00');
    const text = filed(
      setTo(year, { 'overspend.cases': 'reading: by-cause' }),
      'overspend.cause_public_health',
      '1000000.00',
    );
    expect(gaps(text, overlays)).toEqual(['resident.overspend.cause_force_majeure']);
  });

  it('asks what each agreed cause accounts for', () => {
    expect(gaps(unfiled(year, 'overspend.cause_policy'))).toEqual([
      'resident.overspend.cause_policy',
    ]);
  });
});

describe('retention and deposit (HN-07, HN-08)', () => {
  const under = costing('2058000.00'); // 90,000,000

  it.each([
    ['95', '10000000.00'],
    ['90', '10000000.00'],
    ['89.99', '8000000.00'],
    ['80', '8000000.00'],
    ['79.99', '5000000.00'],
    ['59.99', '0.00'],
  ])('score %s keeps %s of 10,000,000', (score, kept) => {
    expect(amounts(filed(under, 'assessment.score', score))['retained']).toBe(kept);
  });

  it('halts without a score, or with one below the table', () => {
    expect(gaps(unfiled(under, 'assessment.score'))).toEqual(['assessment.score']);
    const table = setTo(under, {
      'retention.ratio': 'values: { 2024-07-23: [{ score-from: 90, ratio: 1 }] }',
    });
    expect(gaps(table)).toEqual(['assessment.score']);
  });

  it.each([
    ['excellent', '0.00'],
    ['good', '430000.00'],
    ['fail', '4300000.00'],
  ])('grade %s: %s of the deposit of 4,300,000 is not returned (HN-07)', (grade, withheld) => {
    expect(amounts(year.replace('value: good', `value: ${grade}`))['deposit-withheld']).toBe(
      withheld,
    );
  });
});

describe('prepayment by agreement (HN-06)', () => {
  const head = month.slice(month.indexOf('filings:'), month.indexOf('pools:'));
  const start = `plan: start
period: 2025
${head}  budget.set_on: { value: 2025-01-15 }
  prepayment.eligible: { value: yes }
pools:
  resident:
    filings:
      budget.approved: { value: 100000000.00 }
      fund.expenditure_budget: { value: 900000000.00 }
      fund.income: { value: 180000000.00 }
      prepayment.month_amount: { value: 7000000.00 }
    members:
      - { institution: H1, prepaid: { 2024-12: 3.00 }, filings: { authorisation.on: { value: 2024-12-25 } } }
      - { institution: T1, prepaid: { 2024-12: 1.00 }, filings: { authorisation.on: { value: 2024-12-25 } } }
`;

  it('pays what was agreed, and nothing where nothing was', () => {
    const found = amounts(start);
    expect([found['prepayment'], found['member.H1.prepayment']]).toEqual([
      '7000000.00',
      '5250000.00',
    ]);
    expect(amounts(filed(start, 'prepayment.eligible', 'no'))['prepayment']).toBe('0.00');
    expect(gaps(start, [])).toEqual(['prepayment.months', 'prepayment.month_base']);
  });
});

describe('published results (HN-14)', () => {
  it.each(['assessment.routine_published_on', 'assessment.published_on'])(
    'are asked for before money depends on them: %s',
    (name) => {
      expect(gaps(unfiled(year, name))).toEqual([name]);
    },
  );
});

describe('the share of township and village (HN-08)', () => {
  it('is shown, and noted below the floor that the area set', () => {
    const share = compute(year).find(({ id }) => id.endsWith('.township-share'));
    expect(share?.amount).toMatch(/^0\.2\d+$/);
    expect(share?.note).toContain('低于 30%');
    const lower = setTo(year, { 'distribution.township_floor': 'values: { 2024-07-23: 0.20 }' });
    expect(compute(lower).find(({ id }) => id.endsWith('.township-share'))?.note).toBeUndefined();
  });
});

describe('month and clearing (HN-06, HN-13)', () => {
  it('settles the month with the lead, which pays members all of it', () => {
    const found = amounts(month);
    expect(found['settlement']).toBe(found['method-payable']);
    expect([found['passed-on'], found['held']]).toEqual([found['settlement'], '0.00']);
    const parts = ['H1', 'T1'].map((code) => yuan(found[`member.${code}.passed-on`] ?? ''));
    expect(toYuan(sum(parts))).toBe(found['settlement']);
  });

  it('clears the year with the lead for all members (HN-13)', () => {
    const found = amounts(year);
    // 85,942,000 − 9,442,000 own overspend; − 79,000,000 prepaid − 430,000 deposit − 200,000 audit
    expect([found['payable'], found['final']]).toEqual(['76500000.00', '-3130000.00']);
    const parts = ['H1', 'T1'].map((code) => yuan(found[`member.${code}.final`] ?? ''));
    expect(toYuan(sum(parts))).toBe(found['final']);
  });
});
