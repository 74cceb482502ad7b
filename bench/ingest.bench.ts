import { createPool } from '../src/database/pool.client.js';
import { feesIn } from './data/fees.js';
import { HOSPITAL, hospitalSite, ingestOf, optionsOf } from './data/hospital.js';
import {
  type Bench,
  type BenchContext,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { createDatabase, dropDatabase, migrated, once, urlOf } from './harness/database.js';
import { psqlMissing, psqlPipe } from './harness/psql.js';

/** B1: a month of fee lines from a cursor into a fresh partition, against the bare pipe of the same rows. */

const rowsOf = ({ quick }: BenchContext) => (quick ? 20_000 : 2_000_000);
const WINDOW = { from: '2024-01-01', to: '2024-02-01' };

async function ours(context: RoundContext): Promise<Outcome> {
  const name = `b1_${context.round}`;
  const url = await migrated(context.url, name);
  const his = urlOf(context.url, 'b1_his');
  const site = hospitalSite(context.folder, { connector: 'postgres', options: optionsOf(his) });
  const pool = createPool(url, 4);
  try {
    const ingest = ingestOf(pool, site);
    const signal = new AbortController().signal;
    const pulled = await context.measure(() =>
      ingest.pull({ institution: HOSPITAL, window: WINDOW }, signal),
    );
    const [batch] = pulled.batches;
    if (batch?.state !== 'complete') throw new Error(`${pulled.state}: ${batch?.message}`);
    return { units: rowsOf(context), result: null };
  } finally {
    await pool.end();
    await dropDatabase(context.url, name);
  }
}

async function pipe(context: RoundContext): Promise<Outcome> {
  const his = urlOf(context.url, 'b1_his');
  await once(his, 'DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE fee)');
  await context.measure(() =>
    psqlPipe({
      from: { url: his, sql: 'COPY (SELECT * FROM fee) TO STDOUT' },
      to: { url: his, sql: 'COPY copied FROM STDIN' },
    }),
  );
  return { units: rowsOf(context), result: null };
}

export const bench: Bench = {
  code: 'B1',
  title: 'ingest',
  unit: 'rows',
  missing: async () => psqlMissing(),
  async prepare(context) {
    const his = await createDatabase(context.url, 'b1_his');
    await feesIn(his, { rows: rowsOf(context), month: '2024-01', seed: 1 });
  },
  variants: {
    ours: { title: 'cursor → map, checks, totals, rejects → fresh partition', run: ours },
    pipe: { title: 'psql COPY TO | COPY FROM', run: pipe },
  },
  figures: (results) => [
    ratio(results, { label: 'ours ÷ pipe', ours: 'ours', rival: 'pipe', hold: { atLeast: 0.5 } }),
  ],
};
