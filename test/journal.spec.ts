import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withTransaction } from '../src/database/transaction.repository.js';
import { JournalService } from '../src/journal/journal.service.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const consortium = 'county';
let database: TestDatabase;
let journal: JournalService;

beforeAll(async () => {
  database = await createTestDatabase();
  journal = new JournalService(database.pool);
});
afterAll(() => database.drop());

/** As the owner of the database could do it: the triggers are switched off for this one statement. */
function tamper(statement: string): Promise<void> {
  return withTransaction(database.pool, async (client) => {
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(statement);
  });
}

const entry = (number: number) => ({
  kind: 'batch' as const,
  subject: `batch:${number}`,
  content: { rows: number, total: BigInt(number) * 100n, note: '甲' },
});

beforeEach(async () => {
  await tamper('DELETE FROM journal_entry');
  await tamper('DELETE FROM journal_head');
  for (const count of [1, 2, 3, 4, 5]) {
    await withTransaction(database.pool, (client) =>
      journal.append(client, { consortium, ...entry(count) }),
    );
  }
});

describe('journal', () => {
  it('verifies what it wrote and gives the head', async () => {
    expect(await journal.verify({ consortium })).toEqual({
      consortium,
      head: await journal.head(consortium),
      fault: null,
    });
    expect((await journal.head(consortium)).seq).toBe('5');
    expect(await journal.consortiums()).toEqual([consortium]);
  });

  it('refuses to change, delete or truncate entries', async () => {
    for (const statement of [
      'UPDATE journal_entry SET subject = subject',
      'DELETE FROM journal_entry',
      'TRUNCATE journal_entry',
    ]) {
      await expect(database.pool.query(statement)).rejects.toThrow('append-only');
    }
  });

  it.each([
    {
      change: `UPDATE journal_entry SET content = '{"rows": 30}' WHERE seq = 3`,
      what: 'content',
      seq: '3',
    },
    {
      change: `UPDATE journal_entry SET subject = 'batch:9' WHERE seq = 2`,
      what: 'entry',
      seq: '2',
    },
    {
      change: `UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE seq = 4`,
      what: 'entry',
      seq: '4',
    },
    { change: 'DELETE FROM journal_entry WHERE seq = 3', what: 'missing', seq: '3' },
    { change: 'DELETE FROM journal_entry WHERE seq >= 4', what: 'missing', seq: '4' },
    { change: 'UPDATE journal_entry SET seq = seq + 10 WHERE seq = 5', what: 'missing', seq: '5' },
    { change: 'UPDATE journal_head SET seq = 4', what: 'head', seq: '5' },
  ])('names the first bad row after: $change', async ({ change, what, seq }) => {
    await tamper(change);
    expect((await journal.verify({ consortium })).fault).toEqual({ what, seq });
  });

  it('finds a tail cut together with its head by the head noted earlier', async () => {
    const anchor = await journal.head(consortium);
    await tamper('DELETE FROM journal_entry WHERE seq = 5');
    await tamper(
      'UPDATE journal_head SET seq = 4, entry_hash = (SELECT entry_hash FROM journal_entry WHERE seq = 4)',
    );
    expect((await journal.verify({ consortium })).fault).toBeNull();
    expect((await journal.verify({ consortium, anchor })).fault).toEqual({
      what: 'missing',
      seq: '5',
    });
  });

  it('leaves nothing behind when the caller rolls back', async () => {
    const failed = withTransaction(database.pool, async (client) => {
      await journal.append(client, { consortium, ...entry(6) });
      throw new Error('business failed');
    });
    await expect(failed).rejects.toThrow('business failed');
    expect((await journal.verify({ consortium })).head.seq).toBe('5');
  });

  it('keeps one unbroken chain a consortium when many append at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        withTransaction(database.pool, (client) =>
          journal.appendAll(client, index % 2 === 0 ? consortium : 'other', [
            entry(index),
            entry(index + 100),
          ]),
        ),
      ),
    );
    expect(await journal.verify({ consortium })).toMatchObject({
      head: { seq: '25' },
      fault: null,
    });
    expect(await journal.verify({ consortium: 'other' })).toMatchObject({
      head: { seq: '20' },
      fault: null,
    });
  });
});
