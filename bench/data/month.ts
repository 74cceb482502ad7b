import type pg from 'pg';
import { createPool } from '../../src/database/pool.client.js';
import type { LineScreen } from '../../src/ingest/mapping/line-screen.js';
import {
  type BenchContext,
  type Figure,
  type Measurement,
  median,
  type Outcome,
  type RoundContext,
} from '../harness/bench.js';
import { createDatabase, dropDatabase, migrated, once, urlOf } from '../harness/database.js';
import { psqlPipe } from '../harness/psql.js';
import { feesIn } from './fees.js';
import { CONSORTIUM, HOSPITAL, type HospitalSource, hospitalSite, ingestOf } from './hospital.js';

/** A month of fee lines at a hospital, and the very rows that must come of it, in a table defined as the gateway's own. */

export const MONTH = '2024-01';
export const WINDOW = { from: '2024-01-01', to: '2024-02-01' };

const COLUMNS = `settled_on, claim_no, line_no, charged_on, charged_time, item_code, institution_item_code, item_name, item_kind,
  quantity, unit_price, line_amount_fen, line_eligible_fen, prescription_no, department, doctor`;

/** Makes `his_<name>` with the hospital's rows and `rows_<name>` with the canonical ones. */
export async function monthIn(context: BenchContext, name: string, rows: number): Promise<void> {
  const his = await createDatabase(context.url, `his_${name}`);
  await feesIn(his, { rows, month: MONTH, seed: 1 });
  const target = await migrated(context.url, `rows_${name}`);
  await once(target, `CREATE TABLE canonical (LIKE claim_line INCLUDING CONSTRAINTS)`);
  await psqlPipe({
    from: { url: his, sql: `COPY (${CANONICAL}) TO STDOUT` },
    to: { url: target, sql: 'COPY canonical FROM STDIN' },
  });
  await once(target, 'ANALYZE canonical');
}

/** The mapping once more, in SQL: what a good row becomes. Nothing of the product takes part. */
const CANONICAL = `
  SELECT '${CONSORTIUM}', 结算时间::date, '${HOSPITAL}', 结算号, 明细号, left(md5(结算号 || 明细号), 16), 1,
    row_number() OVER (ORDER BY 结算时间, 结算号, 明细号) - 1, 发生时间::date, 发生时间::time,
    CASE WHEN substr(项目, 3)::int % 50 < 49 THEN 'XN' || lpad((substr(项目, 3)::int * 7)::text, 20, '0') END, 项目, 名称,
    (ARRAY['drug', 'service', 'tcm-piece', 'material'])[类别::int], 数量, 单价, (金额 * 100)::bigint, (范围内 * 100)::bigint,
    处方号, 科室, 医师, NULL, NULL, NULL -- the hospital keeps no fee class, days of supply or trace codes
  FROM fee WHERE 项目 <> '' AND 类别 <> '99' AND abs(金额 - 数量 * 单价) <= 0.01 AND 范围内 <= 金额
  ORDER BY 结算时间, 结算号, 明细号`;

/** Rows, money and a digest of everything that the source decides, whatever order the rows stand in. */
export async function contentOf(url: string, table: string): Promise<string> {
  const { text } = await once(
    url,
    `SELECT concat_ws(' ', count(*), sum(line_amount_fen), sum(hashtextextended(ROW(${COLUMNS})::text, 0)::numeric)) AS text FROM ${table}`,
  );
  return String(text);
}

/** The bare pipe of the same rows into a table of the same definition. */
export async function pipedMonth(
  context: RoundContext,
  name: string,
  { indexes = '' }: { readonly indexes?: string } = {},
): Promise<Outcome> {
  const url = urlOf(context.url, `rows_${name}`);
  await once(
    url,
    `DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE canonical INCLUDING CONSTRAINTS); ${indexes}; CHECKPOINT`,
  );
  await context.measure(() =>
    psqlPipe({
      from: { url, sql: 'COPY canonical TO STDOUT' },
      to: { url, sql: 'COPY copied FROM STDIN' },
    }),
  );
  const { rows } = await once(url, 'SELECT count(*) AS rows FROM copied');
  return { units: Number(rows), result: await contentOf(url, 'copied') };
}

export interface Pull extends HospitalSource {
  readonly screen?: (pool: pg.Pool) => Promise<LineScreen>;
  /** Made before the clock runs, in the gateway's database. */
  readonly before?: (url: string) => Promise<void>;
  /** @throws when what was done is wrong */
  readonly after?: (url: string) => Promise<void>;
}

/** The product's way: a pull of the month, as the nightly job would call it, into an empty database of its own. */
export async function pulledMonth(context: RoundContext, pull: Pull): Promise<Outcome> {
  const name = `own_${process.pid}`;
  const url = await migrated(context.url, name);
  const site = hospitalSite(context.folder, pull);
  const pool = createPool(url, 4);
  const adoption = new StatementClock(pool, 'adopt_fresh_partition');
  try {
    await pull.before?.(url);
    const ingest = ingestOf(pool, site);
    await once(url, 'CHECKPOINT');
    const { signal } = new AbortController();
    const request = { institution: HOSPITAL, window: WINDOW };
    const pulled = await context.measure(async () =>
      ingest.pull(request, signal, await pull.screen?.(pool)),
    );
    const [batch] = pulled.batches;
    if (batch?.state !== 'complete') throw new Error(`${pulled.state}: ${batch?.message}`);
    await pull.after?.(url);
    const result = await contentOf(url, 'claim_line');
    const extra = { adoptionSeconds: adoption.seconds, refused: batch.quarantinedRows };
    return { units: batch.landedRows + batch.quarantinedRows, result, extra };
  } finally {
    await pool.end();
    await dropDatabase(context.url, name);
  }
}

/** Adds up how long statements that hold a text take on a pool's connections. */
class StatementClock {
  seconds = 0;

  constructor(pool: pg.Pool, text: string) {
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      const timed = (...given: unknown[]): unknown => {
        const [first] = given;
        const answer = query(...given);
        if (typeof first !== 'string' || !first.includes(text)) return answer;
        const begun = performance.now();
        return (answer as Promise<unknown>).finally(() => {
          this.seconds += (performance.now() - begun) / 1000;
        });
      };
      Object.assign(client, { query: timed });
    });
  }
}

/** Rows a second up to the moment when all of them stand in the table, before its key is built. */
function landing({ units, wallSeconds, extra }: Measurement): number {
  return units / (wallSeconds - (extra?.['adoptionSeconds'] ?? 0));
}

export function landedRatio(
  label: string,
  atLeast: number,
  [ours = [], pipe = []]: readonly (readonly Measurement[] | undefined)[],
): Figure {
  const theirs = pipe.map(({ units, wallSeconds }) => units / wallSeconds);
  const pairs = ours.map((each, index) => landing(each) / (theirs[index] ?? Number.NaN));
  const value = median(ours.map(landing)) / median(theirs);
  const range: Figure['range'] = [Math.min(...pairs), Math.max(...pairs)];
  return { label, value, range, hold: { atLeast }, places: 2 };
}
