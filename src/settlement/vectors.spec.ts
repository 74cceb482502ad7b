import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../config/yaml-text.js';
import { loadRegion } from '../policy/policy.loader.js';
import { checkedFactsSchema } from './checked-facts.js';
import { computeFile } from './compute.js';

/** Golden vectors of Sanya's scheme, each through a facts file and nothing else. */

const root = join(import.meta.dirname, '../..');
const sanya = loadRegion(join(root, 'config/policies'), 'sanya');
const documented = readFileSync(join(root, 'docs/formats/facts-example.yaml'), 'utf8');

function amounts(text: string): Readonly<Record<string, string>> {
  const file = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(sanya) });
  const { figures } = computeFile(sanya, file, []);
  return Object.fromEntries(
    figures.map(({ id, amount }) => [id.split('.').slice(2).join('.'), amount]),
  );
}

const budget = (pool: string, base: string, rates: string, more = ''): string => `
plan: budget
period: 2024
${more.startsWith('set') ? more : ''}
pools:
  ${pool}:
    budget: { base: { amount: ${base} }, growth: { rates: [${rates}] }${more.startsWith(',') ? more : ''} }
`;

describe('D1 budget: growth reference and cap (SY-04, SY-05)', () => {
  it.each([
    ['resident', '200000000.00', '0.06, 0.04, 0.08', '210000000.00'],
    ['employee', '120000000.00', '0.12, 0.09, 0.105', '132000000.00'],
    ['employee', '120000000.00', '0.07, 0.09, 0.05', '128400000.00'],
  ])('%s %s grown by the mean of %s is %s', (pool, base, rates, expected) => {
    expect(amounts(budget(pool, base, rates))[`${pool}.budget`]).toBe(expected);
  });

  it('takes the geometric mean when that reading is chosen', () => {
    const set = `documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }
set: { budget.growth_average: { reading: geometric, clause: sample-2024-1 §1 } }`;
    const found = amounts(`${set}\n${budget('employee', '120000000.00', '0.07, 0.09, 0.05')}`);
    expect(found['employee.budget']).toBe('128385044.99');
    expect(found['employee.budget-growth']).toBe('0.069875374893');
  });
});

describe('D2 cut in the same proportion as the city (SY-06)', () => {
  it('cuts after growth, one ratio', () => {
    const city = ', cityBudget: { before: 2000000000.00, after: 1880000000.00 }';
    expect(
      amounts(budget('resident', '200000000.00', '0.06, 0.04, 0.08', city))['resident.budget'],
    ).toBe('197400000.00');
  });

  it('lets the approved figure win and adds approved adjustments', () => {
    const approved =
      ', approved: { amount: 205000000.00 }, adjustments: [{ amount: -5000000.00, label: 重大政策调整 }]';
    expect(
      amounts(budget('resident', '200000000.00', '0.06, 0.04, 0.08', approved))['resident.budget'],
    ).toBe('200000000.00');
  });
});

describe('D5 pool distribution by largest remainder (SY-13)', () => {
  const found = amounts(documented);

  it('splits 168,500,000.00 by points to the fen', () => {
    expect(['M1', 'M2', 'M3'].map((name) => found[`resident.member.${name}.pool-share`])).toEqual([
      '92030750.88',
      '53528474.38',
      '22940774.74',
    ]);
  });

  it('shows the point value and does not use it', () => {
    expect(found['resident.point-value']).toMatch(/^76\.4692/);
  });
});

