import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { changed, regionCase, setting, without } from '../../../test/support/region-case.js';
import { loadRegion } from '../../policy/policy.loader.js';
import { policyAt } from '../../policy/resolve.js';
import { scopeOf } from '../../policy/scope.js';

/** Hainan’s text: who may be settled, scope, methods, the year and the month. */

const { amountOf, chain, facts, figureOf, gapsOf, idsOf, openOf } = regionCase('hainan');
const policies = join(import.meta.dirname, '../../../config/policies');
const year = facts('year-2025.yaml');
const month = facts('month-2025-10.yaml');

describe('a year in Hainan settles with a sample overlay, and lists all that is open without (HI-04)', () => {
  it('comes to the fen: the total’s surplus is retained by grade', () => {
    const amount = (key: string) => amountOf(year, key);
    expect(amount('indicator')).toBe('200000000.00');
    expect(amount('cost')).toBe('188482000.00');
    expect(amount('surplus')).toBe('11518000.00');
    expect(amount('retained')).toBe('10366200.00'); // 90 % for grade good
    expect(amount('final')).toBe('28648200.00');
  });

  it('lists every parameter that the text leaves open, at once', () => {
    expect(openOf(year)).toEqual([
      'allocation.measures',
      'allocation.weights',
      'bed_day.count',
      'bed_day.longest',
      'bed_day.payable_basis',
      'bed_day.rates',
      'bed_day.shortest',
      'clearing.formula',
      'family_doctor.fee',
      'family_doctor.fund_share',
      'inpatient.method',
      'inpatient.pool_lines',
      'overspend.bands',
      'overspend.bars',
      'overspend.cases',
      'retention.bands',
    ]);
  });

  it('shares only the gaps of policy, epidemic and disaster, by the absent document’s bands', () => {
    const over = changed(year, {
      'settlement.inpatient_year: { value: 108000000.00':
        'settlement.inpatient_year: { value: 129518000.00',
    });
    expect(amountOf(over, 'overspend')).toBe('10000000.00');
    expect(amountOf(over, 'overspend-borne')).toBe('0.00'); // no listed cause accounts for it
    const caused = changed(over, {
      'cause_policy: { value: 0.00': 'cause_policy: { value: 2000000.00',
      'cause_disaster: { value: 0.00': 'cause_disaster: { value: 1000000.00',
    });
    expect(amountOf(caused, 'overspend-borne')).toBe('1800000.00'); // 60 % of 3,000,000
    const failed = changed(caused, { 'value: good': 'value: fail' });
    expect(amountOf(failed, 'overspend-borne')).toBe('0.00');
  });

  it('pays a month to the lead', () => {
    expect(amountOf(month, 'prepayment', 'employee')).toBe('900.00');
    const monthly = setting(month, 'audit.timing: { reading: monthly, clause: sample-2025-9 §1 }');
    expect(idsOf(monthly)).toContain('employee.audit_deductions');
  });
});

describe('the tilt to primary care (HI-04)', () => {
  it('shows the part of primary members and sets no floor, since the text gives none', () => {
    const kinds = year.replace(/^( +)level: (tertiary|primary)$/gm, (line, space, level) =>
      [line, `${space}kind: ${level === 'primary' ? 'township-centre' : 'lead-hospital'}`].join(
        '\n',
      ),
    );
    const read = 'distribution.township_floor: { reading: shown-only, clause: sample-2025-9 §1 }';
    const { amount, note } = figureOf(setting(kinds, read), 'township-share');
    expect(amount).toMatch(/^0\.2\d+$/);
    expect(note).toBeUndefined();
    expect(figureOf(kinds, 'township-share').note).toMatch(/^低于 25%/); // as the sample document sets it
  });
});

describe('certification, plan, one agreement (HI-01, HI-05)', () => {
  it.each([
    ['certification.on', 'HI-01'],
    ['plan.approved_on', 'HI-01'],
    ['plan.agreed_on', 'HI-01'],
    ['scheme.started_on', 'HI-01'],
    ['agreement.from', 'HI-05'],
    ['agreement.to', 'HI-05'],
    ['agreement.members_apart', 'HI-05'],
  ])('halts without %s (%s)', (filing, row) => {
    const text = without(month, new RegExp(`  ${filing.replace('.', '\\.')}: .*\n`));
    expect(gapsOf(text)).toContainEqual(expect.objectContaining({ id: filing, rows: [row] }));
  });

  it('halts when the scheme ran before the province agreed, or members have agreements of their own', () => {
    const early = changed(month, {
      'scheme.started_on: { value: 2025-08-15': 'scheme.started_on: { value: 2025-08-09',
    });
    expect(idsOf(early)).toEqual(['plan.agreed_on']);
    const late = changed(month, {
      'plan.approved_on: { value: 2025-07-28': 'plan.approved_on: { value: 2025-08-11',
    });
    expect(idsOf(late)).toEqual(['plan.approved_on']);
    const apart = changed(month, { 'members_apart: { value: no': 'members_apart: { value: yes' });
    expect(idsOf(apart)).toEqual(['agreement.members_apart']);
  });
});

