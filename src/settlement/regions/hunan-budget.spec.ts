import { describe, expect, it } from '@jest/globals';
import { clauseCase, filed, setTo, unfiled } from '../../../test/support/clause-case.js';
import { CARE_TYPES } from '../../claims/claim.js';
import { policyAt } from '../../policy/resolve.js';
import { type ScopeFacts, scopeOf } from '../../policy/scope.js';

/** Hunan’s text: who is under a budget, the budget, scope and cleared cost. */

const { amounts, chain, facts, gaps } = clauseCase('hunan');
const year = facts('year-2025.yaml');

describe('the year without an overlay', () => {
  it('lists everything that the text leaves open at once (HN-05, HN-07, HN-08, HN-09)', () => {
    expect(gaps(year, []).toSorted()).toEqual([
      'audit.timing',
      'bed_day.count',
      'bed_day.longest',
      'bed_day.payable_basis',
      'bed_day.rates',
      'bed_day.shortest',
      'budget.income_link',
      'deposit.forfeit',
      'deposit.rate',
      'distribution.township_floor',
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
    expect(gaps(unfiled(year, name))).toEqual([name]);
  });

  it('halts when a member did not authorise the lead, or the agreement ends within the year', () => {
    const open = year.replace(
      'filings: { authorisation.on: { value: 2024-12-25 } }',
      'filings: {}',
    );
    expect(gaps(open)).toEqual(['authorisation.on']);
    expect(gaps(filed(year, 'agreement.to', '2025-12-30'))).toEqual(['agreement.to']);
  });

  it.each([
    ['certification.on', '2025-12-31'],
    ['certification.operating_from', '2025-12-31'],
    ['agreement.from', '2025-12-31'],
    ['plan.issued_on', '2025-12-31'],
  ])('takes %s up to the last day of the year', (name, day) => {
    expect(gaps(filed(year, name, day))).toEqual([]);
    expect(gaps(filed(year, name, '2026-01-01'))).toEqual([name]);
  });

  it('halts when a member authorised the lead only after the year', () => {
    const late = year.replace(
      'authorisation.on: { value: 2024-12-25 }',
      'authorisation.on: { value: 2026-01-01 }',
    );
    expect(gaps(late)).toEqual(['authorisation.on']);
  });

  it('speaks from the day of issue only', () => {
    expect(gaps(year.replace('period: 2025', 'period: 2023'))).toContain('scheme.effective');
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
    expect(gaps(unfiled(year, 'budget.set_on'))).toEqual(['budget.set_on']);
    expect(gaps(unfiled(year, 'fund.expenditure_budget'))).toEqual([
      'resident.fund.expenditure_budget',
    ]);
  });

  it('halts when it grows faster than income, where the area says that it must not', () => {
    const strict = setTo(year, { 'budget.income_link': 'values: { 2024-07-23: not-faster }' });
    expect(gaps(strict)).toEqual([]);
    expect(gaps(filed(strict, 'budget.prior', '95000000.00'))).toEqual([
      'resident.budget.income_link',
    ]);
    expect(gaps(filed(strict, 'budget.prior', '0.00'))).toEqual(['resident.budget.prior']);
  });

  it('grows by what was approved for traditional medicine (HN-07)', () => {
    const tilted = year.replace(
      /^( +)budget\.prior:/m,
      '$1budget.tcm_tilt: { value: 1000000.00 }\n$&',
    );
    expect(amounts(tilted)['indicator']).toBe('101000000.00');
  });

  it('must not be the county’s whole fund income (HN-11)', () => {
    expect(gaps(filed(year, 'fund.income', '100000000.01'))).toEqual([]);
    expect(gaps(filed(year, 'fund.income', '100000000.00'))).toEqual(['resident.budget.approved']);
  });

  it('is shared by persons, services and payments where a county has several consortia (HN-02, HN-11)', () => {
    const row = (name: string, policy: string, persons: number) =>
      `{ pool: resident, consortium: ${name}, policy: ${policy}, persons: ${persons}, services: 100, payments: 500.00 }`;
    const county = (policy: string): string =>
      setTo(
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
    expect(gaps(county('another'))).toHaveLength(1);
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
    const text = setTo(year, {
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
    const cleared = setTo(year, { 'inpatient.method': 'values: { 2024-07-23: filed }' });
    expect(gaps(cleared)).toEqual(['resident.settlement.inpatient_year']);
    const add = (text: string, value: string): string =>
      text.replace(
        'filings: { authorisation.on: { value: 2024-12-25 } }',
        `filings: { authorisation.on: { value: '2024-12-25' }, settlement.inpatient_year: { value: ${value} } }`,
      );
    const both = add(add(cleared, '49000000.00'), '9900000.00');
    expect(amounts(both)['inpatient-payable']).toBe('58900000.00');
    const rate = setTo(year, {
      'inpatient.method': 'values: { 2024-07-23: drg-rate }',
      'inpatient.payable_basis': 'values: { 2024-07-23: fund-points }',
      'drg.rate': 'values: { 2024-07-23: { employee: 9000.00, resident: 8000.00 } }',
    })
      .replace('methods: { bedDays', 'methods: { drgWeight: 6100, bedDays')
      .replace('methods: { signed', 'methods: { drgWeight: 1250, signed');
    expect(gaps(rate)).toEqual([]);
    expect(amounts(rate)['inpatient-payable']).toBe('58800000.00');
  });
});

describe('scope of claims (HN-04)', () => {
  const claim: ScopeFacts = {
    careType: 'outpatient',
    treatmentArea: 'local',
    channel: 'direct',
    cause: 'ordinary',
  };
  const bucketOf = (facts: Partial<ScopeFacts>) =>
    scopeOf({ ...claim, ...facts }, chain[0].scope?.rules ?? [], policyAt(chain, '2025-06-30', []))
      ?.bucket;

  it.each([
    ['outpatient', 'outpatient'],
    ['emergency', 'outpatient'],
    ['chronic', 'chronic'],
    ['two-disease', 'two-disease'],
    ['inpatient', 'inpatient'],
    ['bed-day', 'bed-day'],
    ['pharmacy', 'pharmacy'],
    ['family-doctor', 'family-doctor'],
  ])('%s goes to %s', (careType, bucket) => {
    expect(bucketOf({ careType })).toBe(bucket);
  });

  it('knows every care type, and does not except public-health emergencies', () => {
    expect(CARE_TYPES.filter((careType) => bucketOf({ careType }) === undefined)).toEqual([]);
    expect(bucketOf({ careType: 'inpatient', cause: 'public-health-emergency' })).toBe('inpatient');
  });

  it('leaves out the insured of elsewhere and third-party funds', () => {
    expect(bucketOf({ treatmentArea: 'in-province' })).toBe('excluded');
    expect(policyAt(chain, '2025-06-30', []).list('scope.funds')).toEqual(['pooled']);
  });
});
