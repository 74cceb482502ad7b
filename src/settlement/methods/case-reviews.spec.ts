import { describe, expect, it } from '@jest/globals';
import { amountsOf, gapsOf, set } from '../../../test/support/method-region.js';
import { decimal } from '../../kernel/decimal.js';
import { yuan } from '../../kernel/money.js';
import { mostApplications, specialChange, tcmFault, tcmShare } from './case-reviews.js';

const special = (caseNo: string, more: string, reviewers = '[E1, E2]') =>
  `{ caseNo: ${caseNo}, counted: 40, ${more}, reviewers: ${reviewers} }`;
const nothing = '{ outpatient: 0, chronic: 0, inpatient: 0, bed-day: 0, family-doctor: 0 }';
const year = (methods: string, values: Readonly<Record<string, string>> = {}) => `
${set({ 'dip.rules': 'test', ...values })}
plan: year
period: 2025
pools:
  resident:
    budget: { approved: { amount: 1000.00 } }
    booked: ${nothing}
    members:
      - { institution: A, points: 100, booked: ${nothing}, methods: { ${methods} } }
      - { institution: B, points: 100, booked: ${nothing} }`;

describe('special cases (HN-05, HI-07, GY-02)', () => {
  it.each([
    [199, '0.005', 0],
    [200, '0.005', 1],
    [999, '0.005', 4],
    [1000, '0.005', 5],
    [1000, '0.05', 50],
  ])('%s discharges at %s allow %s applications', (discharges, cap, most) => {
    expect(mostApplications(discharges, decimal(cap))).toBe(most);
  });

  it.each([
    ['outcome: keep', 'as-decided', '0', '500.00'],
    ['outcome: score, decided: 140', 'as-decided', '100', '666.67'],
    ['outcome: score, decided: 30', 'as-decided', '-10', '473.68'],
    ['outcome: score, decided: 30', 'greater', '0', '500.00'],
    ['outcome: by-item, byItem: 200.00', 'as-decided', '-40', '500.00'], // 200 + 800 × 60 ÷ 160
  ])('%s by %s changes the points by %s', (more, rule, change, payable) => {
    const text = year(`discharges: 200, specialCases: [${special('C1', more)}]`, {
      'special_case.taken': rule,
    });
    const found = amountsOf(text);
    expect(found['resident.special-case-points']).toBe(change);
    expect(found['resident.member.A.inpatient-payable']).toBe(payable);
  });

  it('halts on a case above the cap, without discharges, or not signed by two', () => {
    const keep = 'outcome: keep';
    const cap = ['resident.members.special_case_cap'];
    expect(
      gapsOf(year(`discharges: 399, specialCases: [${special('1', keep)}, ${special('2', keep)}]`)),
    ).toEqual(cap);
    expect(gapsOf(year(`specialCases: [${special('1', keep)}]`))).toEqual(cap);
    const twice = special('1', keep, '[E1, E1]');
    expect(gapsOf(year(`discharges: 200, specialCases: [${twice}]`))).toEqual([
      'resident.members.special_case_reviewers',
    ]);
  });

  it('refuses an outcome without its score, or a case written twice', () => {
    expect(() => gapsOf(year(`specialCases: [${special('1', 'outcome: score')}]`))).toThrow(
      '评定的分值',
    );
    const same = special('1', 'outcome: keep');
    expect(() => gapsOf(year(`specialCases: [${same}, ${same}]`))).toThrow('写了两次');
  });

  it('takes nothing but what was decided', () => {
    const kept = { caseNo: '1', counted: decimal('5'), outcome: 'keep', reviewers: [] } as const;
    expect(
      specialChange({ ...kept, decided: null, byItem: null }, 'greater').points.toFixed(),
    ).toBe('0');
  });
});

const fees = (tcm: string, western: string) => ({
  tcmTreatment: yuan(tcm),
  ...{ patentTcm: yuan('0.00'), pieces: yuan('0.00'), westernTreatment: yuan(western) },
  ...{ westernDrugs: yuan('0.00'), surgery: yuan('0.00'), consumables: yuan('0.00') },
});
const tcm = {
  caseNo: '1',
  group: 'T1',
  days: 10,
  classes: 3,
  counted: decimal('50'),
  otherwise: decimal('30'),
};
const rules = { share: decimal('0.60'), stay: new Map([['T1', 10]]), classes: 3 };

describe('TCM diseases', () => {
  it('counts TCM treatment, patent medicine and pieces as its share', () => {
    const all = { ...fees('10.00', '10.00'), patentTcm: yuan('20.00'), pieces: yuan('30.00') };
    const rest = {
      westernDrugs: yuan('10.00'),
      surgery: yuan('10.00'),
      consumables: yuan('10.00'),
    };
    expect(tcmShare({ ...all, ...rest }).toFixed()).toBe('0.6');
    expect(tcmShare(fees('0.00', '0.00')).toFixed()).toBe('0');
  });

  it.each([
    [{}, fees('60.00', '40.00'), null],
    [{}, fees('59.99', '40.01'), '中医费用占比 59.99%，低于 60%'],
    [{ days: 9 }, fees('60.00', '40.00'), '住院 9 天，不足 10 天'],
    [{ classes: 2 }, fees('60.00', '40.00'), '操作 2 类，不足 3 类'],
    [{ group: 'T9' }, fees('60.00', '40.00'), '病种 T9 不在中医优势病种表中'],
  ])('%j', (more, own, fault) => {
    expect(tcmFault({ ...tcm, ...more, fees: own }, rules)).toBe(fault);
  });

  it('are re-priced as ordinary cases where they fall short (HN-05, HI-07, GY-02)', () => {
    const written = (western: string) =>
      `tcmCases: [{ caseNo: 1, group: T1, days: 10, classes: 3, counted: 50, otherwise: 30, fees: { tcmTreatment: 60.00, patentTcm: 0, pieces: 0, westernTreatment: ${western}, westernDrugs: 0, surgery: 0, consumables: 0 } }]`;
    expect(amountsOf(year(written('40.00')))['resident.tcm-points']).toBe('0');
    const short = amountsOf(year(written('40.01')));
    expect(short['resident.tcm-points']).toBe('-20');
    expect(short['resident.member.A.points']).toBe('80');
  });
});