describe('a month outside the certification, the scheme or the agreement (HI-01, HI-05)', () => {
  it.each(['certification.on', 'scheme.started_on', 'agreement.from'])(
    'halts when %s is the day after it',
    (filing) => {
      const on = (day: string) =>
        month.replace(new RegExp(`(  ${filing.replace('.', '\\.')}: { value: )[^,]+`), `$1${day}`);
      expect(idsOf(on('2025-11-01'))).toContain(filing);
      expect(idsOf(on('2025-10-31'))).not.toContain(filing);
    },
  );

  it('halts when the agreement ends within it', () => {
    const to = (day: string) => month.replace(/( {2}agreement\.to: { value: )[^,]+/, `$1${day}`);
    expect(idsOf(to('2025-10-30'))).toEqual(['agreement.to']);
    expect(idsOf(to('2025-10-31'))).toEqual([]);
  });
});

describe('scope (HI-06)', () => {
  const policy = policyAt(chain, '2025-12-31');
  const rules = chain[0].scope?.rules ?? [];
  const claim = {
    careType: 'outpatient',
    treatmentArea: 'local',
    channel: 'direct',
    cause: 'ordinary',
  };

  it.each([
    [{}, 'outpatient'],
    [{ careType: 'emergency' }, 'outpatient'],
    [{ careType: 'chronic' }, 'chronic'],
    [{ careType: 'two-disease' }, 'two-disease'],
    [{ careType: 'inpatient' }, 'inpatient'],
    [{ careType: 'bed-day' }, 'bed-day'],
    [{ careType: 'maternity' }, 'maternity'],
    [{ careType: 'family-planning' }, 'maternity'],
    [{ careType: 'pharmacy' }, 'pharmacy'],
    [{ careType: 'family-doctor' }, 'family-doctor'],
    [{ treatmentArea: 'cross-province' }, 'excluded'],
    [{ treatmentArea: 'in-province' }, 'excluded'], // insured elsewhere
    [{ channel: 'manual' }, 'excluded'],
    [{ cause: 'public-health-emergency' }, 'excluded'],
  ])('%j goes to %s', (change, bucket) => {
    expect(scopeOf({ ...claim, ...change }, rules, policy)?.bucket).toBe(bucket);
  });
});

describe('payment methods under the total (HI-07)', () => {
  it('clears inpatient as filed, long stays by bed-day, signed persons by head', () => {
    expect(amountOf(year, 'inpatient-payable')).toBe('127800000.00');
    expect(amountOf(year, 'bed-day-payable')).toBe('312000.00'); // 40 stays of 30 nights at 260
    expect(amountOf(year, 'family-doctor-payable')).toBe('870000.00'); // 29,000 served × 60 × 50 %
    expect(
      figureOf(year, 'cleared').inputs.map(({ figure }) => figure?.split('.').at(-1)),
    ).toContain('bed-day-payable');
  });
});

describe('procurement by the lead, step by step (HI-08)', () => {
  it('notes what the lead does not do yet, and halts nothing', () => {
    const { amount, note } = figureOf(year, 'procurement-records');
    expect(amount).toBe('0.333333333333');
    expect(note).toMatch(/统一配送启用日.*统一结算货款启用日/);
  });
});

describe('effective day (HI-11)', () => {
  it('does not settle a period that ends before it, and keeps the year’s budget without an approved change', () => {
    const june = changed(month, { 'period: 2025-10': 'period: 2025-06' });
    expect(idsOf(june)).toContain('scheme.effective');
    const adjusted = changed(year, {
      '      budget.approved:':
        '      budget.adjustment: { value: 1000000.00 }\n      budget.approved:',
    });
    expect(amountOf(year, 'indicator')).toBe('200000000.00');
    expect(amountOf(adjusted, 'indicator')).toBe('201000000.00');
  });

  it('wins over a city’s earlier rule that disagrees, not over one that says the same', () => {
    const policy = policyAt(loadRegion(policies, 'sanya'), '2025-12-31');
    expect(policy.parameter('scope.dual_channel').clause).toBe('hainan-2025-140 §四');
    expect(policy.parameter('scope.funds').clause).toBe('sanya-2024-6 §二');
    expect(policy.parameter('scope.booked_buckets').clause).toBe('sanya-2024-6 §二');
    expect(policy.parameter('deposit.rate').clause).toBe('sanya-2024-6 §三(三)2');
  });
});
