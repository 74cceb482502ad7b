import { describe, expect, it } from '@jest/globals';
import { changed, regionCase, without } from '../../../test/support/region-case.js';

/** Jilin’s text: who may be settled, the year and the month, deposit, retention, procurement. */

const { amountOf, facts, figureOf, gapsOf, idsOf } = regionCase('jilin');
const year = facts('year-2025.yaml');
const month = facts('month-2025-11.yaml');

describe('a year in Jilin settles with a sample overlay, and lists all that is open without (JL-05)', () => {
  it('comes to the fen', () => {
    const amount = (key: string) => amountOf(year, key);
    expect(amount('budget')).toBe('393000000.00');
    expect(amount('cost')).toBe('371556000.00');
    expect(amount('surplus')).toBe('21444000.00');
    expect(amount('retained')).toBe('17155200.00'); // 80 % for grade good
    expect(amount('payable')).toBe('388711200.00');
    expect(amount('final')).toBe('46473200.00');
  });

  it('lists every parameter that the text leaves open, at once', () => {
    expect(
      gapsOf(year, [])
        .map(({ id }) => id)
        .sort(),
    ).toEqual([
      'bed_day.count',
      'bed_day.longest',
      'bed_day.payable_basis',
      'bed_day.rates',
      'bed_day.shortest',
      'clearing.formula',
      'county_share.formula',
      'county_share.threshold',
      'deposit.forfeit',
      'deposit.rate',
      'inpatient.method',
      'inpatient.pool_lines',
      'out_of_area.denominator',
      'out_of_area.factor',
      'out_of_area.money_base',
      'overspend.bands',
      'overspend.bars',
      'overspend.cases',
      'retention.bands',
    ]);
  });

  it('shares an overspend by the bands of the provincial rule', () => {
    const over = changed(year, {
      'settlement.inpatient_year: { value: 205000000.00':
        'settlement.inpatient_year: { value: 236444000.00',
      'overspend.cause_reasonable: { value: 0.00':
        'overspend.cause_reasonable: { value: 8000000.00',
    });
    expect(amountOf(over, 'overspend')).toBe('10000000.00');
    // 350,000 of violations are barred; 8,000,000 are reasonable, within 5 % of 393,000,000: half
    expect(amountOf(over, 'overspend-shareable')).toBe('8000000.00');
    expect(amountOf(over, 'overspend-borne')).toBe('4000000.00');
    expect(amountOf(over, 'overspend-own')).toBe('5650000.00');
  });

  it('pays a month to the lead, split to the fen', () => {
    expect(amountOf(month, 'booked')).toBe('1000.05');
    expect(amountOf(month, 'prepayment')).toBe('900.05'); // 900.045 rounds half up
    expect(amountOf(month, 'member.H22010000001.prepayment')).toBe('783.05');
    expect(amountOf(month, 'member.H22010000011.prepayment')).toBe('117.00');
  });
});

