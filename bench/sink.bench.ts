import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { CopyBytes } from '../src/database/copy-bytes.js';
import { copyCells } from '../src/database/copy-text.js';
import { createPool } from '../src/database/pool.client.js';
import { openCopy } from '../src/ingest/landing/copy.client.js';
import { contentOf, monthIn } from './data/month.js';
import {
  type Bench,
  type BenchContext,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { once, urlOf } from './harness/database.js';
import { psqlFromFile, psqlMissing, psqlToFile } from './harness/psql.js';

/** B2: batches of canonical rows in memory through the product's sink, against `psql COPY FROM` a file of the same rows. */

const BATCH_ROWS = 1_000;
/** What stands in memory is written so many times, so that the rows need not all fit into it. */
const TIMES = 10;
const rowsOf = ({ quick }: BenchContext) => (quick ? 2_000 : 200_000);
const fileOf = ({ folder }: BenchContext) => join(folder, 'rows.txt');

async function emptied(context: RoundContext): Promise<string> {
  const url = urlOf(context.url, 'rows_b2');
  const table = 'CREATE TABLE copied (LIKE canonical INCLUDING CONSTRAINTS)';
  await once(url, `DROP TABLE IF EXISTS copied; ${table}; CHECKPOINT`);
  return url;
}

type Row = readonly (string | null)[];

/** The same batches over and over, each made into bytes while the one before it leaves. */
async function written(client: pg.PoolClient, rows: readonly Row[]): Promise<void> {
  const sink = openCopy(client, 'COPY copied FROM STDIN');
  const [first, second] = [new CopyBytes(), new CopyBytes()];
  let leaving = Promise.resolve();
  const batches = Math.ceil(rows.length / BATCH_ROWS);
  for (let batch = 0; batch < batches * TIMES; batch += 1) {
    const out = batch % 2 === 0 ? first : second;
    const start = (batch % batches) * BATCH_ROWS;
    out.truncate(0);
    for (const row of rows.slice(start, start + BATCH_ROWS)) writeRow(out, row);
    await leaving;
    leaving = sink.write(out.written());
  }
  await leaving;
  await sink.end();
}

function writeRow(out: CopyBytes, row: Row): void {
  for (let index = 0; index < row.length; index += 1) {
    if (index > 0) out.tab();
    out.cell(row[index]);
  }
  out.endRow();
}

async function ours(context: RoundContext): Promise<Outcome> {
  const url = await emptied(context);
  const rows = readFileSync(fileOf(context), 'utf8').trimEnd().split('\n').map(copyCells);
  rows.length /= TIMES; // the file repeats them
  const pool = createPool(url, 1);
  const client = await pool.connect();
  try {
    await context.measure(() => written(client, rows));
  } finally {
    client.release();
    await pool.end();
  }
  return { units: rows.length * TIMES, result: await contentOf(url, 'copied') };
}

async function file(context: RoundContext): Promise<Outcome> {
  const url = await emptied(context);
  await context.measure(() =>
    psqlFromFile({ url, sql: 'COPY copied FROM STDIN' }, fileOf(context)),
  );
  const { rows } = await once(url, 'SELECT count(*) AS rows FROM copied');
  return { units: Number(rows), result: await contentOf(url, 'copied') };
}

export const bench: Bench = {
  code: 'B2',
  title: 'sink',
  unit: 'rows',
  missing: async () => psqlMissing(),
  async prepare(context) {
    await monthIn(context, 'b2', rowsOf(context));
    const sql = `COPY (SELECT c.* FROM generate_series(1, ${TIMES}) AS time, canonical c ORDER BY time) TO STDOUT`;
    await psqlToFile({ url: urlOf(context.url, 'rows_b2'), sql }, fileOf(context));
  },
  variants: {
    ours: { title: 'rows in memory → COPY sink', run: ours },
    file: { title: 'psql COPY FROM a file', run: file },
  },
  figures: (results) => [
    ratio(results, { label: 'B2', ours: 'ours', rival: 'file', hold: { atLeast: 0.9 } }),
  ],
};
