import { describe, expect, it } from '@jest/globals';
import { changed, regionCase, setting, without } from '../../../test/support/region-case.js';
import { policyAt } from '../../policy/resolve.js';
import { scopeOf } from '../../policy/scope.js';

/** Jilin’s text: the total, what is put to it and taken off it, prepayment. */

const { amountOf, chain, compute, facts, gapsOf, idsOf, openOf, sample } = regionCase('jilin');
const year = facts('year-2025.yaml');

describe('the total (JL-02, JL-03, JL-04)', () => {
  it('is the approved figure with the history it rests on, and policy changes either way', () => {
    expect(idsOf(without(year, / {6}budget\.history.*\n/))).toEqual(['resident.budget.history']);
    const cut = changed(year, {
      '      budget.history:':
        '      budget.policy_change: { value: -1500000.50 }\n      budget.history:',
    });
    expect(amountOf(cut, 'budget-approved')).toBe('398499999.50');
    expect(amountOf(cut, 'budget')).toBe('391526249.51'); // less 1.75 % of it
  });

  it.each([
    ['398000000.00', []],
    ['397999999.99', ['resident.budget.floor']],
  ])('approved %s after an earned surplus under 398,000,000.00', (approved, open) => {
    const text = changed(year, {
      'budget.approved: { value: 400000000.00': `budget.approved: { value: ${approved}`,
    });
    expect(idsOf(text)).toEqual(open);
  });

  it('may be lower when the surplus had another cause', () => {
    const text = changed(year, {
      'budget.approved: { value: 400000000.00': 'budget.approved: { value: 300000000.00',
      'prior.surplus: { value: earned': 'prior.surplus: { value: other',
    });
    expect(gapsOf(text)).toEqual([]);
    expect(amountOf(text, 'budget-floor')).toBe('0.00');
  });

  it('asks for last year’s total when its surplus was earned', () => {
    const text = without(year, / {4}budget:\n {6}priorBudget.*\n/);
    expect(idsOf(text)).toEqual(['resident.budget.prior_budget']);
  });

  it('tilts only where Chinese medicine leads, and then asks how much', () => {
    const led = changed(year, { 'lead.kind: { value: general': 'lead.kind: { value: tcm' });
    expect(amountOf(led, 'tcm-tilt')).toBe('8000000.00'); // 2 % of 400,000,000
    expect(amountOf(led, 'budget')).toBe('401000000.00');
    expect(openOf(led)).toContain('tcm.tilt');
    const more = changed(led, {
      '      budget.history:':
        '      budget.policy_change: { value: 100000000.00 }\n      budget.history:',
    });
    expect(amountOf(more, 'tcm-tilt')).toBe('10000000.00'); // of the total with the change
    expect(amountOf(year, 'tcm-tilt')).toBe('0.00');
  });
});

describe('what the total covers (JL-01, JL-02)', () => {
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
    [{ careType: 'family-planning' }, 'inpatient'],
    [{ careType: 'bed-day' }, 'bed-day'],
    [{ careType: 'maternity' }, 'maternity'],
    [{ careType: 'home-bed' }, 'home-bed'],
    [{ treatmentArea: 'in-province' }, 'excluded'],
    [{ treatmentArea: 'cross-province' }, 'excluded'],
  ])('%j goes to %s', (change, bucket) => {
    const policy = policyAt(chain, '2025-12-31');
    expect(scopeOf({ ...claim, ...change }, rules, policy)?.bucket).toBe(bucket);
  });

  it.each([
    ['manual', { channel: 'manual' }, 'scope.manual'],
    ['pharmacy', { careType: 'pharmacy' }, 'scope.dual_channel'],
    ['family-doctor', { careType: 'family-doctor' }, 'scope.family_doctor_fee'],
  ])('%s goes where the agreement says', (bucket, change, id) => {
    const clause = 'sample-2025-1 §1';
    for (const word of [bucket, 'excluded']) {
      const set = { [id]: { values: { '2025-07-14': word }, clause } };
      const policy = policyAt(chain, '2025-12-31', [{ ...sample, set }]);
      expect(scopeOf({ ...claim, ...change }, rules, policy)?.bucket).toBe(word);
    }
    expect(policyAt(chain, '2025-12-31').gapOf(id)?.rows).toEqual(['JL-01']);
  });
});

