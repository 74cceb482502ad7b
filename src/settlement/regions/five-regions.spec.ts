import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { POOLS, type Pool } from '../../claims/claim.js';
import { parseYaml } from '../../config/yaml-text.js';
import { Decimal } from '../../kernel/decimal.js';
import { sum, toYuan, yuan, ZERO_FEN } from '../../kernel/money.js';
import { loadOverlays, loadRegion } from '../../policy/policy.loader.js';
import { policyAt } from '../../policy/resolve.js';
import { scopeOf } from '../../policy/scope.js';
import { checkedRecordsSchema } from '../../records/records.js';
import { factsOfBooks } from '../book-facts.js';
import type { Booking } from '../bookings.repository.js';
import { computeFacts, policyDay } from '../compute.js';
import type { FigureReport } from '../result.js';
import { unitKey } from '../unit-points.js';

/**
 * The same claims of one county settled under each of the five texts, with the sample overlays and records of the demo: the results differ
 * where the texts differ, and say by which clause.
 */

const root = join(import.meta.dirname, '../../..');
const [LEAD = '', TCM = '', ...TOWNSHIPS] = ['01', '02', '11', '12', '13'].map(
  (end) => `H460299000${end}`,
);
const UNITS = [LEAD, TCM, ...TOWNSHIPS];

interface Claim {
  readonly on: string;
  readonly institution: string;
  readonly pool: Pool;
  readonly careType: string;
  readonly channel: string;
  readonly cause: string;
  readonly pooled: string;
  readonly second: string;
}

function claim(on: string, careType: string, rest: Partial<Claim>): Claim {
  const usual = {
    institution: LEAD,
    pool: 'resident',
    channel: 'direct',
    cause: 'ordinary',
  } as const;
  return { ...usual, pooled: '0.00', second: '0.00', on, careType, ...rest };
}

const CLAIMS: readonly Claim[] = [
  claim('09-01', 'inpatient', { pooled: '3000000.00', second: '200000.00' }),
  claim('09-02', 'inpatient', { institution: TCM, pooled: '600000.00' }),
  claim('09-03', 'outpatient', { institution: TOWNSHIPS[0] ?? '', pooled: '500000.00' }),
  claim('09-04', 'chronic', { pooled: '400000.00' }),
  claim('09-05', 'family-planning', { pooled: '50000.00' }),
  claim('09-06', 'outpatient', { channel: 'manual', pooled: '30000.00' }),
  claim('09-07', 'inpatient', { cause: 'public-health-emergency', pooled: '70000.00' }),
  claim('02-08', 'outpatient', { pooled: '250000.00' }),
  claim('09-09', 'inpatient', { pool: 'employee', pooled: '1000000.00', second: '100000.00' }),
  claim('09-10', 'outpatient', { pool: 'employee', pooled: '300000.00' }),
];

/** The second fund of a pool. */
const SECOND = { resident: 'critical-illness', employee: 'large-expense' } as const;

const YEARS = {
  sanya: '2024',
  hunan: '2025',
  ganyu: '2025',
  jilin: '2025',
  hainan: '2025',
} as const;
type Region = keyof typeof YEARS;
const REGIONS = Object.keys(YEARS) as readonly Region[];

