import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadYaml } from '../config/yaml.loader.js';
import { Decimal } from '../kernel/decimal.js';
import { loadRegion } from '../policy/policy.loader.js';
import { withFilings } from './assess.js';
import {
  FILED_MEASURES,
  indicatorsSchema,
  indicatorValue,
  type Measures,
  type Term,
} from './indicator.js';

const root = join(import.meta.dirname, '../..');
const { indicators } = loadYaml(join(root, 'config/assessment/indicators.yaml'), indicatorsSchema);
const REGIONS = ['sanya', 'hainan', 'hunan', 'jilin', 'ganyu'];

const measures = (entries: Readonly<Partial<Record<Term, number>>>): Measures =>
  new Map(Object.entries(entries).map(([name, value]) => [name as Term, new Decimal(value ?? 0)]));
const value = (id: string, now: Measures, before: Measures | null = null): string | null =>
  indicatorValue(id, indicators, { now, before }).value?.toFixed(4) ?? null;

describe('indicators computed from claims (SY-17, HN-07, HN-10, HN-12, GY-18, GY-21, GY-26, JL-12, HI-10)', () => {
  it.each([
    ['primary-visit-share', { visits: 400, 'visits-primary': 260 }, '0.6500'],
    ['reimbursement-share', { fund: 650_00, fee: 1000_00 }, '0.6500'],
    ['primary-fund-share', { fund: 800_00, 'fund-primary': 200_00 }, '0.2500'],
    ['self-paid-share', { cash: 150_00, account: 50_00, fee: 1000_00 }, '0.2000'],
    ['self-funded-share', { 'fee-outside-scope': 80_00, fee: 1000_00 }, '0.0800'],
    ['transfer-share', { transfers: 3, admissions: 60 }, '0.0500'],
    ['short-stay-share', { 'short-stays': 6, admissions: 60 }, '0.1000'],
    ['readmission-share', { readmissions: 9, admissions: 60 }, '0.1500'],
    ['average-stay', { 'bed-days': 480, admissions: 60 }, '8.0000'],
    ['inpatient-fee-average', { 'fee-inpatient': 600_000_00, admissions: 60 }, '10000.0000'],
    ['tcm-share', { 'tcm-fee': 30_00, 'line-fee': 1000_00 }, '0.0300'],
    ['county-visit-share', { visits: 600, admissions: 60, 'filed-insured-visits': 880 }, '0.7500'],
    ['out-of-area-fund', { 'filed-out-of-area-fund': 1_234_50 }, '1234.5000'],
    ['county-fund-share', { fund: 700_00, 'filed-insured-fund': 1000_00 }, '0.7000'],
    [
      'out-of-area-share',
      { 'filed-out-of-area-fee': 24_00, 'filed-insured-fee': 100_00 },
      '0.2400',
    ],
  ] as const)('%s', (id, now, expected) => {
    expect(value(id, measures(now))).toBe(expected);
  });

  it('gives growth over the year before, and says when there is none to compare with', () => {
    const now = measures({ fee: 1_100_00 });
    expect(value('fee-growth', now, measures({ fee: 1_000_00 }))).toBe('0.1000');
    expect(value('fee-growth', now)).toBeNull();
    expect(indicatorValue('fee-growth', indicators, { now, before: null }).reason).toBe(
      '上年没有数据',
    );
  });

  it('measures growth outside the area by the fund spent there, not by its share of fees (GY-18)', () => {
    const now = measures({ 'filed-out-of-area-fund': 1_100_00, 'filed-out-of-area-fee': 1 });
    const before = measures({ 'filed-out-of-area-fund': 1_000_00, 'filed-out-of-area-fee': 9 });
    expect(value('out-of-area-growth', now, before)).toBe('0.1000');
  });

  it('counts filed amounts in fen, filed numbers as they are', () => {
    const filings: Readonly<Record<string, string>> = {
      'indicators.insured_fund': '12.50',
      'indicators.insured_visits': '880',
      'indicators.satisfaction': '0.9',
    };
    const found = withFilings(new Map(), (name) => filings[name] ?? null);
    expect([...found].map(([term, of]) => `${term} ${of.toFixed()}`)).toEqual([
      'filed-insured-fund 1250',
      'filed-insured-visits 880',
      'filed-satisfaction 0.9',
    ]);
  });

  it('has no value without a denominator or without what people must file', () => {
    expect(value('average-stay', measures({ 'bed-days': 0, admissions: 0 }))).toBeNull();
    const { reason } = indicatorValue('county-fund-share', indicators, {
      now: measures({ fund: 1 }),
      before: null,
    });
    expect(reason).toContain('indicators.insured_fund');
  });
});

