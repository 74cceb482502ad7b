import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from '../claims/claim.js';
import { decimal } from '../kernel/decimal.js';
import { type Fen, fen, sum, yuan, ZERO_FEN } from '../kernel/money.js';
import { loadRegion } from '../policy/policy.loader.js';
import { GRADES, type Grade, type OverlayRecord } from '../policy/policy-schema.js';
import { policyAt } from '../policy/resolve.js';
import { NO_METHODS } from '../records/method-facts.js';
import { computeFacts } from './compute.js';
import {
  type Booked,
  type Facts,
  type MemberFacts,
  NOTHING_BOOKED,
  type PoolFacts,
} from './facts.js';
import { postingsOf } from './postings.js';

/** What must hold whatever the amounts: conservation, monotonicity, pools apart. */

const sanya = loadRegion(join(import.meta.dirname, '../../config/policies'), 'sanya');
const clause = 'sample-2024-1 §1';
const stated = (value: string) => ({ values: { '2024-01-01': value }, clause });
const overlay: OverlayRecord = {
  overlay: 'test',
  region: 'sanya',
  documents: { 'sample-2024-1': { number: '样例', title: '样例', issued: '2024-01-10' } },
  set: {
    'dip.rules': stated('test'),
    'overspend.reasonable_test': stated('all'),
    'overspend.base': stated('booked-minus-payable'),
    'overspend.ceiling': stated('0.05'),
    'surplus.retention': {
      values: { '2024-01-01': { excellent: '1', good: '0.7', pass: '0.3', fail: '0' } },
      clause,
    },
  },
};
const policy = policyAt(sanya, '2024-12-31', [overlay]);

const amount = (most: bigint) => fc.bigInt({ min: 0n, max: most }).map(fen);
const booked = fc.record({
  outpatient: amount(10n ** 9n),
  chronic: amount(10n ** 8n),
  'two-disease': amount(10n ** 8n),
  inpatient: amount(10n ** 10n),
  other: amount(10n ** 7n),
});
const member = fc.record({
  booked,
  points: fc.nat(10_000_000).map((each) => decimal(String(each)).div(10_000)),
  prepaid: amount(10n ** 9n),
  auditDeductions: amount(10n ** 6n),
  sanctioned: fc.boolean(),
});
const pool = fc
  .record({
    members: fc.array(member, { minLength: 1, maxLength: 6 }),
    base: amount(2n * 10n ** 10n),
  })
  .map(({ members, base }) => poolOf(members.map(memberOf), base));
const grade = fc.constantFrom(...GRADES);

type Drawn = typeof member extends fc.Arbitrary<infer Value> ? Value : never;

function memberOf(drawn: Drawn, index: number): MemberFacts {
  return {
    institution: `M${index}`,
    level: null,
    booked: { ...NOTHING_BOOKED, ...drawn.booked },
    points: drawn.points,
    paidAtActual: ZERO_FEN,
    prepaid: [{ month: null, amount: drawn.prepaid }],
    auditDeductions: drawn.auditDeductions,
    sanctions: drawn.sanctioned ? ['suspension'] : [],
    filings: {},
    methods: NO_METHODS,
  };
}

function poolOf(members: readonly MemberFacts[], base: Fen): PoolFacts {
  const total = (bucket: keyof Booked): Fen =>
    sum(members.map((each) => each.booked?.[bucket] ?? ZERO_FEN));
  const nothing = { baseAllInProvince: null, priorBudget: null, wholeFundGrowthRates: null };
  return {
    budget: {
      ...nothing,
      ...{ cityBudget: null, poolCityBudget: null, approved: null, adjustments: [] },
      base: { label: '基数', amount: base, clause: null },
      growthRates: { rates: ['0.06', '0.04', '0.08'].map(decimal), clause: null },
    },
    booked: {
      ...NOTHING_BOOKED,
      outpatient: total('outpatient'),
      chronic: total('chronic'),
      'two-disease': total('two-disease'),
      inpatient: total('inpatient'),
      other: total('other'),
    },
    otherLines: [],
    prepaid: [
      { month: null, amount: sum(members.map(({ prepaid }) => prepaid[0]?.amount ?? ZERO_FEN)) },
    ],
    auditDeductions: sum(members.map(({ auditDeductions }) => auditDeductions)),
    reasonableOverspend: null,
    members,
    filings: {},
  };
}

function settle(pools: Partial<Record<Pool, PoolFacts>>, graded: Grade = 'good') {
  const facts: Facts = {
    ...{
      region: 'sanya',
      plan: 'year',
      period: '2024',
      pools,
      filings: {},
      pointValueDecimals: null,
    },
    grade: { grade: graded, clause: null },
  };
  const result = computeFacts(sanya, facts, policy);
  const of = (key: string): Fen => {
    const found = result.figures.find(({ id }) => id === `sanya.2024.resident.${key}`);
    return yuan(found?.amount ?? 'no such figure');
  };
  return { result, of };
}

describe('annual clearing, whatever the amounts', () => {
  it('is the identity of SY-14, and members sum to the group', () => {
    fc.assert(
      fc.property(pool, grade, (resident, graded) => {
        const { of, result } = settle({ resident }, graded);
        const rest = of('prepaid') + of('deposit-withheld') + of('audit-deductions') + of('final');
        expect(rest).toBe(of('payable'));
        for (const key of ['dip-decision', 'deposit-withheld', 'prepaid', 'final']) {
          const parts = resident.members.map(({ institution }) =>
            of(`member.${institution}.${key}`),
          );
          expect(sum(parts)).toBe(of(key));
        }
        expect(sum(postingsOf(result.figures).map((each) => each.amount))).toBe(0n);
      }),
      { numRuns: 100 },
    );
  });

  it('never withholds more than the deposit, nor shares more than overspend, ceiling or grade allow', () => {
    fc.assert(
      fc.property(pool, grade, (resident, graded) => {
        const { of } = settle({ resident }, graded);
        expect(of('deposit-withheld') <= of('deposit-base')).toBe(true);
        expect(of('overspend-borne') <= of('overspend-shareable')).toBe(true);
        expect(of('overspend-shareable') <= of('overspend')).toBe(true);
        expect(of('overspend-shareable') * 20n <= of('budget') + 10n).toBe(true);
        expect(of('surplus-retained') <= of('surplus')).toBe(true);
        expect(of('overspend') === 0n || of('surplus') === 0n).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('never pays less for a better grade', () => {
    fc.assert(
      fc.property(pool, (resident) => {
        const finals = GRADES.map((graded) => settle({ resident }, graded).of('final'));
        expect(finals).toEqual(finals.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the pools apart: residents do not depend on employees (SY-04)', () => {
    fc.assert(
      fc.property(pool, pool, (resident, employee) => {
        const alone = settle({ resident }).result.figures;
        const both = settle({ resident, employee }).result.figures;
        expect(both.filter(({ id }) => id.includes('.resident.'))).toEqual(alone);
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same digest again', () => {
    fc.assert(
      fc.property(pool, (resident) => {
        expect(settle({ resident }).result.digest).toBe(settle({ resident }).result.digest);
      }),
      { numRuns: 20 },
    );
  });
});
