import { describe, expect, it } from '@jest/globals';
import { amountsOf, set } from '../../../test/support/method-region.js';
import { Decimal, decimal } from '../../kernel/decimal.js';
import {
  roundToFen,
  subtract,
  sum,
  times,
  toDecimalFen,
  toYuan,
  yuan,
} from '../../kernel/money.js';
import { daysOf, shareOfDays } from './capitation.js';
import { splitPool } from './point-value.js';
import { weightedMean } from './weighted-years.js';

/**
 * Published numbers recomputed (P2 to P7) and derived ones (D4, D5, D11). The others are where their region is: D1, D2, D6 in
 * ../vectors.spec.ts, D3 in src/grouping/dip/score-case.spec.ts, D7, D8, D10 in ../regions/.
 */

const decimals = (...values: readonly string[]) => values.map((value) => decimal(value));
const shown = (value: Decimal, places: number) => value.toDecimalPlaces(places).toFixed(places);

describe('P2 standard, cost and what the payer reports', () => {
  // A payer pays high and low cases at cost, so that its result is not standard less cost: both are shown, with what lies between.
  it.each([
    [185, '1235539.69', '1392285.14', '156745.45', '156745.45', '0.00', '6678.59'],
    [200, '1342866.05', '1500938.12', '158072.07', '163910.84', '5838.77', '6714.33'],
    [167, '1131663.99', '1296398.90', '164734.91', '126880.36', '-37854.55', '6776.43'],
  ])('%s cases of %s', (cases, cost, standard, formula, official, adjust, mean) => {
    expect(toYuan(subtract(yuan(standard), yuan(cost)))).toBe(formula);
    expect(toYuan(subtract(yuan(official), yuan(formula)))).toBe(adjust);
    expect(toYuan(roundToFen(toDecimalFen(yuan(cost)).div(cases), 'half-up'))).toBe(mean);
  });

  it('adds up over the months', () => {
    const months = ['156745.45', '163910.84', '126880.36', '136875.12', '87638.56'].map(yuan);
    expect(toYuan(sum(months.slice(1, 3)))).toBe('290791.20');
    expect(toYuan(sum(months))).toBe('672050.33');
  });
});

describe('P3 net of refunds, and positive lines alone', () => {
  it.each([
    ['-47983.72', '439.60', '-47544.12'],
    ['-73511.34', '565.71', '-72945.63'],
  ])('refunds %s and a rest of %s make the difference', (refunds, rest, difference) => {
    expect(toYuan(sum([yuan(refunds), yuan(rest)]))).toBe(difference);
  });

  it.each([
    [135, 185 + 200 + 167, '24.5'],
    [549, 552, '99.5'],
    [217, 217 + 231 + 406 + 5, '25.3'],
  ])('%s of %s cases are %s %%', (matched, all, share) => {
    expect(shown(new Decimal(matched).div(all).times(100), 1)).toBe(share);
  });
});

describe('P4 the mean of all cases and its bounds', () => {
  it('is cost over cases; half and twice a reference mean bound the usual', () => {
    expect(toYuan(roundToFen(toDecimalFen(yuan('5364931772.57')).div(674_366), 'half-up'))).toBe(
      '7955.52',
    );
    const bounds = ['2', '0.5'].map((factor) => times(yuan('6679.62'), decimal(factor), 'half-up'));
    expect(bounds.map(toYuan)).toEqual(['13359.24', '3339.81']);
  });
});

describe('P5 standards of a case (HN-05, HI-07)', () => {
  const nothing = '{ outpatient: 0, chronic: 0, inpatient: 0, bed-day: 0, family-doctor: 0 }';
  const month = (method: string, price: string, more: string) => `
${set({ 'inpatient.method': method })}
plan: month
period: 2025-03
pools:
  resident:
    filings: { ${price} }
    booked: ${nothing}
    members: [{ institution: H1, booked: ${nothing}, ${more} }]`;

  it.each([
    ['dip', 'points.provisional_value', '112.5', 'points: 91', '10237.50'],
    ['dip', 'points.provisional_value', '112.5', 'points: 9520', '1071000.00'],
    // weight 2.5 × coefficient 1.1
    ['drg-rate', 'drg.provisional_rate', '12000.00', 'methods: { drgWeight: 2.75 }', '33000.00'],
  ])('by %s at %s of %s, %s: %s', (method, filing, price, more, standard) => {
    const found = amountsOf(month(method, `${filing}: { value: "${price}" }`, more));
    expect(found['resident.inpatient-payable']).toBe(standard);
  });

  it('is what a facts file pays by rate: weight 2.35, coefficient 1.06, rate 10,800 (HN-05, HI-07)', () => {
    const found = amountsOf(`${set({ 'inpatient.method': 'drg-rate' })}
plan: month
period: 2025-03
pools:
  employee:
    booked: { outpatient: 0, chronic: 0, inpatient: 20000.00, bed-day: 0, family-doctor: 0 }
    members:
      - institution: H1
        level: tertiary
        booked: { outpatient: 0, chronic: 0, inpatient: 20000.00, bed-day: 0, family-doctor: 0 }
        methods: { drgCases: [{ caseNo: C1, weight: 2.35, mean: 25000.00, cost: 25000.00, booked: 20000.00, days: 9 }] }`);
    expect(found['employee.member.H1.drg-weight']).toBe('2.491');
    expect(found['employee.inpatient-payable']).toBe('26902.80');
  });
});

