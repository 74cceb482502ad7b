import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../config/yaml-text.js';
import { sum, toYuan, yuan } from '../../kernel/money.js';
import { PolicyGapError } from '../../policy/errors.js';
import { loadOverlay, loadRegion } from '../../policy/policy.loader.js';
import { checkedFactsSchema } from '../checked-facts.js';
import { computeFile } from '../compute.js';
import type { FigureReport } from '../result.js';

/** Ganyu's scheme, each case through a facts file and the sample overlay. */

const root = join(import.meta.dirname, '../../..');
const chain = loadRegion(join(root, 'config/policies'), 'ganyu');
const demo = join(root, 'config/demo/regions/ganyu');
const sample = loadOverlay(join(demo, 'overlays/ganyu-sample.yaml'), chain);
const file = (name: string): string => readFileSync(join(demo, 'facts', name), 'utf8');
const year = file('year-2025.yaml');

function compute(text: string, overlays = [sample]): readonly FigureReport[] {
  const facts = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(chain) });
  return computeFile(chain, facts, overlays).figures;
}

function amounts(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    compute(text).map(({ id, amount }) => [id.split('.').slice(3).join('.'), amount]),
  );
}

function gapsOf(text: string, overlays = [sample]): readonly string[] {
  try {
    compute(text, overlays);
    return [];
  } catch (error) {
    if (error instanceof PolicyGapError) return error.gaps.map(({ id }) => id);
    throw error;
  }
}

const month = file('month-2025-03.yaml');
const release = file('release-2025-03.yaml');
const start = file('start-2025.yaml');

/** The sample overlay, some parameters set otherwise. */
function without(...ids: readonly string[]) {
  const set = Object.fromEntries(Object.entries(sample.set).filter(([id]) => !ids.includes(id)));
  return { ...sample, set };
}

/** The same file setting parameters otherwise, each as `reading: …` or `values: …`. */
function setting(text: string, set: Readonly<Record<string, string>>): string {
  const entries = Object.entries(set).map(
    ([id, value]) => `  ${id}: { ${value}, clause: sample-2025-9 §1 }`,
  );
  const documents =
    'documents: { sample-2025-9: { number: 样例, title: 样例, issued: 2025-01-10 } }';
  return text.replace(/^period: .*$/m, (line) => [line, documents, 'set:', ...entries].join('\n'));
}

const from2025 = (value: string): string => `values: { 2025-01-01: ${value} }`;

/** Another amount for one filing. */
function filed(text: string, name: string, value: string): string {
  const found = new RegExp(`^( *${name.replaceAll('.', '\\.')}: \\{ value: )[^ }]+`, 'm');
  expect(text).toMatch(found);
  return text.replace(found, `$1${value}`);
}

/** The year with no violations and the whole cost as told. */
function costing(outOfCity: string, text = year): string {
  return filed(filed(text, 'audit.taken_in_months', '0.00'), 'outarea.out_of_city', outOfCity);
}

