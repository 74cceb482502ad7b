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

/** Hunan's scheme, each case through a facts file and the sample overlay. */

const root = join(import.meta.dirname, '../../..');
const chain = loadRegion(join(root, 'config/policies'), 'hunan');
const demo = join(root, 'config/demo/regions/hunan');
const sample = loadOverlay(join(demo, 'overlays/hunan-sample.yaml'), chain);
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

/** The sample overlay without some parameters. */
function without(...ids: readonly string[]) {
  const set = Object.fromEntries(Object.entries(sample.set).filter(([id]) => !ids.includes(id)));
  return { ...sample, set };
}

const month = file('month-2025-03.yaml');

/** The same file setting parameters otherwise, each as `reading: …` or `values: …`. */
function setting(text: string, set: Readonly<Record<string, string>>): string {
  const entries = Object.entries(set).map(
    ([id, value]) => `  ${id}: { ${value}, clause: sample-2025-9 §1 }`,
  );
  const documents =
    'documents: { sample-2025-9: { number: 样例, title: 样例, issued: 2025-01-10 } }';
  return text.replace(/^period: .*$/m, (line) => [line, documents, 'set:', ...entries].join('\n'));
}

/** Another value for one filing. */
function filed(text: string, name: string, value: string): string {
  const found = new RegExp(`^( *${name.replaceAll('.', '\\.')}: \\{ value: )[^ }]+`, 'm');
  expect(text).toMatch(found);
  return text.replace(found, `$1${value}`);
}

/** The file without the lines that speak of a filing. */
function lacking(text: string, name: string): string {
  return text.replace(new RegExp(`^ *${name.replaceAll('.', '\\.')}: .*\\n`, 'm'), '');
}

/** The year at another cost outside the county; the rest comes to 87,942,000.00. */
const costing = (outOfCounty: string): string => filed(year, 'outside.out_of_county', outOfCounty);

describe('the year without an overlay', () => {
  it('lists everything that the text leaves open at once (HN-05, HN-07, HN-08, HN-09)', () => {
    expect(gapsOf(year, []).toSorted()).toEqual([
      'audit.timing',
      'bed_day.count',
      'bed_day.longest',
      'bed_day.payable_basis',
      'bed_day.rates',
      'bed_day.shortest',
      'budget.income_link',
      'deposit.forfeit',
      'deposit.rate',
      'family_doctor.fee',
      'family_doctor.fund_share',
      'inpatient.method',
      'overspend.fund_share',
      'retention.ratio',
    ]);
  });
});

describe('who is under a global budget (HN-01, HN-03, HN-16)', () => {
  it.each([
    'certification.on',
    'certification.standard',
    'certification.operating_from',
    'agreement.from',
    'agreement.to',
    'plan.issued_on',
  ])('halts without %s', (name) => {
    expect(gapsOf(lacking(year, name))).toEqual([name]);
  });

  it('halts when a member did not authorise the lead, or the agreement ends within the year', () => {
    const open = year.replace(
      'filings: { authorisation.on: { value: 2024-12-25 } }',
      'filings: {}',
    );
    expect(gapsOf(open)).toEqual(['authorisation.on']);
    expect(gapsOf(filed(year, 'agreement.to', '2025-12-30'))).toEqual(['agreement.to']);
  });

  it('speaks from the day of issue only', () => {
    expect(gapsOf(year.replace('period: 2025', 'period: 2023'))).toContain('scheme.effective');
  });
});

