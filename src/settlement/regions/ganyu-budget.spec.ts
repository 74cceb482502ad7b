import { describe, expect, it } from '@jest/globals';
import { clauseCase, filed, setTo, unfiled } from '../../../test/support/clause-case.js';
import { policyAt } from '../../policy/resolve.js';

/** Ganyu’s text: budget, what is set aside, lines outside the budget. */

const { amounts, chain, compute, facts, gaps } = clauseCase('ganyu');
const year = facts('year-2025.yaml');
const month = facts('month-2025-03.yaml');
const release = facts('release-2025-03.yaml');
const start = facts('start-2025.yaml');

describe('the year without an overlay', () => {
  it('lists everything that the text leaves open at once (GY-07, GY-11, GY-12, GY-13)', () => {
    expect(gaps(year, []).toSorted()).toEqual([
      'clearing.formula',
      'outbudget.kept_by',
      'outbudget.retained_share',
      'overspend.fund_share',
      'retention.fund_result',
      'retention.ratio',
      'slice.township_fund.base',
    ]);
    expect(gaps(start, [])).toEqual(['prefund.multiple']);
    expect(gaps(month, [])).toEqual(['inpatient.method']);
    expect(gaps(release, [])).toEqual(['release.rule', 'release.kept_by']);
  });

  it('starts with the year of its number (GY-27)', () => {
    expect(gaps(year.replace('period: 2025', 'period: 2024'))).toContain('scheme.effective');
  });
});

describe('budget (GY-01, GY-04, GY-05, GY-06)', () => {
  it('is the approved figure with the inputs it rests on', () => {
    const issued = compute(year).find(({ id }) => id.endsWith('.budget-issued'));
    expect(issued?.inputs.map(({ label }) => label)).toEqual([
      '核定的年度预算总额',
      '基金预算收入',
      '前四年医疗收入（第一年，最早）',
      '前四年医疗收入（第二年）',
      '前四年医疗收入（第三年）',
      '前四年医疗收入（第四年，最近）',
      '医保、财政、卫健、税务协商确定之日',
    ]);
  });

  it.each([
    'resident.fund.income',
    'resident.revenue.year_1',
    'resident.revenue.year_2',
    'resident.revenue.year_3',
    'resident.revenue.year_4',
    'budget.negotiated_on',
  ])('halts without %s (GY-01)', (id) => {
    expect(gaps(unfiled(year, id.replace('resident.', '')))).toEqual([id]);
  });

  it('is measured by the adjusted one with its consents, or by the issued one when that is read', () => {
    expect(amounts(year)['budget-approved']).toBe('105263157.89');
    expect(amounts(setTo(year, { 'budget.measure': 'reading: issued' }))['budget-approved']).toBe(
      '100000000.00',
    );
  });

  it.each(['insurance', 'finance', 'tax'])('halts without the consent of %s (GY-04)', (whose) => {
    expect(gaps(unfiled(year, `budget.consent_${whose}`))).toEqual([`budget.consent_${whose}`]);
  });

  it('adds what last year’s assessment changed (GY-25)', () => {
    const more = year.replace(
      '      fund.income:',
      '      budget.assessment_adjustment: { value: -263157.89 }\n      fund.income:',
    );
    expect(amounts(more)['budget-approved']).toBe('105000000.00');
  });

  it('takes 5 % for the risk fund out of the total, or on top when that is read (GY-06, D8)', () => {
    const at = filed(year, 'outbudget.township_fund.actual', '1000000.00');
    const found = amounts(setTo(at, { 'budget.measure': 'reading: issued' }));
    expect([found['slice.risk-fund'], found['indicator']]).toEqual(['5000000.00', '95000000.00']);
    const both = setTo(at, {
      'budget.measure': 'reading: issued',
      'slice.risk_fund.position': 'reading: on-top',
    });
    expect(amounts(both)['indicator']).toBe('100000000.00');
  });

  it('reserves 1 % for the townships from residents only (GY-06, D8)', () => {
    const sixty = setTo(
      filed(
        filed(year, 'budget.approved', '60000000.00'),
        'outbudget.township_fund.actual',
        '0.00',
      ),
      { 'budget.measure': 'reading: issued' },
    );
    expect(amounts(sixty)['slice.township-fund']).toBe('600000.00');
    const employee = compute(
      year.replace('  resident:', '  employee:').replace(/^ *outbudget.township_fund.*\n/m, ''),
    );
    expect(employee.some(({ id }) => id.includes('township'))).toBe(false);
  });

  it('accounts the pools apart (GY-05)', () => {
    const alone = compute(year);
    const pool = year.slice(year.indexOf('  resident:'));
    const both = compute(`${year}${pool.replace('  resident:', '  employee:')}`);
    expect(both.filter(({ id }) => id.includes('.resident.'))).toEqual(alone);
  });
});

