import { casesOfBooks } from '../src/settlement/dip-cases.repository.js';
import { catalogue, staysIn } from './data/dip-books.js';
import { emptied, POOL_FEN, QUESTION, scored } from './data/dip-settlement.js';
import { CASES_OF_BOOKS, dipScript, dipTables, READY_CASES } from './data/dip-sql.js';
import {
  type Bench,
  type BenchContext,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { migrated, once, urlOf } from './harness/database.js';

/**
 * B7: a year's DIP cases of thirty members and two pools, to points by case, the roll-up by member, and each member's part of its pool:
 * what a settlement does with cases, against a script in numeric that writes the same rows. Once from cases that lie ready in a table,
 * once from the claims of the books, where both sides first let PostgreSQL net refunds and join codes.
 */

const DATABASE = 'b7';
const RUN = '1';
const casesOf = ({ quick }: BenchContext): number => (quick ? 10_000 : 1_000_000);

/** Equal to the fen and the last place of the points, case by case and member by member. */
async function stored(context: RoundContext, url: string): Promise<Outcome> {
  const { digest } = await once(
    url,
    `SELECT (SELECT count(*) || ' ' || sum(hashtextextended(concat_ws(' ', institution, case_no, pool, settled_by, cost_fen, booked_fen,
         group_code, trim_scale(points), review), 0)::numeric) FROM dip_case WHERE run_id = ${RUN})
       || ' ' || (SELECT sum(share_fen) || ' ' || sum(hashtextextended(concat_ws(' ', pool, settled_by, cases, trim_scale(points),
         trim_scale(share_fen)), 0)::numeric) FROM bench_rollup) AS digest`,
  );
  return { units: casesOf(context), result: String(digest) };
}

const ours =
  (query: string) =>
  async (context: RoundContext): Promise<Outcome> => {
    const url = urlOf(context.url, DATABASE);
    await emptied(url);
    await context.measure(() => scored(url, { runId: RUN, query }));
    return stored(context, url);
  };

const bySql =
  (cases: string) =>
  async (context: RoundContext): Promise<Outcome> => {
    const url = urlOf(context.url, DATABASE);
    await emptied(url);
    await context.measure(() => once(url, `BEGIN; ${dipScript(RUN, POOL_FEN, cases)}; COMMIT`));
    return stored(context, url);
  };

const READY = 'SELECT * FROM bench_case';

export const bench: Bench = {
  code: 'B7',
  title: 'settlement',
  unit: 'cases',
  async prepare(context) {
    const url = await migrated(context.url, DATABASE);
    await staysIn(url, casesOf(context));
    await dipTables(url, catalogue().entries);
    await once(url, `CREATE TABLE bench_case AS ${casesOfBooks(QUESTION)}`);
    await once(url, 'VACUUM ANALYZE bench_case');
  },
  variants: {
    ours: {
      title: 'cases read, scored in exact integers, written and added up again',
      run: ours(READY),
    },
    sql: { title: 'a script in numeric', run: bySql(READY_CASES) },
    fromBooks: {
      title: 'the same from the claims of the books',
      run: ours(casesOfBooks(QUESTION)),
    },
    sqlFromBooks: { title: 'a script in numeric from the claims', run: bySql(CASES_OF_BOOKS) },
  },
  figures: (results) => [
    ratio(results, {
      label: 'ours ÷ SQL, 0 fen apart',
      ours: 'ours',
      rival: 'sql',
      hold: { atLeast: 2.5 },
    }),
    ratio(results, {
      label: 'from the claims of the books',
      ours: 'fromBooks',
      rival: 'sqlFromBooks',
      hold: null,
    }),
  ],
};