describe('budget (HN-02, HN-11)', () => {
  it('is the figure the city set, with what it rests on, beside the change of income', () => {
    const found = amounts(year);
    expect(found['budget-approved']).toBe('100000000.00');
    expect([found['budget-change'], found['income-change']]).toEqual([
      '0.041666666667',
      '0.046511627907',
    ]);
    expect(gapsOf(lacking(year, 'fund.expenditure_budget'))).toEqual([
      'resident.fund.expenditure_budget',
    ]);
  });

  it('halts when it grows faster than income, where the area says that it must not', () => {
    const strict = setting(year, { 'budget.income_link': 'values: { 2024-07-23: not-faster }' });
    expect(gapsOf(strict)).toEqual([]);
    expect(gapsOf(filed(strict, 'budget.prior', '95000000.00'))).toEqual([
      'resident.budget.income_link',
    ]);
    expect(gapsOf(filed(strict, 'budget.prior', '0.00'))).toEqual(['resident.budget.prior']);
  });

  it('must not be the county’s whole fund income (HN-11)', () => {
    expect(gapsOf(filed(year, 'fund.income', '100000000.01'))).toEqual([]);
    expect(gapsOf(filed(year, 'fund.income', '100000000.00'))).toEqual([
      'resident.budget.approved',
    ]);
  });

  it('is shared by persons, services and payments where a county has several consortia (HN-02, HN-11)', () => {
    const row = (name: string, policy: string, persons: number) =>
      `{ pool: resident, consortium: ${name}, policy: ${policy}, persons: ${persons}, services: 100, payments: 500.00 }`;
    const county = (policy: string): string =>
      setting(
        year.replace(
          '      budget.prior:',
          '      allocation.area_budget: { value: 250000000.00 }\n      allocation.consortium: { value: A }\n      budget.prior:',
        ),
        {
          'allocation.weights':
            'values: { 2024-07-23: [{ measure: persons, weight: 0.50 }, { measure: services, weight: 0.25 }, { measure: payments, weight: 0.25 }] }',
          'allocation.measures': `values: { 2025-01-01: [${row('A', 'same', 300000)}, ${row('B', policy, 700000)}] }`,
        },
      );
    // 250,000,000 × (0.50 × 0.3 + 0.25 × 0.5 + 0.25 × 0.5)
    expect(amounts(county('same'))['budget-allocated']).toBe('100000000.00');
    expect(gapsOf(county('another'))).toHaveLength(1);
  });
});

describe('scope and cleared cost (HN-04, HN-05, HN-08)', () => {
  it('takes in out-of-county care, dual channel and the family doctor’s fee', () => {
    const found = amounts(year);
    // 17,000,000 + 6,000,000 + 1,000,000 + 60,000,000 + 792,000 + 350,000 + 800,000
    expect(found['cleared']).toBe('85942000.00');
    expect(found['cost']).toBe('111942000.00');
  });

  it('leaves out the dual channel of non-members and manual reimbursement when that is read', () => {
    const text = setting(year, {
      'scope.nonmember_dual_channel': 'reading: out',
      'scope.manual': 'reading: excluded',
    });
    expect(amounts(text)['cost']).toBe('109942000.00');
    expect(amounts(text)['cost.dual-channel']).toBeUndefined();
  });

  it('pays long stays by bed-day (HN-05)', () => {
    expect(amounts(year)['member.H1.bed-day-payable']).toBe('792000.00'); // 30 stays of 26,400
  });

  it('pays inpatients by a DRG rate, as the city cleared them, or as booked (HN-05)', () => {
    const cleared = setting(year, { 'inpatient.method': 'values: { 2024-07-23: filed }' });
    expect(gapsOf(cleared)).toEqual(['resident.settlement.inpatient_year']);
    const add = (text: string, value: string): string =>
      text.replace(
        'filings: { authorisation.on: { value: 2024-12-25 } }',
        `filings: { authorisation.on: { value: '2024-12-25' }, settlement.inpatient_year: { value: ${value} } }`,
      );
    const both = add(add(cleared, '49000000.00'), '9900000.00');
    expect(amounts(both)['inpatient-payable']).toBe('58900000.00');
    const rate = setting(year, {
      'inpatient.method': 'values: { 2024-07-23: drg-rate }',
      'inpatient.payable_basis': 'values: { 2024-07-23: fund-points }',
      'drg.rate': 'values: { 2024-07-23: { employee: 9000.00, resident: 8000.00 } }',
    })
      .replace('methods: { bedDays', 'methods: { drgWeight: 6100, bedDays')
      .replace('methods: { signed', 'methods: { drgWeight: 1250, signed');
    expect(gapsOf(rate)).toEqual([]);
    expect(amounts(rate)['inpatient-payable']).toBe('58800000.00');
  });
});

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
    const overlays = [without('overspend.cases')];
    const ids = (found: readonly FigureReport[]) =>
      found.find(({ id }) => id.endsWith('.overspend-borne'))?.amount;
    expect(ids(compute(year, overlays))).toBe('0.00');
    const text = filed(
      setting(year, { 'overspend.cases': 'reading: by-cause' }),
      'overspend.cause_public_health',
      '1000000.00',
    );
    expect(gapsOf(text, overlays)).toEqual(['resident.overspend.cause_force_majeure']);
  });

  it('asks what each agreed cause accounts for', () => {
    expect(gapsOf(lacking(year, 'overspend.cause_policy'))).toEqual([
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
    expect(gapsOf(lacking(under, 'assessment.score'))).toEqual(['assessment.score']);
    const table = setting(under, {
      'retention.ratio': 'values: { 2024-07-23: [{ score-from: 90, ratio: 1 }] }',
    });
    expect(gapsOf(table)).toEqual(['assessment.score']);
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