function settle(region: Region): readonly FigureReport[] {
  const period = YEARS[region];
  const chain = loadRegion(join(root, 'config/policies'), region);
  const site = join(root, 'config/demo', ...(region === 'sanya' ? [] : ['regions', region]));
  const path = join(site, 'records.yaml');
  const records = parseYaml({
    text: readFileSync(path, 'utf8'),
    path,
    schema: checkedRecordsSchema(chain),
  });
  const overlays = loadOverlays(join(site, 'overlays'), chain);
  const rules = chain.map(({ scope }) => scope?.rules).find((found) => found !== undefined) ?? [];
  const policy = policyAt(chain, policyDay(period), overlays);
  const funds = policy.list('scope.funds');
  const booked = (one: Claim): Booking => {
    const on = `${period}-${one.on}`;
    const facts = { ...one, treatmentArea: 'local' };
    const bucket =
      on < chain[0].effective.from
        ? 'excluded'
        : scopeOf(facts, rules, policyAt(chain, on, overlays))?.bucket;
    if (bucket === undefined) throw new RangeError(`${region} has no rule for ${one.careType}`);
    const amount = sum([
      funds.includes('pooled') ? yuan(one.pooled) : ZERO_FEN,
      funds.includes(SECOND[one.pool]) ? yuan(one.second) : ZERO_FEN,
    ]);
    return { pool: one.pool, institution: one.institution, bucket, claims: 1, amount };
  };
  const points = UNITS.flatMap((institution) =>
    POOLS.map((pool) => {
      const scored = {
        points: new Decimal(institution === LEAD ? 5000 : 1000),
        ...{ paidAtActual: ZERO_FEN, cost: ZERO_FEN, isWeight: false },
      };
      return [unitKey(pool, institution), scored] as const;
    }),
  );
  const dip = region === 'sanya';
  const month = { kind: 'month', period: `${period}-09` } as const;
  const facts = factsOfBooks({
    ...{ region, plan: 'year', period, units: UNITS, records, kinds: new Map(), levels: new Map() },
    ...{ bedDays: [], distribution: null, deductions: [] },
    ...{ points: dip ? new Map(points) : null, pointValueDecimals: dip ? 4 : null },
    bookings: CLAIMS.map(booked),
    payments: POOLS.flatMap((pool) => [
      { ...month, pool, institution: null, amount: yuan('50.00') },
      ...UNITS.map((institution) => ({ ...month, pool, institution, amount: yuan('10.00') })),
    ]),
    ledger: { carried: [], held: [], auditTaken: [] },
  });
  return computeFacts(chain, facts, policy).figures;
}

const results = new Map(REGIONS.map((region) => [region, settle(region)]));

function figure(region: Region, pool: Pool, key: string): FigureReport | undefined {
  const id = `${region}.${YEARS[region]}.${pool}.${key}`;
  return results.get(region)?.find((each) => each.id === id);
}

describe('one county under five texts', () => {
  it.each<[Region, string, string]>([
    ['sanya', '4950000.00', '1400000.00'], // all funds; family planning and public-health care left out
    ['hunan', '4870000.00', '1300000.00'], // the pooled fund alone; public-health care counts
    ['ganyu', '4870000.00', '1400000.00'], // with the employees’ large expenses, without critical illness
    ['jilin', '4820000.00', '1400000.00'], // all funds, from 14 July
    ['hainan', '4750000.00', '1400000.00'], // all funds, from 11 July, public-health care left out
  ])('%s books %s of residents and %s of employees', (region, resident, employee) => {
    const booked = POOLS.map((pool) => [pool, figure(region, pool, 'booked')?.amount]);
    expect(Object.fromEntries(booked)).toEqual({ resident, employee });
  });

  it.each(POOLS)('pays the %s differently in each', (pool) => {
    const amounts = REGIONS.map((region) => figure(region, pool, 'payable')?.amount);
    expect(amounts).not.toContain(undefined);
    expect(new Set(amounts).size).toBe(REGIONS.length);
  });

  it.each(REGIONS)('shares all that %s pays among the members', (region) => {
    for (const pool of POOLS) {
      const parts = UNITS.map((unit) =>
        yuan(figure(region, pool, `member.${unit}.final`)?.amount ?? ''),
      );
      expect(toYuan(sum(parts))).toBe(figure(region, pool, 'final')?.amount);
    }
  });

  it.each(REGIONS)('explains the result of %s by its own text and by no other', (region) => {
    const own = new Set(
      loadRegion(join(root, 'config/policies'), region).flatMap(({ documents }) =>
        Object.keys(documents),
      ),
    );
    const documents = (results.get(region) ?? []).flatMap(({ clause, trace }) =>
      [clause, ...trace.map((line) => line.clause)].map((text) => text.split(' ')[0] ?? ''),
    );
    const texts = new Set(documents.filter((text) => text !== '' && !text.startsWith('sample')));
    expect([...texts].filter((text) => !own.has(text))).toEqual([]);
    const final = figure(region, 'resident', 'final');
    expect(final?.trace.some(({ clause }) => own.has(clause.split(' ')[0] ?? ''))).toBe(true);
  });
});
