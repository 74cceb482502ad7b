import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRegion } from '../../src/policy/policy.loader.js';
import { policyAt } from '../../src/policy/resolve.js';
import { loadRecords, loadSettlementUnits } from '../../src/records/records.loader.js';
import { readBedDayStays } from '../../src/settlement/bed-day-stays.repository.js';
import { methodsOf } from '../../src/settlement/book-methods.js';
import { casesOfBooks, readCases } from '../../src/settlement/dip-cases.repository.js';
import { scopeTable } from '../../src/settlement/scope-table.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, landClaims, makeSite, type TestClaim } from './site.js';

/** What payment methods take from the books and from records: bed-days, patients of cases, rosters. */

const site = makeSite();
const region = loadRegion(join(import.meta.dirname, '../regions'), 'methods');
const policy = policyAt(region, '2025-03-31', []);
const question = {
  consortium: CONSORTIUM,
  months: ['2025-03'],
  scope: scopeTable(region, []),
  funds: ['pooled'],
};
const bedDay = { careType: 'bed-day', pooled: 100_000, total: 200_000, on: '2025-03-31' };
const stay = { careType: 'inpatient', diagnosis: 'J18.900', pooled: 1_000, on: '2025-03-05' };
const claims: readonly TestClaim[] = [
  { ...bedDay, claimNo: 'b1', diagnosis: 'F20.000' },
  { ...bedDay, claimNo: 'b2', diagnosis: 'F20.900' },
  { ...bedDay, claimNo: 'b3', diagnosis: 'I69.300', institution: 'T' },
  { ...bedDay, claimNo: 'b4', diagnosis: 'F20.000' },
  { ...bedDay, claimNo: 'r4', refundOf: 'b4', pooled: -100_000, total: -200_000 },
  { ...stay, claimNo: 'case' },
];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await landClaims(database.pool, claims);
  await database.pool.query(
    `UPDATE claim SET admitted_at = '2025-03-01', discharged_at = CASE claim_no WHEN 'b3' THEN '2025-03-31' ELSE '2025-03-21T09:30:00' END,
       birth_date = '1940-05-05', discharge_mode = 'ordered' WHERE claim_no <> 'r4'`,
  );
  await database.pool.query(
    `INSERT INTO claim_diagnosis SELECT consortium, settled_on, institution, claim_no, 2, 'J96.000', 'J96.000', false, batch_id, raw_row FROM claim WHERE claim_no = 'case'`,
  );
});
afterAll(async () => {
  await database.drop();
  rmSync(site.siteDir, { recursive: true });
});

describe('bed-days of the books (HN-05, HI-07)', () => {
  it('are counted by length and class, net of refunds', async () => {
    const client = await database.pool.connect();
    const found = await readBedDayStays(client, question, policy);
    client.release();
    const of = { pool: 'resident', stays: 1 };
    expect(found).toEqual([
      { ...of, institution: 'L', nights: 20, class: 'psychiatric', stays: 2, cost: 400_000n },
      { ...of, institution: 'T', nights: 30, class: 'rehabilitation', cost: 200_000n },
    ]);
    const counted = { records: recordsOf(''), period: '2025-03', bedDays: found };
    expect(methodsOf(counted, { pool: 'resident', institution: 'L' }, null)).toMatchObject({
      bedDays: [{ class: 'psychiatric', nights: 20, stays: 2 }],
      bedDayCost: 400_000n,
    });
  });

  it('halt on a stay without its days', async () => {
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query("UPDATE claim SET admitted_at = NULL WHERE claim_no = 'b3'");
    await expect(readBedDayStays(client, question, policy)).rejects.toThrow('没有入院或出院日期');
    await client.query('ROLLBACK');
    client.release();
  });
});

describe('patients of cases (SY-13)', () => {
  it('are read only where the package asks for them', async () => {
    const read = async (withPatient: boolean) => {
      const client = await database.pool.connect();
      const cases = [];
      for await (const some of readCases(client, casesOfBooks(question, withPatient)))
        cases.push(...some);
      client.release();
      return cases.map(({ patient }) => patient);
    };
    expect(await read(false)).toEqual([undefined]);
    expect(await read(true)).toEqual([
      {
        sex: 'female',
        birthDate: '1940-05-05',
        admitted: '2025-03-01',
        discharged: '2025-03-21',
        dischargeMode: 'ordered',
        otherDiagnoses: ['J96.000'],
      },
    ]);
  });
});

const recorded = `
  - period: 2025
    pool: resident
    institution: L
    clause: sample-2024-2 §9
    methods:
      discharges: 900
      roster: [{ group: adult, persons: 10, from: 2025-01-01, to: 2025-12-31 }]
      signed: { persons: 8, served: 7 }
`;

describe('records (HN-05, HI-07)', () => {
  it('give a month the rosters and signings of its year, and nothing else of it', () => {
    const of = { pool: 'resident', institution: 'L' } as const;
    const counted = { records: recordsOf(recorded), bedDays: [] };
    const year = methodsOf({ ...counted, period: '2025' }, of, null);
    const month = methodsOf({ ...counted, period: '2025-03' }, of, null);
    expect([year.discharges, month.discharges]).toEqual([900, null]);
    expect(month).toMatchObject({ signed: { served: 7 }, clause: 'sample-2024-2 §9' });
    expect(month.roster).toEqual(year.roster);
    const other = methodsOf({ ...counted, period: '2025' }, { ...of, pool: 'employee' }, null);
    expect(other.roster).toEqual([]);
  });

  it.each([
    ['twice for a member', recorded + recorded.trimStart().replace(/^/, '  '), '写了两次'],
    ['more served than signed', recorded.replace('served: 7', 'served: 9'), '不能多于签约人数'],
    ['a document nobody listed', recorded.replace('sample-2024-2', 'other-1'), '没有列出文件'],
  ])('refuse %s', (_, text, message) => {
    expect(() => recordsOf(text)).toThrow(message);
  });
});

function recordsOf(methodFacts: string) {
  const path = join(site.siteDir, 'records.yaml');
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, methodFacts === '' ? before : `${before}methodFacts:${methodFacts}`);
  try {
    const units = loadSettlementUnits(site.siteDir);
    return loadRecords(site.siteDir, units, loadRegion(join(site.configDir, 'policies'), 'sanya'));
  } finally {
    writeFileSync(path, before);
  }
}
