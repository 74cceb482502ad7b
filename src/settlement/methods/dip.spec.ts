import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  amountsOf,
  gapsOf,
  type InpatientMember,
  inpatientFacts,
  paidToAAndB,
} from '../../../test/support/method-region.js';
import { Decimal } from '../../kernel/decimal.js';
import { fen, sum } from '../../kernel/money.js';
import { PAYABLE_BASES } from './payable-basis.js';
import { splitPool } from './point-value.js';

/** Inpatient care by DIP points (GY-02, HN-05, HI-07). */

const two: readonly InpatientMember[] = [
  { institution: 'A', inpatient: '600.00', more: 'points: 1, methods: { inpatientCost: 1000.00 }' },
  { institution: 'B', inpatient: '300.00', more: 'points: 2, methods: { inpatientCost: 400.00 }' },
];
describe('points on three payable bases', () => {
  it.each([
    ['fund-points', ['333.33', '666.67'], '333.333333333333', '0.00'],
    // value (1000 ÷ (900 ÷ 1400)) ÷ 3; A × 0.6, B × 0.75
    ['cost-ratio', ['311.11', '777.78'], '518.518518518519', '-88.89'],
    // (1000 + 500) ÷ 3 = 500 a point; A 500 − 400, B 1000 − 100
    ['standard-minus-patient', ['100.00', '900.00'], '500', '0.00'],
  ])('%s', (basis, parts, value, residue) => {
    const found = amountsOf(
      inpatientFacts({ values: { 'inpatient.payable_basis': basis }, members: two }),
    );
    expect(paidToAAndB(found)).toEqual(parts);
    expect(found['resident.point-value']).toBe(value);
    expect(found['resident.point-value-residue']).toBe(residue);
  });

  it('pays by a published value and shows what it leaves', () => {
    const found = amountsOf(
      inpatientFacts({ values: { 'inpatient.published_value': '1' }, members: two }),
    );
    expect(paidToAAndB(found)).toEqual(['333.30', '666.60']);
    expect(found['resident.point-value-residue']).toBe('0.10');
    expect(found['resident.inpatient-payable']).toBe('999.90');
  });

  it('pays cases without score first, off the pool', () => {
    const members = [
      { ...two[0], more: 'points: 1, paidAtActual: 100.00' } as InpatientMember,
      two[1] as InpatientMember,
    ];
    expect(paidToAAndB(amountsOf(inpatientFacts({ members })))).toEqual(['400.00', '600.00']);
  });

  it('halts where a basis by cost has no cost, or a member no points', () => {
    const members = [
      two[0] as InpatientMember,
      { institution: 'B', inpatient: '1.00', more: 'points: 1' },
    ];
    const values = { 'inpatient.payable_basis': 'cost-ratio' };
    expect(gapsOf(inpatientFacts({ values, members }))).toEqual([
      'resident.members.inpatient_cost',
    ]);
    const open = [{ institution: 'A', inpatient: '1.00', more: 'methods: {}' }];
    expect(gapsOf(inpatientFacts({ members: open }))).toEqual(['resident.members.points']);
    expect(gapsOf(inpatientFacts({ members: [] }))).toEqual(['resident.members.points']);
  });

  it('does not depend on the order of members, nor on the other pool', () => {
    const text = inpatientFacts({ members: two });
    expect(amountsOf(inpatientFacts({ members: two.toReversed() }))).toEqual(amountsOf(text));
    const [head = '', resident = ''] = text.split('  resident:');
    const employee = resident.replaceAll('points: 1', 'points: 9').replace('1000.00 }', '7.00 }');
    const both = amountsOf(`${head}  resident:${resident}\n  employee:${employee}`);
    expect(both).toMatchObject(amountsOf(text));
    expect(both['employee.inpatient-payable']).toBe('7.00');
  });

  it('leaves of the pool what it does not pay, whatever the amounts', () => {
    const member = fc.record({
      score: fc.nat(1_000_000).map((each) => new Decimal(each).div(1000)),
      atActual: fc.nat(10_000).map((each) => fen(each)),
      booked: fc.nat(1_000_000).map((each) => fen(each)),
      cost: fc.integer({ min: 1_000_000, max: 2_000_000 }).map((each) => fen(each)),
    });
    fc.assert(
      fc.property(
        fc.array(member, { minLength: 1, maxLength: 8 }),
        fc.bigInt({ min: -1_000_000n, max: 10n ** 12n }).map((each) => fen(each)),
        fc.constantFrom(...PAYABLE_BASES),
        fc.constantFrom(null, 0, 2, 4),
        (members, pool, basis, published) => {
          const { payable, residue } = splitPool(pool, members, { basis, published });
          expect(sum([...payable, residue])).toBe(pool);
          const hasPoints = members.some(({ score }) => score.gt(0));
          if (published === null && basis !== 'cost-ratio' && hasPoints) expect(residue).toBe(0n);
        },
      ),
    );
  });
});

describe('provisional value and true-up', () => {
  const filings = 'points.provisional_value: { value: 300, clause: sample-2025-1 §3 }';

  it('pays a month by the provisional value, and halts without', () => {
    expect(paidToAAndB(amountsOf(inpatientFacts({ members: two, filings, month: true })))).toEqual([
      '300.00',
      '600.00',
    ]);
    expect(gapsOf(inpatientFacts({ members: two, month: true }))).toEqual([
      'resident.points.provisional_value',
    ]);
  });

  it('shows in the year what the settled value changes', () => {
    const found = amountsOf(inpatientFacts({ members: two, filings }));
    expect(found['resident.provisional-payable']).toBe('900.00');
    expect(found['resident.provisional-difference']).toBe('100.00');
    expect(
      amountsOf(inpatientFacts({ members: two }))['resident.provisional-difference'],
    ).toBeUndefined();
  });

  it('starts a year by three years weighted 1:2:7', () => {
    const filed = (name: string, values: readonly string[]) =>
      values
        .map((value, index) => `points.history_${name}_${index + 1}: { value: "${value}" }`)
        .join(', ');
    const text = `
plan: budget
period: 2025
pools:
  resident: { filings: { ${filed('cost', ['9000.00', '9500.00', '10000.00'])}, ${filed('points', ['100', '100', '98'])} } }`;
    expect(amountsOf(text)['resident.budget-point-value']).toBe('99.391480730223'); // 9,800 ÷ 98.6
    expect(gapsOf(text.replace('history_points_2: { value: "100" }, points.', ''))).toEqual([
      'resident.points.history_points_2',
    ]);
  });
});
