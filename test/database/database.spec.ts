import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TransactionUndoneError } from '../../src/database/errors.js';
import { migrateDatabase } from '../../src/database/migrate.service.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

describe('pool', () => {
  it('keeps amounts, numbers and dates as the text PostgreSQL wrote', async () => {
    const { rows } = await database.pool.query(
      `SELECT 9007199254740993::int8 AS big, 0.10::numeric AS ratio, '2024-02-29'::date AS day,
              '2024-02-29 23:59:59.123456+00'::timestamptz AS at, 7::int4 AS small, true AS yes,
              ARRAY[9007199254740993]::int8[] AS bigs, ARRAY[0.10]::numeric[] AS ratios, ARRAY['2024-02-29']::date[] AS days`,
    );
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        ratio: '0.10',
        day: '2024-02-29',
        at: '2024-02-29 23:59:59.123456+00',
        small: 7,
        yes: true,
        bigs: ['9007199254740993'],
        ratios: ['0.10'],
        days: ['2024-02-29'],
      },
    ]);
  });

  it('finds no name of the queue shadowed by ours', async () => {
    const { rows } = await database.pool.query(
      `SELECT ours.relname FROM pg_class ours JOIN pg_class theirs USING (relname)
       WHERE ours.relnamespace = 'public'::regnamespace AND theirs.relnamespace = 'bullmq'::regnamespace
       UNION ALL
       SELECT ours.proname FROM pg_proc ours JOIN pg_proc theirs USING (proname)
       WHERE ours.pronamespace = 'public'::regnamespace AND theirs.pronamespace = 'bullmq'::regnamespace`,
    );
    expect(rows).toEqual([]);
  });
});

describe('withTransaction', () => {
  beforeAll(() => database.pool.query('CREATE TABLE transaction_probe (value text)'));

  it('keeps what the work wrote when it resolves', async () => {
    const result = await withTransaction(database.pool, async (client) => {
      await client.query(`INSERT INTO transaction_probe VALUES ('kept')`);
      return 'done';
    });
    expect(result).toBe('done');
  });

  it('undoes everything when the work rejects, and passes the error on', async () => {
    const failing = withTransaction(database.pool, async (client) => {
      await client.query(`INSERT INTO transaction_probe VALUES ('lost')`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const { rows } = await database.pool.query('SELECT value FROM transaction_probe');
    expect(rows).toEqual([{ value: 'kept' }]);
  });

  it('rejects when a statement failed that the work paid no heed to: nothing was kept', async () => {
    const heedless = withTransaction(database.pool, async (client) => {
      await client.query(`INSERT INTO transaction_probe VALUES ('lost')`);
      await client.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(heedless).rejects.toThrow(TransactionUndoneError);
    const { rows } = await database.pool.query('SELECT value FROM transaction_probe');
    expect(rows).toEqual([{ value: 'kept' }]);
  });
});

describe('migrateDatabase', () => {
  it('applies nothing to a database that is current', async () => {
    expect(await migrateDatabase(database.pool)).toEqual({ applied: [] });
  });
});
