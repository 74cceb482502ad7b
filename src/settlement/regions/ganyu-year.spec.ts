import { describe, expect, it } from '@jest/globals';
import { clauseCase, filed, setTo, unfiled } from '../../../test/support/clause-case.js';

/** Ganyu’s text: overspend, violations, retention. */

const { amounts, facts, gaps } = clauseCase('ganyu');
const year = facts('year-2025.yaml');

/** The year with no violations and the cost outside the city as told. */
function costing(outOfCity: string): string {
  return filed(filed(year, 'audit.taken_in_months', '0.00'), 'outarea.out_of_city', outOfCity);
}

describe('overspend within 5 % of the indicator (GY-03, GY-08, GY-13, D7)', () => {
  it.each([
    ['2500000.00', '97000000.00', '0.00', '0.00', '0.00'],
    ['8500000.00', '103000000.00', '3000000.00', '1500000.00', '1500000.00'],
    ['10499999.99', '104999999.99', '4999999.99', '2500000.00', '2499999.99'],
    ['10500000.00', '105000000.00', '5000000.00', '2500000.00', '2500000.00'],
    ['10500000.01', '105000000.01', '5000000.01', '2500000.00', '2500000.01'],
    ['13500000.00', '108000000.00', '8000000.00', '2500000.00', '5500000.00'],
  ])(
    'out of city %s, cost %s: overspend %s, fund %s, own %s',
    (outOfCity, cost, over, fund, own) => {
      const found = amounts(costing(outOfCity));
      expect(found['indicator']).toBe('100000000.00');
      expect(found['cost']).toBe(cost);
      expect(found['overspend']).toBe(over);
      expect(found['overspend-borne']).toBe(fund);
      expect(found['overspend-own']).toBe(own);
    },
  );

  it('shares only what the assessment found reasonable, and what was analysed', () => {
    const found = amounts(
      filed(costing('10500000.00'), 'overspend.cause_reasonable', '1000000.00'),
    );
    expect([found['overspend-borne'], found['overspend-own']]).toEqual(['500000.00', '4500000.00']);
  });

  it.each(['cause', 'responsibility'])('halts without the %s on record (GY-03)', (what) => {
    expect(gaps(unfiled(year, `analysis.${what}`))).toEqual([`resident.analysis.${what}`]);
  });

  it('goes by the grade, and halts without one (GY-25)', () => {
    expect(amounts(year.replace('value: good', 'value: fail'))['overspend-borne']).toBe('0.00');
    expect(gaps(year.replace(/^grade.*\n/m, ''))).toEqual(['assessment.grade']);
  });

  it('counts out-of-area and manual reimbursement at actual (GY-08, GY-15)', () => {
    const found = amounts(year);
    expect(found['cleared']).toBe('78000000.00');
    expect([found['cost.in-city'], found['cost.out-of-city'], found['cost.manual']]).toEqual([
      '15000000.00',
      '8500000.00',
      '1500000.00',
    ]);
    const booked = amounts(year.replace('manual: 0.00, outside', 'manual: 12.34, outside'));
    expect(booked['cost.manual']).toBe('1500012.34');
  });
});

describe('bands that cannot be used (GY-13)', () => {
  it.each([
    ['no open end', '[{ up-to: 0.05, fund-share: 0.50 }]'],
    [
      'edges that fall',
      '[{ up-to: 0.10, fund-share: 0.50 }, { up-to: 0.05, fund-share: 0.30 }, { up-to: none, fund-share: 0 }]',
    ],
    ['a share above one', '[{ up-to: 0.05, fund-share: 1.50 }, { up-to: none, fund-share: 0 }]'],
  ])('halt: %s', (_, rows) => {
    const text = setTo(year, { 'overspend.bands': `values: { 2025-01-01: ${rows} }` });
    expect(gaps(text)).toEqual(['overspend.bands']);
  });

  it('halt with the parameter that a cell names and nobody knows', () => {
    const rows = '[{ up-to: 0.05, fund-share: overspend.no_such }, { up-to: none, fund-share: 0 }]';
    const text = setTo(year, { 'overspend.bands': `values: { 2025-01-01: ${rows} }` });
    expect(gaps(text)).toEqual(['overspend.no_such']);
  });
});

describe('violations (GY-19)', () => {
  it('are deducted once and left out of what is shared', () => {
    const found = amounts(year);
    expect(found['overspend-barred']).toBe('300000.00');
    expect(found['overspend-shareable']).toBe('2700000.00');
    expect(found['overspend-own']).toBe('1350000.00');
    // 78,000,000 + 400,000 at actual + 50,000 kept − 1,350,000 own − 300,000 taken in the months
    expect(found['payable']).toBe('76800000.00');
    expect(found['final']).toBe('1800000.00');
  });

  it('come off the same whether a month took them or the year does', () => {
    const late = filed(year, 'audit.taken_in_months', '0.00')
      .replace('auditDeductions: 0.00', 'auditDeductions: 300000.00')
      .replace('prepaid: 56000000.00', 'prepaid: 56000000.00\n        auditDeductions: 300000.00');
    expect(amounts(late)['overspend-barred']).toBe('300000.00');
    expect(amounts(late)['final']).toBe(amounts(year)['final']);
  });

  it('never come back as surplus', () => {
    const under = filed(year, 'outarea.out_of_city', '500000.00');
    expect(amounts(under)['surplus']).toBe('5000000.00');
    expect(amounts(filed(under, 'audit.taken_in_months', '900000.00'))['surplus']).toBe(
      '5000000.00',
    );
  });

  it('count like any cost when that is read', () => {
    expect(
      amounts(setTo(year, { 'overspend.violations': 'reading: counted' }))['overspend-borne'],
    ).toBe('1500000.00');
  });
});

describe('retention (GY-03, GY-12, GY-25)', () => {
  const under = costing('500000.00'); // 5,000,000 below the indicator

  it.each([
    ['excellent', '5000000.00'],
    ['good', '4500000.00'],
    ['fail', '0.00'],
  ])('grade %s keeps %s', (grade, kept) => {
    expect(amounts(under.replace('value: good', `value: ${grade}`))['retained']).toBe(kept);
  });

  it('needs targets, a balanced fund and a safe one together; any of them when that is read', () => {
    for (const [name, value] of [
      ['retention.targets', 'not-met'],
      ['fund.pool_result', 'deficit'],
      ['retention.fund_safe', 'at-risk'],
    ] as const) {
      const text = filed(under, name, value);
      expect(amounts(text)['retained']).toBe('0.00');
      expect(amounts(setTo(text, { 'retention.joined': 'reading: any' }))['retained']).toBe(
        '4500000.00',
      );
    }
  });

  it.each([
    ['balanced', '4500000.00'],
    ['surplus', '4500000.00'],
    ['deficit', '0.00'],
  ])('a fund in %s keeps %s', (result, kept) => {
    expect(amounts(filed(under, 'fund.pool_result', result))['retained']).toBe(kept);
  });

  it('is part of what the year owes', () => {
    expect(amounts(under)['payable']).toBe('82950000.00');
  });
});
