import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import type { RawBatch, ReadRequest, SourceSession } from '../../src/connectors/connector.js';
import { SourceUnreachableError } from '../../src/connectors/errors.js';
import type { BatchResult } from '../../src/ingest/batch.js';
import { BatchReader, type StreamRead } from '../../src/ingest/batch-reader.service.js';
import type { StreamConfig } from '../../src/ingest/institution-config.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/**
 * A month can land in two ways: merged slice by slice, or copied into a table of its own that takes its place at the end. Whatever the
 * source gives and whatever happens on the way, nobody must be able to tell afterwards which it was.
 */

const COLUMNS = ['claim', 'at', 'line', 'code', 'amount'];
type Row = readonly (string | null)[];

/** A source that may hang up once, and lets something happen when it does. */
class Hospital implements SourceSession<unknown> {
  dieAt = Number.POSITIVE_INFINITY;

  constructor(readonly rows: readonly Row[]) {}

  probe = async () => [];
  close = async () => {};
  controlTotals = async () => ({ rows: this.rows.length, amountFen: null });

  async *read({ after, batchRows }: ReadRequest<unknown>): AsyncGenerator<RawBatch> {
    for (let start = Number(after ?? 0); start < this.rows.length; start += batchRows) {
      if (start >= this.dieAt) {
        this.dieAt = Number.POSITIVE_INFINITY;
        throw new SourceUnreachableError('gone');
      }
      const rows = this.rows.slice(start, start + batchRows);
      yield { columns: COLUMNS, rows, cursor: String(start + rows.length) };
    }
  }
}

const config = {
  map: {
    claimNo: { from: 'claim' },
    settledAt: { from: 'at' },
    lineNo: { from: 'line' },
    chargedAt: { from: 'at' },
    institutionItemCode: { from: 'code' },
    itemName: { from: 'code' },
    itemKind: { constant: 'drug' },
    quantity: { constant: '1' },
    unitPrice: { from: 'amount' },
    lineAmount: { from: 'amount' },
    eligibleAmount: { from: 'amount' },
  },
  expect: [],
} as unknown as StreamConfig;

const FRESH = 1;
const MERGED = 1_000_000;

function readOf(session: SourceSession<unknown>, freshRows: number): StreamRead {
  return {
    key: {
      consortium: 'c',
      institution: 'H1',
      stream: 'lines',
      unit: null,
      window: { from: '2024-01-01', to: '2024-02-01' },
    },
    config,
    source: {},
    session,
    unit: null,
    settledBy: 'H1',
    level: 'secondary',
    rank: 0,
    certificateKey: '0123456789abcdef',
    batchRows: 3,
    sliceRows: 9,
    quarantineRows: 1_000,
    freshRows,
    signal: new AbortController().signal,
  };
}

/** Everything that a read leaves, but for numbers that count attempts. */
async function left(pool: pg.Pool) {
  const { rows } = await pool.query(`SELECT
    (SELECT json_agg(l ORDER BY settled_on, claim_no, line_no) FROM (SELECT consortium, settled_on, institution, claim_no,
      line_no, content_hash, raw_row, charged_on, charged_time, item_code, institution_item_code, item_name, item_kind, quantity,
      unit_price, line_amount_fen, line_eligible_fen, prescription_no, department, doctor FROM claim_line) l) AS lines,
    (SELECT json_agg(b ORDER BY batch_id) FROM (SELECT dense_rank() OVER (ORDER BY batch_id) AS batch_id, state, landed_rows,
      landed_fen, quarantined_rows, quarantined_fen, new_rows, changed_rows, same_rows, repeated_rows, digest, resume_after
      FROM batch) b) AS batches,
    (SELECT json_agg(q ORDER BY row_hash) FROM (SELECT row_hash, raw_row, rule, field, message, amount_fen, natural_key, state,
      resolved_by_batch IS NULL AS unresolved FROM quarantine) q) AS quarantine,
    (SELECT json_agg(s ORDER BY slice) FROM (SELECT slice, first_row, rows, blob_digest, digest FROM batch_slice) s) AS slices,
    (SELECT count(*) FROM fresh_partition) AS unplaced`);
  return rows[0];
}

