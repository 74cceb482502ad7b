import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDeductions } from '../../src/settlement/deductions.repository.js';
import type { RunKey } from '../../src/settlement/run-key.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, confirmDeduction } from './site.js';

/** A deduction that review took back: a run gives back what was taken of it, and takes nothing of what was not. */

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const given = { settledBy: 'T', month: '2024-05', fen: 5_000 };
  await confirmDeduction(database.pool, { ...given, id: 'taken', postedFen: 5_000 });
  await confirmDeduction(database.pool, { ...given, id: 'partly', postedFen: 2_000 });
  await confirmDeduction(database.pool, { ...given, id: 'untaken' });
});

afterAll(() => database.drop());

async function amounts(period: string, kind: RunKey['kind']): Promise<Record<string, bigint>> {
  const client = await database.pool.connect();
  try {
    const found = await readDeductions(client, { consortium: CONSORTIUM, kind, period }, null);
    return Object.fromEntries(found.map(({ deductionId, amount }) => [deductionId, amount]));
  } finally {
    client.release();
  }
}

describe('a deduction taken back', () => {
  it('is due as far as no run took it, until then', async () => {
    const due = { partly: 3_000n, untaken: 5_000n };
    expect(await amounts('2024', 'year')).toEqual(due);
    expect(await amounts('2024-05', 'month')).toEqual(due);
  });

  it('comes back as far as runs took it: to the month and to the year alike', async () => {
    for (const id of ['taken', 'partly', 'untaken'])
      await database.pool.query(
        `INSERT INTO deduction_reversal (consortium, deduction_id, month, amount_fen, reversed_by, reason)
         VALUES ($1, $2, '2024-05', 5000, 'carl', '认定有误')`,
        [CONSORTIUM, id],
      );
    const back = { taken: -5_000n, partly: -2_000n };
    expect(await amounts('2024', 'year')).toEqual(back);
    expect(await amounts('2024-05', 'month')).toEqual(back);
  });
});