describe('D10 out-of-area share (JL-06)', () => {
  it('deducts the whole rise of 24.00 % to 25.75 % of 400,000,000.00', () => {
    expect(amountOf(year, 'out-of-area-deduction')).toBe('7000000.00');
  });

  it('deducts by the factor, and not for a fall', () => {
    const half = setting(
      year,
      'out_of_area.factor: { values: { 2025-07-14: 0.5 }, clause: sample-2025-9 §1 }',
    );
    expect(amountOf(half, 'out-of-area-deduction')).toBe('3500000.00');
    const fall = changed(year, { 'share: { value: 0.2575': 'share: { value: 0.2399' });
    expect(amountOf(fall, 'out-of-area-deduction')).toBe('0.00');
  });

  it('takes the fund expenditure as money base when the local document says so, and asks for it', () => {
    const text = setting(
      year,
      'out_of_area.money_base: { values: { 2025-07-14: fund-expenditure }, clause: sample-2025-9 §1 }',
    );
    expect(idsOf(text)).toEqual(['resident.fund.insured_expenditure']);
    const filed = changed(text, {
      '      budget.history:':
        '      fund.insured_expenditure: { value: 700000000.00 }\n      budget.history:',
    });
    expect(amountOf(filed, 'out-of-area-deduction')).toBe('12250000.00');
  });
});

describe('share of the county’s cost (JL-07)', () => {
  it.each([
    ['0.6500', '0.00'], // just the threshold of 5 points: not large
    ['0.6501', '33400000.00'], // 400,000,000 × (0.6501 ÷ 0.60 − 1)
    ['0.5500', '0.00'],
    ['0.5400', '-40000000.00'],
  ])('0.60 → %s changes the total by %s', (share, adjustment) => {
    const text = changed(year, {
      'county_share.share: { value: 0.6200': `county_share.share: { value: ${share}`,
    });
    expect(amountOf(text, 'county-share-adjustment')).toBe(adjustment);
  });

  it('goes by the difference, or by what was filed, as the local document chose', () => {
    const moved = (formula: string): string =>
      changed(
        setting(
          year,
          `county_share.formula: { values: { 2025-07-14: ${formula} }, clause: sample-2025-9 §1 }`,
        ),
        {
          'county_share.share: { value: 0.6200': 'county_share.share: { value: 0.5400',
        },
      );
    expect(amountOf(moved('difference'), 'county-share-adjustment')).toBe('-24000000.00');
    expect(idsOf(moved('filed'))).toEqual(['resident.county_share.adjustment']);
    const filed = changed(moved('filed'), {
      '      budget.history:':
        '      county_share.adjustment: { value: -123.45 }\n      budget.history:',
    });
    expect(amountOf(filed, 'county-share-adjustment')).toBe('-123.45');
  });

  it('cannot go by the ratio to nothing', () => {
    const text = changed(year, { 'share_before: { value: 0.6000': 'share_before: { value: 0.0' });
    expect(idsOf(text)).toEqual(['resident.county_share.share_before']);
  });
});

describe('prepayment of a month or more (JL-10)', () => {
  const start = (months: string, eligible = 'yes'): string => `
${changed(year, { 'plan: year': 'plan: start', '  lead.kind:': `  prepayment.eligible: { value: ${eligible} }\n  lead.kind:` })}
documents: { sample-2025-9: { number: 样例, title: 样例, issued: 2025-09-01 } }
set:
  prepayment.months: { values: { 2025-07-14: ${months} }, clause: sample-2025-9 §1 }`;

  it.each([
    ['1', '33333333.33'],
    ['1.5', '50000000.00'],
  ])('%s months of a twelfth of 400,000,000.00 are %s', (months, amount) => {
    expect(amountOf(start(months), 'prepayment')).toBe(amount);
  });

  it('counts the tilt to the total, and pays nothing on one that was lowered (JL-03, JL-04)', () => {
    const led = changed(start('1'), { 'lead.kind: { value: general': 'lead.kind: { value: tcm' });
    expect(amountOf(led, 'prepayment')).toBe('34000000.00'); // a twelfth of 408,000,000.00
    const lowered = changed(start('1'), {
      'budget.approved: { value: 400000000.00': 'budget.approved: { value: 397999999.99',
    });
    expect(idsOf(lowered)).toEqual(['resident.budget.floor']);
  });

  it('is split by what members were paid last year, to the fen', () => {
    const figures = compute(start('1')).filter(({ id }) => /member\..*\.prepayment$/.test(id));
    const fen = figures.map(({ amount }) => BigInt(amount.replace('.', '')));
    expect(fen.reduce((a, b) => a + b, 0n)).toBe(3333333333n);
    expect(figures[0]?.amount).toBe('24019607.84'); // 245 of 340
  });

  it('is split by a filed base where members have one, and asks for it where nothing is known', () => {
    const unpaid = start('1').replace(/ {8}prepaid: \d+\.00\n/g, '');
    expect(idsOf(unpaid)).toEqual(['resident.members.prepaid']);
    const based = unpaid.replace(
      / {10}settlement\.inpatient_year:/g,
      '          prepayment.member_base: { value: 7.00 }\n          settlement.inpatient_year:',
    );
    expect(amountOf(based, 'member.H22010000012.prepayment')).toBe('11111111.11');
  });

  it('halts under one month, and pays nothing where the area is not eligible', () => {
    expect(idsOf(start('0.99'))).toEqual(['prepayment.months']);
    expect(amountOf(start('1', 'no'), 'prepayment')).toBe('0.00');
  });
});
