import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changed, regionCase, setting, without } from '../../../test/support/region-case.js';
import { decimal } from '../../kernel/decimal.js';
import { fen, sum } from '../../kernel/money.js';
import { sharedBudget } from '../steps/consortium-allocation.js';

/** Hainan’s text: the total, its parts, and how several consortia share one. */

const { amountOf, compute, facts, figureOf, idsOf, openOf } = regionCase('hainan');
const year = facts('year-2025.yaml');

describe('the total and its parts (HI-02)', () => {
  it('is broken down to outpatient, inpatient and each method', () => {
    expect(amountOf(year, 'budget-outpatient')).toBe('60000000.00');
    expect(amountOf(year, 'budget-inpatient')).toBe('140000000.00');
  });

  it('halts when the parts are not the whole, or one is not filed', () => {
    const less = changed(year, {
      'split_drg_dip: { value: 136000000.00': 'split_drg_dip: { value: 135999999.99',
    });
    expect(idsOf(less)).toEqual(['resident.budget.split_lines']);
    expect(idsOf(without(year, / {6}budget\.split_bed_day.*\n/))).toEqual([
      'resident.budget.split_bed_day',
    ]);
  });

  it('halts on a deficit budget until its factors are on record', () => {
    const deficit = changed(year, {
      'fund.expenditure: { value: 312000000.00': 'fund.expenditure: { value: 320000000.01',
    });
    expect(idsOf(deficit)).toEqual(['resident.fund.deficit_factors']);
    const explained = changed(deficit, {
      '      fund.income:': '      fund.deficit_factors: { value: 参保扩面 }\n      fund.income:',
    });
    expect(amountOf(explained, 'fund-balance')).toBe('-0.01');
    const balanced = changed(year, {
      'fund.expenditure: { value: 312000000.00': 'fund.expenditure: { value: 320000000.00',
    });
    expect(amountOf(balanced, 'fund-balance')).toBe('0.00');
  });
});

describe('several consortia of one area (HI-03, HN-02, HN-11)', () => {
  it('shares by persons, services and payments with their weights', () => {
    // 300,000,000 × (0.5 × 120/200 + 0.25 × 300/400 + 0.25 × 150/200)
    const { amount, note } = figureOf(year, 'budget-allocated');
    expect(amount).toBe('202500000.00');
    expect(note).toBe('核定 200000000.00，与测算相差 -2500000.00');
  });

  it('computes nothing where the consortium is alone', () => {
    const alone = without(year, / {6}allocation\.area_budget.*\n/);
    expect(compute(alone).some(({ id }) => id.endsWith('budget-allocated'))).toBe(false);
    expect(openOf(alone)).not.toContain('allocation.weights');
  });

  it.each([
    [
      'two policies in one pooling area',
      '{ pool: resident, consortium: west, policy: 另一方案, persons: 1, services: 1, payments: 1.00 }',
      'allocation.measures',
    ],
    [
      'a measure that nobody has',
      '{ pool: resident, consortium: west, policy: 市县方案, persons: 1, services: 0, payments: 1.00 }',
      'allocation.measures',
    ],
  ])('halts: %s', (_, west, id) => {
    const east =
      '{ pool: resident, consortium: east, policy: 市县方案, persons: 1, services: 0, payments: 1.00 }';
    const table = `allocation.measures: { values: { 2025-07-11: [${east}, ${west}] }, clause: sample-2025-9 §1 }`;
    expect(idsOf(setting(year, table))).toContain(id);
  });

  it('halts when the own row is missing or the weights are not the whole', () => {
    const unknown = changed(year, {
      'allocation.consortium: { value: east': 'allocation.consortium: { value: north',
    });
    expect(idsOf(unknown)).toEqual(['allocation.measures']);
    const heavy =
      'allocation.weights: { values: { 2025-07-11: [{ measure: persons, weight: 0.99 }] }, clause: sample-2025-9 §1 }';
    expect(idsOf(setting(year, heavy))).toEqual(['allocation.weights']);
  });

  it('always adds up to the area’s budget', () => {
    const row = fc.record({
      persons: fc.integer({ min: 1, max: 10 ** 7 }).map(String),
      services: fc.integer({ min: 1, max: 10 ** 8 }).map(String),
      payments: fc.integer({ min: 1, max: 10 ** 11 }).map((yuan) => `${yuan}.07`),
    });
    const weights = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
      .map(([persons, services]) => [
        { measure: 'persons', weight: decimal(String(persons)).div(100) },
        { measure: 'services', weight: decimal(String(services)).div(100) },
        { measure: 'payments', weight: decimal(String(100 - persons - services)).div(100) },
      ]);
    const rows = fc.array(row, { minLength: 2, maxLength: 9 });
    const budget = fc.bigInt({ min: 0n, max: 10n ** 14n }).map(fen);
    fc.assert(
      fc.property(budget, rows, weights, (total, measures, by) => {
        fc.pre(by.some(({ weight }) => weight.gt(0)));
        expect(sum(sharedBudget(total, measures, by))).toBe(total);
      }),
      { numRuns: 60 },
    );
  });
});