describe('P6 the identity of annual clearing', () => {
  it('adds up batches by institution, and corrects what was paid', () => {
    const batches = [
      { institution: 'H001', amount: yuan('100.00') },
      { institution: 'H002', amount: yuan('200.00') },
      { institution: 'H001', amount: yuan('150.00') },
    ];
    const of = (name: string) =>
      sum(batches.filter((each) => each.institution === name).map(({ amount }) => amount));
    const all = sum(batches.map(({ amount }) => amount));
    expect([of('H001'), of('H002'), all].map(toYuan)).toEqual(['250.00', '200.00', '450.00']);
    const final = subtract(sum([all, yuan('5.00')]), sum([yuan('2.00'), yuan('1.00')]));
    expect(toYuan(subtract(final, all))).toBe('2.00');
  });
});

describe('P7 a premium apportioned by days', () => {
  const policy = { from: '2019-01-01', to: '2039-06-01' };
  const allocated = shareOfDays(30, daysOf(policy)).times(1000);

  it('gives 30 of 7,457 days', () => {
    expect(daysOf(policy)).toBe(7_457);
    expect(shown(allocated, 6)).toBe('4.023066');
  });

  it('makes the line of the published test, which applies the distribution twice', () => {
    const [weight, distribution, unitPrice, lines] = [decimal('0.02'), 100, 100, 200];
    const index = weight.times(distribution).times(allocated).div(lines);
    expect(shown(index, 8)).toBe('0.04023066');
    const line = index.times(unitPrice).times(distribution);
    const paid = yuan(shown(line, 2));
    expect([toYuan(paid), toYuan(sum([paid, paid]))]).toEqual(['402.31', '804.62']);
    expect(shown(line.div(distribution), 2)).toBe('4.02');
  });
});

describe('D4 the score of a disease from three years by 1:2:7', () => {
  it('is 894.3089 of 1000', () => {
    const weights = decimals('1', '2', '7');
    const mean = weightedMean(decimals('8000', '8500', '9000'), weights);
    const overall = weightedMean(decimals('9200', '9600', '10000'), weights);
    expect([mean.toFixed(), overall.toFixed()]).toEqual(['8800', '9840']);
    expect(shown(mean.div(overall).times(1000), 4)).toBe('894.3089');
  });
});

describe('D5 a pool by points', () => {
  const pool = yuan('168500000.00');
  const members = ['1203500.1250', '700000.0000', '300000.0000'].map((score) => ({
    score: decimal(score),
    atActual: yuan('0.00'),
    booked: yuan('75.00'),
    cost: yuan('100.00'),
  }));

  it('is split exactly by largest remainder', () => {
    const { payable, residue } = splitPool(pool, members, {
      basis: 'fund-points',
      published: null,
    });
    expect(payable.map(toYuan)).toEqual(['92030750.88', '53528474.38', '22940774.74']);
    expect(residue).toBe(0n);
  });

  it('keeps what a published value of four decimals leaves as a residue', () => {
    const { value, payable, residue } = splitPool(pool, members, {
      basis: 'fund-points',
      published: 4,
    });
    expect(value?.toFixed()).toBe('76.4692');
    expect(payable.map(toYuan)).toEqual(['92030691.76', '53528440.00', '22940760.00']);
    expect([toYuan(sum(payable)), toYuan(residue)]).toEqual(['168499891.76', '108.24']);
  });

  it('has a value by cost where the fund pays 75 % of it', () => {
    const { value } = splitPool(pool, members, { basis: 'cost-ratio', published: 4 });
    expect(value?.toFixed(4)).toBe('101.9590');
  });
});