const partitions = async (pool: pg.Pool): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relid::text AS name FROM pg_partition_tree('claim_line') WHERE isleaf ORDER BY 1`,
  );
  return rows.map(({ name }) => name.replace(/_[0-9a-f]{10}$/, '_own'));
};

const CODES = `
  INSERT INTO code_map (consortium, institution, kind, local_code, valid_from, valid_to, national_code, proposed_by, approved_by)
  VALUES ('c', 'H1', 'item', 'L1', '2020-01-01', NULL, 'N1', 'a', 'b'),
         ('c', 'H1', 'item', 'L2', '2020-01-01', '2024-01-02', 'N2', 'a', 'b'), ('c', 'H1', 'item', 'L2', '2024-01-02', NULL, 'N3', 'a', 'b')`;
const CLEAR = `TRUNCATE claim_line, batch, batch_slice, raw_blob, quarantine, code_map, settlement_period, withdrawn_row,
  fresh_partition CASCADE`;
const DROP_OWN = `DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT relname FROM pg_class WHERE relname ~ '^claim_line_\\d{4}_\\d{2}_[0-9a-f]{10}$' AND relkind = 'r' LOOP
    EXECUTE 'DROP TABLE ' || t; END LOOP; END $$`;

describe('a month that is copied into a table of its own', () => {
  let database: TestDatabase;
  const reader = (journal = new JournalService(database.pool)) =>
    new BatchReader(database.pool, journal);

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(() => database.pool.query(CODES));
  afterEach(async () => {
    await database.pool.query(CLEAR);
    await database.pool.query(DROP_OWN);
  });
  afterAll(() => database.drop());

  interface Course {
    readonly rows: readonly Row[];
    /** Rows after which the source hangs up once; then something happens, and the read goes on. */
    readonly dieAt?: number;
    readonly meanwhile?: string;
  }

  /** Reads to the end, once more where the source hung up. */
  async function course(
    { rows, dieAt, meanwhile }: Course,
    freshRows: number,
  ): Promise<BatchResult> {
    const hospital = new Hospital(rows);
    if (dieAt !== undefined && dieAt < rows.length) {
      hospital.dieAt = dieAt;
      await expect(reader().read(readOf(hospital, freshRows))).rejects.toThrow('gone');
      if (meanwhile !== undefined) await database.pool.query(meanwhile);
    }
    return reader().read(readOf(hospital, freshRows));
  }

  /** The same course by both ways, on the same empty books. */
  async function bothWays(given: Course) {
    const merged = await course(given, MERGED);
    const afterMerge = await left(database.pool);
    await database.pool.query(CLEAR);
    await database.pool.query(CODES);
    const copied = await course(given, FRESH);
    const afterCopy = await left(database.pool);
    const own = await partitions(database.pool);
    expect({ ...copied, batchId: null }).toEqual({ ...merged, batchId: null });
    expect(afterCopy).toEqual(afterMerge);
    return own;
  }

  const good = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) => [
      `C${Math.trunc(index / 5)}`,
      `2024-01-0${1 + (index % 3 === 0 ? 0 : 1)} 08:00:0${index % 10}`,
      String(index % 5),
      ['L1', 'L2', 'L9'][index % 3] ?? '',
      `${index}.50`,
    ]);

  it('has its own partition, its key, and rows like merged ones', async () => {
    expect(await bothWays({ rows: good(40) })).toEqual([
      'claim_line_2024_01_own',
      'claim_line_2024_01_rest',
    ]);
    const { rows } = await database.pool.query(
      `SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname ~ '^claim_line_2024_01_[0-9a-f]{10}$'`,
    );
    expect(rows[0]?.count).toBe('2');
  });

  it('goes on after an interruption between slices, with nothing to be seen of it before its end', async () => {
    const hospital = new Hospital(good(40));
    hospital.dieAt = 24;
    await expect(reader().read(readOf(hospital, FRESH))).rejects.toThrow('gone');
    const half = await database.pool.query(
      'SELECT (SELECT count(*) FROM claim_line) AS seen, (SELECT sum(landed_rows) FROM fresh_partition) AS waiting',
    );
    expect(half.rows[0]).toEqual({ seen: '0', waiting: '18' });
    await database.pool.query(CLEAR);
    await database.pool.query(DROP_OWN);
    await database.pool.query(CODES);
    expect(await bothWays({ rows: good(40), dieAt: 24 })).toContain('claim_line_2024_01_own');
  });

  it('is put in its place when the end of the batch fails and is tried again', async () => {
    class Failing extends JournalService {
      override async append(): Promise<never> {
        throw new Error('killed while attaching');
      }
    }
    const rows = good(40);
    const killed = reader(new Failing(database.pool)).read(readOf(new Hospital(rows), FRESH));
    await expect(killed).rejects.toThrow('killed');
    expect(await partitions(database.pool)).toEqual(['claim_line_2024_01_rest']);
    const result = await reader().read(readOf(new Hospital(rows), FRESH));
    expect(result).toMatchObject({ state: 'complete', landedRows: 40, newRows: 40 });
    expect(await partitions(database.pool)).toContain('claim_line_2024_01_own');
  });

  it.each<[string, Course]>([
    [
      'the month is closed',
      {
        rows: good(40),
        dieAt: 24,
        meanwhile: `INSERT INTO settlement_period VALUES ('c', '2024-01', now(), 1)`,
      },
    ],
    [
      'a code is mapped',
      {
        rows: good(40),
        dieAt: 24,
        meanwhile: `INSERT INTO code_map (consortium, institution, kind, local_code, valid_from,
        national_code, proposed_by, approved_by) VALUES ('c', 'H1', 'item', 'L9', '2020-01-01', 'N9', 'a', 'b');
        UPDATE claim_line l SET item_code = 'N9' WHERE institution_item_code = 'L9' AND item_code IS NULL`,
      },
    ],
    [
      'somebody asks for the lines',
      { rows: good(40), dieAt: 24, meanwhile: `SELECT adopt_fresh_partitions('c', 'H1')` },
    ],
    [
      'the merge brings a line of the month',
      { rows: good(40), dieAt: 24, meanwhile: `SELECT adopt_fresh_partitions(NULL, NULL)` },
    ],
  ])('comes to the same when meanwhile %s', async (_, given) => {
    await bothWays(given);
  });

  it('merges a second batch of the month into its partition', async () => {
    const rows = good(40);
    const more = [
      ...rows.slice(0, 30),
      ...rows.slice(30).map((row) => [...row.slice(0, 4), '7.00']),
      ['D', '2024-01-05', '1', 'L1', '1.00'],
    ];
    const twice = async (freshRows: number) => {
      await reader().read(readOf(new Hospital(rows), freshRows));
      return reader().read(readOf(new Hospital(more), freshRows));
    };
    const merged = await twice(MERGED);
    const afterMerge = await left(database.pool);
    await database.pool.query(CLEAR);
    await database.pool.query(CODES);
    const copied = await twice(FRESH);
    expect(copied).toMatchObject({ newRows: 1, changedRows: 10, sameRows: 30 });
    expect({ ...copied, batchId: null }).toEqual({ ...merged, batchId: null });
    expect(await left(database.pool)).toEqual(afterMerge);
  });

  const row = fc
    .record({
      claim: fc.constantFrom('C1', 'C2', 'C\\3'),
      day: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom('2024-01-01', '2024-01-02 10:00:00') },
        { weight: 1, arbitrary: fc.constantFrom('2023-12-31', '2024-02-30') },
      ),
      line: fc.constantFrom('1', '2', '3', '10', '11', 'x', 'y', '2000', '2001'),
      code: fc.constantFrom('L1', 'L2', 'L9'),
      amount: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom('1.00', '2.50') },
        { weight: 1, arbitrary: fc.constantFrom('1.005', null) },
      ),
    })
    .map(({ claim, day, line, code, amount }): Row => [claim, day, line, code, amount]);
  /** Mostly keys that come once, in order; now and then rows that do not behave. */
  const month = fc
    .tuple(fc.integer({ min: 20, max: 45 }), fc.array(fc.tuple(fc.nat(60), row), { maxLength: 6 }))
    .map(([count, odd]) =>
      odd.reduce<Row[]>(
        (rows, [place, each]) => rows.toSpliced(Math.min(place, rows.length), 0, each),
        good(count),
      ),
    );

  it('leaves what merging leaves, whatever the source gives and wherever it hangs up', async () => {
    await fc.assert(
      fc.asyncProperty(
        month,
        fc.option(fc.integer({ min: 9, max: 40 }), { nil: undefined }),
        async (rows, dieAt) => {
          await database.pool.query(CLEAR);
          await database.pool.query(DROP_OWN);
          await database.pool.query(CODES);
          await bothWays(dieAt === undefined ? { rows } : { rows, dieAt: dieAt - (dieAt % 3) });
        },
      ),
      { numRuns: 40 },
    );
  }, 300_000);
});
