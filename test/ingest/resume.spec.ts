import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RawBatch, ReadRequest, SourceSession } from '../../src/connectors/connector.js';
import { SourceUnreachableError } from '../../src/connectors/errors.js';
import type { BatchResult } from '../../src/ingest/batch.js';
import { BatchReader, type StreamRead } from '../../src/ingest/batch-reader.service.js';
import type { StreamConfig } from '../../src/ingest/institution-config.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ROWS = Array.from({ length: 2_500 }, (_, index) => [
  String(index),
  `2024-01-${String(1 + (index % 31)).padStart(2, '0')} 08:00:00`,
  index % 500 === 7 ? '2026-02-30' : `2024-01-01`,
]);

/** A source of numbered rows that can be made to hang up after some of them. */
class FlakySession implements SourceSession<unknown> {
  readonly askedAfter: (string | undefined)[] = [];
  dieAfter = Number.POSITIVE_INFINITY;

  probe = async () => [];
  close = async () => {};
  controlTotals = async () => ({ rows: ROWS.length, amountFen: null });

  async *read({ after, batchRows }: ReadRequest<unknown>): AsyncGenerator<RawBatch> {
    this.askedAfter.push(after);
    for (let start = Number(after ?? 0); start < ROWS.length; start += batchRows) {
      if (start >= this.dieAfter) throw new SourceUnreachableError('gone');
      const rows = ROWS.slice(start, start + batchRows);
      yield { columns: ['no', 'at', 'born'], rows, cursor: String(start + rows.length) };
    }
  }
}

const config = {
  map: {
    claimNo: { from: 'no' },
    settledAt: { from: 'at' },
    sequence: { constant: '1' },
    code: { from: 'no' },
    isPrincipal: { constant: 'true' },
    performedOn: { from: 'born' },
  },
  expect: [],
} as unknown as StreamConfig;

function readOf(session: SourceSession<unknown>): StreamRead {
  return {
    key: {
      consortium: 'test-county',
      institution: 'H1',
      stream: 'procedures',
      unit: null,
      window: { from: '2024-01-01', to: '2024-02-01' },
    },
    config,
    source: {},
    session,
    unit: null,
    settledBy: 'H1',
    level: 'secondary',
    certificateKey: '0123456789abcdef',
    batchRows: 100,
    sliceRows: 1_000,
    quarantineRows: 100,
    freshRows: 50_000,
    signal: new AbortController().signal,
  };
}

describe('a read that is cut off', () => {
  let database: TestDatabase;
  let session: FlakySession;
  const read = (): Promise<BatchResult> =>
    new BatchReader(database.pool, new JournalService(database.pool)).read(readOf(session));

  beforeEach(async () => {
    database = await createTestDatabase();
    session = new FlakySession();
  });
  afterEach(() => database.drop());

  it('keeps whole slices, goes on after them, and ends as if nothing had happened', async () => {
    const undisturbed = await read();
    await database.pool.query('DELETE FROM claim_procedure; DELETE FROM quarantine');
    session.dieAfter = 1_700;
    await expect(read()).rejects.toMatchObject({ code: 'source.unreachable' });
    const half = await database.pool.query(
      `SELECT b.state, b.resume_after, b.landed_rows, (SELECT count(*) FROM claim_procedure) AS rows
       FROM batch b ORDER BY batch_id DESC LIMIT 1`,
    );
    expect(half.rows[0]).toEqual({
      state: 'reading',
      resume_after: '1000',
      landed_rows: '998',
      rows: '998',
    });
    session.dieAfter = Number.POSITIVE_INFINITY;
    const resumed = await read();
    expect(session.askedAfter).toEqual([undefined, undefined, '1000']);
    expect(resumed).toMatchObject({ state: 'complete', landedRows: 2_495, quarantinedRows: 5 });
    expect(resumed.digest).toBe(undisturbed.digest);
    const batches = await database.pool.query('SELECT state FROM batch ORDER BY batch_id');
    expect(batches.rows.map(({ state }) => state)).toEqual(['complete', 'complete']);
  });

  it('writes nothing of a slice whose transaction fails', async () => {
    session.dieAfter = 500;
    await expect(read()).rejects.toMatchObject({ code: 'source.unreachable' });
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM claim_procedure) + (SELECT count(*) FROM raw_blob)
         + (SELECT count(*) FROM quarantine) + (SELECT count(*) FROM journal_entry) AS traces`,
    );
    expect(rows[0]?.traces).toBe('0');
  });

  it('rejects a batch that is mostly bad before it lands anything', async () => {
    const strict = { ...readOf(session), quarantineRows: 1 };
    const reader = new BatchReader(database.pool, new JournalService(database.pool));
    expect(await reader.read(strict)).toMatchObject({ state: 'rejected', landedRows: 0 });
    const { rows } = await database.pool.query('SELECT count(*) FROM claim_procedure');
    expect(rows[0]?.count).toBe('0');
  });
});
