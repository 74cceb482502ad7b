import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { JournalService } from '../../src/journal/journal.service.js';
import { monthsOf } from '../../src/kernel/period.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { casesOfBooks } from '../../src/settlement/dip-cases.repository.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, landClaims, makeSite, type TestClaim } from './site.js';

/** Scored cases are written while they are read, once a version, and added up again by PostgreSQL. */

const site = makeSite();
const request = { consortium: CONSORTIUM, year: '2024' };
const stay = { careType: 'inpatient', diagnosis: 'J18.900', pooled: 400_000 };
const claims: readonly TestClaim[] = [
  { ...stay, claimNo: 'back\\slash', on: '2024-02-01', total: 500_000 },
  { ...stay, claimNo: 'low', on: '2024-02-02', institution: 'T', total: 100_001 },
  { ...stay, claimNo: 'zero', on: '2024-02-03', total: 500_000, diagnosis: 'Z00.000' },
  { ...stay, claimNo: 'none', on: '2024-02-04', total: 500_000, diagnosis: 'X99' },
  { ...stay, claimNo: 'other-pool', on: '2024-02-05', total: 500_000, pool: 'employee' },
];
let database: TestDatabase;
let settlement: SettlementService;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  settlement = new SettlementService(
    pool,
    site,
    new BookReader(pool, site),
    new JournalService(pool),
  );
  await landClaims(pool, claims);
  for (const month of monthsOf('2024'))
    await settlement.settleMonth({ consortium: CONSORTIUM, month });
});
afterAll(async () => {
  await database.drop();
  rmSync(site.siteDir, { recursive: true });
});

async function cases(pool: pg.Pool, runId: string | null): Promise<readonly string[]> {
  const { rows } = await pool.query<{ text: string }>(
    `SELECT concat_ws(' ', case_no, settled_by, pool, cost_fen, booked_fen, coalesce(group_code, '-'),
       coalesce(trim_scale(points)::text, '-'), review) AS text FROM dip_case WHERE run_id = $1 ORDER BY case_no COLLATE "C"`,
    [runId],
  );
  return rows.map(({ text }) => text);
}

describe('scored cases', () => {
  it('stand under their run', async () => {
    const { runId, version } = await settlement.settleYear(request);
    expect(version).toBe(1);
    expect(await cases(database.pool, runId)).toEqual([
      'back\\slash L resident 500000 400000 J18 1000 f',
      'low T resident 100001 400000 J18 180.0018 f',
      'none L resident 500000 400000 - 800 t',
      'other-pool L employee 500000 400000 J18 1000 f',
      'zero L resident 500000 400000 Z00 - t',
    ]);
  });

  it('are neither written by a dry run nor by one that changes nothing', async () => {
    const before = await database.pool.query('SELECT count(*) FROM dip_case');
    expect(await settlement.settleYear({ ...request, dryRun: true })).toMatchObject({
      changed: false,
    });
    expect(await settlement.settleYear(request)).toMatchObject({ changed: false, version: 1 });
    const after = await database.pool.query('SELECT count(*) FROM dip_case');
    expect(after.rows).toEqual(before.rows);
  });

  it('stand anew under a new version', async () => {
    await landClaims(database.pool, [
      {
        ...stay,
        claimNo: 'refund',
        on: '2024-02-06',
        total: -100_000,
        refundOf: 'back\\slash',
        pooled: -1,
      },
      { ...stay, claimNo: 'more', on: '2024-02-07', total: 1_000_000 },
    ]);
    const { runId, version, changed } = await settlement.settleYear(request);
    expect({ version, changed }).toEqual({ version: 2, changed: true });
    const stored = await cases(database.pool, runId);
    expect(stored).toHaveLength(6);
    expect(stored[0]).toBe('back\\slash L resident 400000 399999 J18 1000 f');
    expect(stored[2]).toBe('more L resident 1000000 400000 J18 1000 t');
  });

  it.each([
    ['points', 'NEW.points := NEW.points + 0.0001'],
    ['a booked amount', 'NEW.booked_fen := NEW.booked_fen + 1'],
    ['a unit', "NEW.settled_by := 'C'"],
  ])('halt the run when %s came out differently in the database', async (_, change) => {
    await database.pool.query(`
      CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.case_no IN ('zero', 'more') THEN ${change}; END IF; RETURN NEW; END $$;
      CREATE TRIGGER spoil BEFORE INSERT ON dip_case FOR EACH ROW EXECUTE FUNCTION spoil();
      UPDATE settlement_run SET current = false, version = version + 10 WHERE kind = 'year'`);
    await expect(settlement.settleYear(request)).rejects.toThrow('核对不符');
    await database.pool.query('DROP TRIGGER spoil ON dip_case; DROP FUNCTION spoil');
    const { rows } = await database.pool.query(
      `SELECT count(*) AS runs FROM settlement_run WHERE kind = 'year' AND current`,
    );
    expect(rows).toEqual([{ runs: '0' }]);
  });

  it('read the codes from end to end and sort them, though their key would give them in order', async () => {
    const scope = { eras: ['2000-01-01'], rows: [] };
    const question = { consortium: CONSORTIUM, months: ['2024-02'], funds: ['pooled'], scope };
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN; SET LOCAL enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN ${casesOfBooks(question, true)}`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      for (const codes of ['principal', 'operation', 'other'])
        expect(plan).toMatch(new RegExp(`Sort Key: ${codes}\\.settled_on`));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
