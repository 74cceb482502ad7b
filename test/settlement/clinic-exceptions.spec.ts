import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRegion } from '../../src/policy/policy.loader.js';
import { policyAt } from '../../src/policy/resolve.js';
import { readBookings } from '../../src/settlement/bookings.repository.js';
import { readClinicExceptions } from '../../src/settlement/clinic-exceptions.repository.js';
import { scopeTable } from '../../src/settlement/scope-table.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, landClaims, type TestClaim } from './site.js';

const policies = join(import.meta.dirname, '../../config/policies');
const ganyu = loadRegion(policies, 'ganyu');
const policy = policyAt(ganyu, '2025-03-31', []);
const question = { consortium: CONSORTIUM, month: '2025-03', policy };
const clinic = { institution: 'C', on: '2025-03-05', pooled: 1_000 } as const;
const claims: readonly TestClaim[] = [
  { ...clinic, claimNo: 'c1' },
  { ...clinic, claimNo: 'c2', pool: 'employee', pooled: 250 },
  { ...clinic, claimNo: 'c3', careType: 'chronic', pooled: 300 },
  { ...clinic, claimNo: 'c4', careType: 'chronic', pooled: 400 },
  { ...clinic, claimNo: 'c5', careType: 'inpatient', on: '2025-04-01' },
  { ...clinic, claimNo: 't1', institution: 'T', pool: 'employee', pooled: 2_000 },
];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await landClaims(database.pool, claims);
});
afterAll(() => database.drop());

describe('village clinics (GY-16)', () => {
  it('are one settlement unit with their township centre', async () => {
    const client = await database.pool.connect();
    const scope = scopeTable(ganyu, []);
    const found = await readBookings(client, {
      ...{ consortium: CONSORTIUM, months: ['2025-03'], scope, funds: ['pooled'] },
    });
    client.release();
    expect(new Set(found.map(({ institution }) => institution))).toEqual(new Set(['T']));
  });

  it('have resident outpatient pooling only: anything else is an exception', async () => {
    const common = { clinic: 'C', settledBy: 'T', why: 'outside-scope' };
    expect(await readClinicExceptions(database.pool, question)).toEqual([
      { ...common, pool: 'employee', careType: 'outpatient', claims: 1, pooledFundPaid: '2.50' },
      { ...common, pool: 'resident', careType: 'chronic', claims: 2, pooledFundPaid: '7.00' },
    ]);
  });

  it('must not settle on their own', async () => {
    await database.pool.query(`UPDATE claim SET settled_by = 'C' WHERE claim_no = 'c1'`);
    const found = await readClinicExceptions(database.pool, question);
    expect(found?.filter(({ why }) => why === 'own-settlement')).toMatchObject([
      { pool: 'resident', careType: 'outpatient', claims: 1 },
    ]);
  });

  it('are not limited where the region does not limit them', async () => {
    const other = policyAt(loadRegion(policies, 'hunan'), '2025-03-31', []);
    expect(await readClinicExceptions(database.pool, { ...question, policy: other })).toBeNull();
  });
});
