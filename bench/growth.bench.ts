import { createPool } from '../src/database/pool.client.js';
import { feesIn } from './data/fees.js';
import { HOSPITAL, hospitalSite, ingestOf, optionsOf } from './data/hospital.js';
import {
  type Bench,
  type Measurement,
  median,
  type Outcome,
  type RoundContext,
} from './harness/bench.js';
import { createDatabase, dropDatabase, migrated, once } from './harness/database.js';

/** B3: month after month pulled into the same books; the last months take as long as the first. */

const monthsOf = (quick: boolean): readonly string[] =>
  Array.from({ length: quick ? 4 : 24 }, (_, index) => {
    const month = String((index % 12) + 1).padStart(2, '0');
    return `${2022 + Math.trunc(index / 12)}-${month}`;
  });
const rowsOf = (quick: boolean) => (quick ? 52_000 : 300_000);

async function months(context: RoundContext): Promise<Outcome> {
  const { quick } = context;
  const his = await createDatabase(context.url, 'b3_his');
  const url = await migrated(context.url, 'b3_own');
  const pool = createPool(url, 4);
  const seconds: Record<string, number> = {};
  try {
    const site = hospitalSite(context.folder, { connector: 'postgres', options: optionsOf(his) });
    const ingest = ingestOf(pool, site);
    const { signal } = new AbortController();
    for (const month of monthsOf(quick)) {
      await once(his, 'DROP TABLE IF EXISTS fee');
      await feesIn(his, { rows: rowsOf(quick), month, seed: 1 });
      await once(url, 'CHECKPOINT');
      const request = { institution: HOSPITAL, window: windowOf(month) };
      const begun = performance.now();
      const pulled = await context.measure(() => ingest.pull(request, signal));
      seconds[month] = (performance.now() - begun) / 1000;
      if (pulled.state !== 'complete') throw new Error(`${month}: ${pulled.state}`);
    }
    const parts = await once(
      url,
      `SELECT count(*) AS n FROM pg_partition_tree('claim_line') WHERE isleaf`,
    );
    if (Number(parts['n']) !== 2 * monthsOf(quick).length) throw new Error('a month was merged');
  } finally {
    await pool.end();
    await dropDatabase(context.url, 'b3_own');
    await dropDatabase(context.url, 'b3_his');
  }
  const units = rowsOf(quick) * monthsOf(quick).length;
  return { units, result: null, extra: seconds };
}

function windowOf(month: string) {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return { from: `${month}-01`, to: `${next}-01` };
}

/** Median of the last sixth ÷ that of the first: four months of twenty-four. */
function growth({ extra = {} }: Measurement): number {
  const seconds = Object.values(extra);
  const some = Math.max(1, Math.trunc(seconds.length / 6));
  return median(seconds.slice(-some)) / median(seconds.slice(0, some));
}

export const bench: Bench = {
  code: 'B3',
  title: 'flat growth',
  unit: 'rows',
  prepare: async () => {},
  variants: { months: { title: '24 months of 300,000 rows, one after another', run: months } },
  figures({ months: rounds = [] }) {
    const each = rounds.map(growth);
    const range = [Math.min(...each), Math.max(...each)] as const;
    const hold = { atMost: 1.1 };
    return [{ label: 'B3 last four ÷ first four', value: median(each), range, hold, places: 2 }];
  },
};