describe('certification, application, agreement (JL-01)', () => {
  it.each([
    'certification.on',
    'application.health_consent_on',
    'application.applied_on',
    'application.reviewed_on',
    'application.recorded_on',
    'agreement.from',
    'agreement.to',
    'agreement.scope',
  ])('halts without %s', (filing) => {
    const open = gapsOf(without(year, new RegExp(`  ${filing.replace('.', '\\.')}: .*\n`)));
    expect(open.map(({ id }) => id)).toContain(filing);
  });

  it.each([
    ['certified only after the application', 'certification.on: { value: 2025-05-20', '2025-08-06'],
    [
      'reviewed before the application',
      'application.reviewed_on: { value: 2025-08-20',
      '2025-08-04',
    ],
    [
      'filed with the city before the review',
      'application.recorded_on: { value: 2025-08-28',
      '2025-08-19',
    ],
    ['agreement ends within the year', 'agreement.to: { value: 2026-12-31', '2025-12-30'],
    [
      'consent of health after the application',
      'application.health_consent_on: { value: 2025-08-01',
      '2025-08-06',
    ],
    ['agreement begins after the year', 'agreement.from: { value: 2025-10-01', '2026-01-01'],
  ])('halts: %s', (_, stands, day) => {
    const other = changed(year, { [stands]: stands.replace(/\d{4}-\d{2}-\d{2}/, day) });
    expect(gapsOf(other)).toMatchObject([{ id: stands.split(':')[0], rows: ['JL-01'] }]);
  });

  it('accepts the last day that still holds', () => {
    expect(
      gapsOf(
        changed(year, { 'agreement.to: { value: 2026-12-31': 'agreement.to: { value: 2025-12-31' }),
      ),
    ).toEqual([]);
    expect(
      gapsOf(
        changed(year, {
          'certification.on: { value: 2025-05-20': 'certification.on: { value: 2025-08-05',
        }),
      ),
    ).toEqual([]);
  });

  it('halts on an application after the year, and on a member that authorised the lead after it', () => {
    const late = changed(year, {
      'application.applied_on: { value: 2025-08-05': 'application.applied_on: { value: 2026-01-05',
      'application.reviewed_on: { value: 2025-08-20':
        'application.reviewed_on: { value: 2026-01-06',
      'application.recorded_on: { value: 2025-08-28':
        'application.recorded_on: { value: 2026-01-07',
    });
    expect(gapsOf(late)).toMatchObject([{ id: 'application.applied_on', rows: ['JL-01'] }]);
    const member = changed(year, {
      'authorisation.on: { value: 2025-07-31': 'authorisation.on: { value: 2025-08-06',
    });
    expect(gapsOf(member)).toMatchObject([{ id: 'authorisation.on', rows: ['JL-01'] }]);
  });

  it('names each member that did not authorise the lead', () => {
    const open = gapsOf(without(year, / {10}authorisation\.on: { value: 2025-07-31.*\n/));
    expect(open).toMatchObject([{ id: 'authorisation.on', rows: ['JL-01'] }]);
    expect(open[0]?.reason).toMatch(/^H22010000012 /);
  });
});

describe('dates of the text itself (JL-15)', () => {
  it('does not settle a month before its day', () => {
    const early = changed(month, { 'period: 2025-11': 'period: 2025-06' });
    expect(idsOf(early)).toContain('scheme.effective');
  });

  it('halts when the plan was filed with the province only after it ran', () => {
    const late = changed(year, {
      'plan.filed_on: { value: 2025-09-10': 'plan.filed_on: { value: 2025-10-02',
    });
    expect(gapsOf(late)).toMatchObject([{ id: 'plan.filed_on', rows: ['JL-15'] }]);
  });

  it('does not settle a month that ended before the scheme ran', () => {
    const before = changed(month, { 'period: 2025-11': 'period: 2025-10' });
    expect(gapsOf(before)).toMatchObject([{ id: 'scheme.started_on', rows: ['JL-15'] }]);
  });

  it('notes a start after the end of October and settles all the same', () => {
    expect(figureOf(month, 'eligibility').note).toMatch(/2025-11-01，应不晚于 2025-10-31/);
    expect(figureOf(year, 'eligibility').note).toBeUndefined();
  });
});

describe('a retained surplus is the consortium’s business income (JL-10)', () => {
  it('says so in the trace', () => {
    const { inputs } = figureOf(year, 'retained');
    expect(inputs).toContainEqual(
      expect.objectContaining({ parameter: 'retention.income', value: 'business-income' }),
    );
  });
});

describe('assessment binds deposit and retention (JL-13)', () => {
  it.each([
    ['excellent', '0.00', '21444000.00'],
    ['good', '1888000.00', '17155200.00'],
    ['pass', '5664000.00', '12866400.00'],
    ['fail', '18880000.00', '0.00'],
  ])('grade %s: deposit withheld %s, retained %s', (grade, withheld, retained) => {
    const text = changed(year, { 'grade: { value: good': `grade: { value: ${grade}` });
    expect(amountOf(text, 'deposit-withheld')).toBe(withheld);
    expect(amountOf(text, 'retained')).toBe(retained);
  });

  it('halts without a grade', () => {
    expect(idsOf(without(year, /^grade:.*\n/m))).toEqual(['assessment.grade']);
  });
});

describe('five-unified procurement and reported volumes (JL-11, JL-14)', () => {
  it('notes what is not unified yet', () => {
    const { note, amount } = figureOf(year, 'procurement-records');
    expect(amount).toBe('0.857142857143'); // six of seven
    expect(note).toMatch(/^统一支付货款启用日/);
  });

  it('counts the volume report and the share of selected products', () => {
    const open = without(
      without(year, / {2}procurement\.volume.*\n/),
      / {2}procurement\.selected.*\n/,
    );
    const { note } = figureOf(open, 'procurement-records');
    expect(note).toMatch(/医共体整体报量的日期/);
    expect(note).toMatch(/基层成员单位集采中选产品采购金额占比/);
  });
});