describe('regions and the catalogue', () => {
  it.each(REGIONS)('%s lets people file what its indicators rest on', (name) => {
    const [region] = loadRegion(join(root, 'config/policies'), name);
    const terms = Object.keys(region.indicators).flatMap((id) => {
      const { growthOf = id } = indicators[id] ?? {};
      const { numerator = [], denominator = [] } = indicators[growthOf] ?? {};
      return [...numerator, ...denominator];
    });
    const asked = Object.entries(FILED_MEASURES).filter(([term]) => terms.includes(term as Term));
    expect(asked.filter(([, filing]) => region.filings[filing] === undefined)).toEqual([]);
  });

  it.each(REGIONS)('%s names only indicators that the catalogue knows', (name) => {
    const [region] = loadRegion(join(root, 'config/policies'), name);
    expect(Object.keys(region.indicators).filter((id) => !(id in indicators))).toEqual([]);
  });

  it.each([
    [
      'sanya',
      'SY-17',
      [
        'transfer-share',
        'against-advice-share',
        'average-stay',
        'readmission-share',
        'self-paid-share',
        'self-funded-share',
        'outpatient-during-stay-share',
      ],
    ],
    [
      'ganyu',
      'GY-18',
      [
        'institution-management',
        'self-paid-share',
        'admission-rate',
        'primary-visit-share',
        'primary-fund-share',
        'out-of-area-growth',
        'average-stay-growth',
        'service-depth',
        'ungrouped-share',
        'satisfaction',
      ],
    ],
    ['ganyu', 'GY-20', ['fee-growth', 'fund']],
    [
      'ganyu',
      'GY-21',
      [
        'transfer-share',
        'against-advice-share',
        'short-stay-share',
        'outpatient-during-stay-share',
      ],
    ],
    ['ganyu', 'GY-26', ['self-funded-share']],
    [
      'hunan',
      'HN-07',
      [
        'fee-growth',
        'reimbursement-share',
        'primary-visit-share',
        'county-fund-share',
        'primary-fund-share',
        'tcm-share',
      ],
    ],
    [
      'hunan',
      'HN-10',
      ['transfer-share', 'against-advice-share', 'short-stay-share', 'readmission-share'],
    ],
    ['hunan', 'HN-12', ['fee-per-stay-growth', 'inpatient-fee-average', 'deduction-share']],
    ['jilin', 'JL-12', ['county-fee-share', 'out-of-area-share', 'primary-fee-share']],
    ['jilin', 'JL-17', ['fee-growth', 'transfer-share', 'fund']],
    [
      'hainan',
      'HI-10',
      [
        'county-visit-share',
        'county-fund-share',
        'primary-visit-share',
        'primary-admission-share',
        'fund-expenditure-share',
      ],
    ],
  ] as const)('%s asks for what its text names (%s)', (name, row, ids) => {
    const [region] = loadRegion(join(root, 'config/policies'), name);
    const asked = Object.entries(region.indicators).filter(([, { rows }]) => rows.includes(row));
    expect(asked.map(([id]) => id)).toEqual(ids);
  });
});
