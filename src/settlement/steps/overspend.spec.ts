import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../config/yaml-text.js';
import { loadRegion } from '../../policy/policy.loader.js';
import { checkedFactsSchema } from '../checked-facts.js';
import { computeFile } from '../compute.js';

const sanya = loadRegion(join(import.meta.dirname, '../../../config/policies'), 'sanya');

interface Case {
  readonly inpatient: string;
  readonly grade?: string;
  readonly ceiling?: string;
  readonly test?: string;
}

/** A budget of 1,000.00, all of it the pool. */
function settle({ inpatient, grade = 'good', ceiling = '0.05', test = 'all' }: Case) {
  const text = `
plan: year
period: 2024
grade: { value: ${grade} }
documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }
set:
  dip.rules: { values: { 2024-01-01: test }, clause: sample-2024-1 §1 }
  overspend.reasonable_test: { values: { 2024-01-01: ${test} }, clause: sample-2024-1 §1 }
  overspend.base: { values: { 2024-01-01: booked-minus-payable }, clause: sample-2024-1 §1 }
  overspend.ceiling: { values: { 2024-01-01: ${ceiling} }, clause: sample-2024-1 §1 }
  surplus.retention: { values: { 2024-01-01: { excellent: 1, good: 0.90, pass: 0.50, fail: 0 } }, clause: sample-2024-1 §1 }
pools:
  resident:
    budget: { approved: { amount: 1000.00 } }
    booked: { outpatient: 0, chronic: 0, two-disease: 0, inpatient: ${inpatient}, other: 0 }
    prepaid: 0
    auditDeductions: 0
    reasonableOverspend: { amount: 12.34 }`;
  const file = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(sanya) });
  const { figures } = computeFile(sanya, file, []);
  return (key: string): string =>
    figures.find(({ id }) => id === `sanya.2024.resident.${key}`)?.amount ?? '';
}

describe('overspend around the ceiling of 5 % of the budget (SY-15)', () => {
  it.each([
    ['999.99', '0.00', '0.00'],
    ['1000.00', '0.00', '0.00'],
    ['1000.01', '0.01', '0.01'], // half of one fen rounds up
    ['1049.99', '49.99', '25.00'],
    ['1050.00', '50.00', '25.00'],
    ['1050.01', '50.00', '25.00'],
    ['1200.00', '50.00', '25.00'],
  ])('booked %s: shareable %s, borne %s', (inpatient, shareable, borne) => {
    const of = settle({ inpatient });
    expect([of('overspend-shareable'), of('overspend-borne')]).toEqual([shareable, borne]);
  });

  it.each([
    ['excellent', '40.00'],
    ['good', '25.00'],
    ['pass', '10.00'],
    ['fail', '0.00'],
  ])('grade %s: the fund bears %s of 50.00', (grade, borne) => {
    expect(settle({ inpatient: '1050.00', grade })('overspend-borne')).toBe(borne);
  });

  it('has no ceiling when the rules say so, and shares no more than was approved', () => {
    expect(settle({ inpatient: '1200.00', ceiling: 'none' })('overspend-shareable')).toBe('200.00');
    expect(settle({ inpatient: '1200.00', test: 'approved-amount' })('overspend-shareable')).toBe(
      '12.34',
    );
  });
});

describe('surplus (SY-13, SY-20)', () => {
  it.each([
    ['900.00', 'excellent', '100.00', '1000.00'],
    ['900.00', 'good', '90.00', '990.00'],
    ['900.00', 'fail', '0.00', '900.00'],
    ['999.99', 'pass', '0.01', '1000.00'], // half of one fen rounds up
  ])('booked %s, grade %s: keeps %s, decision %s', (inpatient, grade, retained, decision) => {
    const of = settle({ inpatient, grade });
    expect([of('surplus-retained'), of('dip-decision')]).toEqual([retained, decision]);
  });
});