describe('the year without an overlay', () => {
  it('lists everything that the text leaves open at once (GY-07, GY-11, GY-12, GY-13)', () => {
    expect(gapsOf(year, []).toSorted()).toEqual([
      'clearing.formula',
      'outbudget.kept_by',
      'outbudget.retained_share',
      'overspend.fund_share',
      'retention.fund_result',
      'retention.ratio',
      'slice.township_fund.base',
    ]);
    expect(gapsOf(start, [])).toEqual(['prefund.multiple']);
    expect(gapsOf(month, [])).toEqual(['inpatient.method']);
    expect(gapsOf(release, [])).toEqual(['release.rule', 'release.kept_by']);
  });

  it('starts with the year of its number (GY-27)', () => {
    expect(gapsOf(year.replace('period: 2025', 'period: 2024'))).toContain('scheme.effective');
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
    expect(gapsOf(year.replace(/^ *revenue.year_3.*\n/m, ''))).toEqual(['resident.revenue.year_3']);
  });

  it('is measured by the adjusted one with its consents, or by the issued one when that is read', () => {
    expect(amounts(year)['budget-approved']).toBe('105263157.89');
    expect(gapsOf(year.replace(/^ *budget.consent_tax.*\n/m, ''))).toEqual(['budget.consent_tax']);
    expect(amounts(setting(year, { 'budget.measure': 'reading: issued' }))['budget-approved']).toBe(
      '100000000.00',
    );
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
    const found = amounts(setting(at, { 'budget.measure': 'reading: issued' }));
    expect([found['slice.risk-fund'], found['indicator']]).toEqual(['5000000.00', '95000000.00']);
    const both = setting(at, {
      'budget.measure': 'reading: issued',
      'slice.risk_fund.position': 'reading: on-top',
    });
    expect(amounts(both)['indicator']).toBe('100000000.00');
  });

  it('reserves 1 % for the townships from residents only (GY-06, D8)', () => {
    const sixty = setting(
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

  it('leaves non-members out, overrun or surplus', () => {
    expect(amounts(year)['outbudget.non-members']).toBe('-500000.00');
    expect(amounts(year)['outbudget-overrun']).toBe('0.00');
    const less = filed(year, 'outbudget.non_members.actual', '11000000.00');
    expect(amounts(less)['outbudget-surplus']).toBe('100000.00');
  });

  it('asks for every line', () => {
    expect(gapsOf(year.replace(/^ *outbudget.home_bed.actual.*\n/m, ''))).toEqual([
      'resident.outbudget.home_bed.actual',
    ]);
  });

  it('keeps the risk fund’s account (GY-24)', () => {
    const found = amounts(filed(year, 'outbudget.risk_fund.actual', '5363157.89'));
    expect(found['outbudget-overrun']).toBe('100000.00');
    expect(found['risk-fund-special']).toBe('5263157.89');
    expect(found['risk-fund-sharing']).toBe('200000.00'); // all that is left
    expect(found['risk-fund-closing']).toBe('0.00');
    expect(amounts(year)['risk-fund-closing']).toBe('4113157.89');
  });
});

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
    expect(gapsOf(year.replace(/^ *analysis.cause.*\n/m, ''))).toEqual(['resident.analysis.cause']);
  });

  it('goes by the grade, and halts without one (GY-25)', () => {
    expect(amounts(year.replace('value: good', 'value: fail'))['overspend-borne']).toBe('0.00');
    expect(gapsOf(year.replace(/^grade.*\n/m, ''))).toEqual(['assessment.grade']);
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
      amounts(setting(year, { 'overspend.violations': 'reading: counted' }))['overspend-borne'],
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
      expect(amounts(setting(text, { 'retention.joined': 'reading: any' }))['retained']).toBe(
        '4500000.00',
      );
    }
  });

  it('is part of what the year owes', () => {
    expect(amounts(under)['payable']).toBe('82950000.00');
  });
});

describe('cycle: start, month, release, year (GY-09, GY-10, GY-11, GY-14, GY-22)', () => {
  const member = (found: Readonly<Record<string, string>>, key: string) =>
    ['H1', 'T1'].map((code) => found[`member.${code}.${key}`]);

  it('prepays the mean of eleven months at the start, paid to the lead and passed on whole (GY-09, D8)', () => {
    const found = amounts(start);
    expect([found['start-base'], found['prepayment']]).toEqual(['5000000.00', '5000000.00']);
    expect(member(found, 'prepayment')).toEqual(['3727272.73', '1272727.27']);
    const doubled = setting(start, { 'prefund.multiple': from2025('2') });
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
    expect(gapsOf(text(months.slice(1)))).toEqual(['prefund.settled']);
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
    const overlays = [without('inpatient.method')];
    const filedMethod = setting(month, { 'inpatient.method': from2025('filed') });
    expect(gapsOf(filedMethod, overlays)).toEqual(['resident.settlement.inpatient_month']);
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
    expect(gapsOf(month.replace('chronic: 300000.00', 'chronic: 300000.01'))).toEqual([
      'resident.members.booked.chronic',
    ]);
  });

  it('pays the held money out by the assessment; paid and kept make up what was held (GY-10)', () => {
    const found = amounts(release);
    expect(member(found, 'released')).toEqual(['431300.01', '176000.00']);
    expect([found['released'], found['released-cut']]).toEqual(['607300.01', '22700.00']);
    const other = setting(release, { 'release.kept_by': from2025('members') });
    expect(amounts(other)['released']).toBe('630000.01');
    expect(gapsOf(release.replace(/, filings: .*0.95.*/, ' }'))).toEqual([
      'resident.release.ratio',
    ]);
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
  });

  it('clears the year from the months’ settlements when the plan says so (GY-11)', () => {
    const text = setting(year, { 'clearing.formula': from2025('settled') }).replace(
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
    expect(gapsOf(taken('300000.00', '0.01'))).toEqual(['resident.members.audit_taken']);
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