describe('D6 annual clearing (SY-08, SY-10, SY-11, SY-12, SY-14, SY-15, SY-16, SY-20)', () => {
  const graded = (grade: string): Readonly<Record<string, string>> =>
    amounts(documented.replace('value: excellent', `value: ${grade}`));

  it.each([
    ['excellent', '6000000.00', '174500000.00', '214500000.00', '0.00', '19668749.25'],
    ['fail', '0.00', '168500000.00', '208500000.00', '10800000.00', '2868749.25'],
  ])('grade %s', (grade, borne, decision, payable, withheld, final) => {
    const found = graded(grade);
    expect(found['resident.dip-pool']).toBe('168500000.00');
    expect(found['resident.overspend']).toBe('7500000.00');
    expect(found['resident.deposit-base']).toBe('10800000.00');
    expect(found['resident.overspend-borne']).toBe(borne);
    expect(found['resident.dip-decision']).toBe(decision);
    expect(found['resident.payable']).toBe(payable);
    expect(found['resident.deposit-withheld']).toBe(withheld);
    expect(found['resident.final']).toBe(final);
  });

  it('comes to the same by cost less budget', () => {
    const other = documented.replace('booked-minus-payable', 'cost-minus-budget');
    expect(amounts(other)['resident.final']).toBe('19668749.25');
  });

  it('shares nothing when the group reading of a sanction is chosen', () => {
    const barred = documented
      .replace(
        'set:\n',
        'set:\n  overspend.disqualified_scope: { reading: group, clause: sample-2024-1 §5 }\n',
      )
      .replace(
        '{ institution: M3, points: 300000.0000 }',
        '{ institution: M3, points: 300000.0000, sanctions: [suspension], booked: { outpatient: 0, chronic: 0, two-disease: 0, inpatient: 20000000.00, other: 0 } }',
      );
    expect(amounts(barred)['resident.payable']).toBe('208500000.00');
  });

  const sanctioned = (kind: string): string =>
    documented.replace(
      '{ institution: M3, points: 300000.0000 }',
      `{ institution: M3, points: 300000.0000, sanctions: [${kind}], booked: { outpatient: 0, chronic: 0, two-disease: 0, inpatient: 23940774.74, other: 0 } }`,
    );

  it.each(['correction-order', 'suspension', 'termination', 'administrative-penalty', 'other'])(
    'leaves out only the overspend of the member under %s by default',
    (kind) => {
      const found = amounts(sanctioned(kind)); // M3 overspent 1,000,000.00 of the 7,500,000.00
      expect(found['resident.overspend-shareable']).toBe('6500000.00');
      expect(found['resident.overspend-borne']).toBe('5200000.00');
    },
  );

  it('bars by what the text lists, and by nothing else', () => {
    const listed =
      'overspend.disqualifiers: { values: { 2024-01-01: [termination] }, clause: sample-2024-1 §5 }';
    const found = amounts(sanctioned('suspension').replace('set:\n', `set:\n  ${listed}\n`));
    expect(found['resident.overspend-shareable']).toBe('7500000.00');
  });

  it.each([
    ['good', '1080000.00'],
    ['pass', '3240000.00'],
  ])('grade %s withholds %s of the deposit of 10,800,000.00', (grade, withheld) => {
    expect(graded(grade)['resident.deposit-withheld']).toBe(withheld);
  });

  it('carries a negative final amount as a receivable, never cut to zero', () => {
    const owed = documented.replace('prepaid: 194400000.00', 'prepaid: 220000000.00');
    expect(amounts(owed)['resident.final']).toBe('-5931250.75');
  });
});

describe('monthly prepayment (SY-03, SY-07)', () => {
  const month = (outpatient: string): string => `
plan: month
period: 2024-03
pools:
  resident:
    booked: { outpatient: ${outpatient}, chronic: 0, two-disease: 0, inpatient: 0, other: 999.99 }
    members:
      - { institution: A, booked: { outpatient: 1.00, chronic: 0, two-disease: 0, inpatient: 0, other: 0 } }
      - { institution: B, booked: { outpatient: 2.00, chronic: 0, two-disease: 0, inpatient: 0, other: 0 } }
`;

  it.each([
    ['1000000.00', '900000.00'],
    ['0.05', '0.05'], // 0.045 rounds half up
    ['0.04', '0.04'], // 0.036
    ['-10.00', '-9.00'], // more refunds than bookings
  ])('of %s booked is %s; other lines stay out', (booked, prepaid) => {
    expect(amounts(month(booked))['resident.prepayment']).toBe(prepaid);
  });

  it('is split among members to the fen', () => {
    const found = amounts(month('0.05'));
    expect([found['resident.member.A.prepayment'], found['resident.member.B.prepayment']]).toEqual([
      '0.02',
      '0.03',
    ]);
  });
});