describe('lines outside the budget (GY-06, GY-07, GY-23)', () => {
  it('deducts overruns line by line, without netting surpluses', () => {
    const over = filed(year, 'outbudget.pharmacy.actual', '4300000.00');
    const found = amounts(over);
    expect(found['outbudget-overrun']).toBe('300000.00');
    expect(found['outbudget-surplus']).toBe('100000.00');
    expect(found['outbudget-retained']).toBe('50000.00');
    expect(found['indicator']).toBe('99700000.00');
  });

  it.each([
    'critical_illness',
    'long_term_care',
    'procurement',
    'pharmacy',
    'maternity_allowance',
    'home_bed',
  ])('deducts an overrun of %s, and holds a surplus for the assessment', (line) => {
    const level = filed(year, 'outbudget.home_bed.actual', '500000.00');
    const spent = (actual: string) =>
      amounts(
        filed(
          filed(level, `outbudget.${line}.budget`, '200000.00'),
          `outbudget.${line}.actual`,
          actual,
        ),
      );
    const [over, under] = [spent('300000.00'), spent('150000.00')];
    expect([over['outbudget-overrun'], over['outbudget-surplus']]).toEqual(['100000.00', '0.00']);
    expect(over['indicator']).toBe('99900000.00');
    expect([under['outbudget-overrun'], under['outbudget-surplus']]).toEqual(['0.00', '50000.00']);
  });

  it('measures the townships’ fund by what was reserved', () => {
    const over = amounts(filed(year, 'outbudget.township_fund.actual', '1152631.58'));
    expect([over['outbudget-overrun'], over['indicator']]).toEqual(['100000.00', '99900000.00']);
  });

  it.each([
    ['1000000.00', '200000.00', '200000.00', '800000.00'],
    ['1000000.00', '1000000.00', '1000000.00', '0.00'],
    ['1000000.00', '1250000.00', '1000000.00', '-250000.00'], // the rest is an overrun of the budget
  ])('spends the townships’ %s out of its reserve: %s', (slice, actual, spent, left) => {
    const of = filed(year, 'outbudget.township_fund.actual', actual);
    const hundred = setTo(of, { 'budget.measure': 'reading: issued' });
    const found = amounts(hundred);
    expect(found['slice.township-fund']).toBe(slice);
    expect(found['township-fund-spent']).toBe(spent);
    expect(found['outbudget.township-fund']).toBe(left);
    const booked = compute(hundred).filter(({ id }) => id.endsWith('.township-fund-spent'));
    expect(booked.map(({ booking }) => booking)).toEqual([
      { from: 'reserve:township-fund', to: 'agency' },
    ]);
    expect(amounts(hundred)['risk-fund-spent']).toBeUndefined(); // its own account books it
  });

  it('leaves non-members out, overrun or surplus', () => {
    expect(amounts(year)['outbudget.non-members']).toBe('-500000.00');
    expect(amounts(year)['outbudget-overrun']).toBe('0.00');
    const less = filed(year, 'outbudget.non_members.actual', '11000000.00');
    expect(amounts(less)['outbudget-surplus']).toBe('100000.00');
  });

  it('asks for every line', () => {
    expect(gaps(year.replace(/^ *outbudget.home_bed.actual.*\n/m, ''))).toEqual([
      'resident.outbudget.home_bed.actual',
    ]);
  });

  it('keeps the risk fund’s account (GY-24)', () => {
    expect(policyAt(chain, '2025-12-31').list('risk_fund.uses')).toEqual([
      'overspend-sharing',
      'special-overrun',
    ]);
    const found = amounts(filed(year, 'outbudget.risk_fund.actual', '5363157.89'));
    expect(found['outbudget-overrun']).toBe('100000.00');
    expect(found['risk-fund-special']).toBe('5263157.89');
    expect(found['risk-fund-sharing']).toBe('200000.00'); // all that is left
    expect(found['risk-fund-closing']).toBe('0.00');
    expect(amounts(year)['risk-fund-closing']).toBe('4113157.89');
  });
});
