import { POOLS } from '../src/claims/claim.js';
import { createPool } from '../src/database/pool.client.js';
import { withTransaction } from '../src/database/transaction.repository.js';
import type { LoadedPackage } from '../src/grouping/dip/rule-package.loader.js';
import { fen, sum } from '../src/kernel/money.js';
import { casesOfBooks } from '../src/settlement/dip-cases.repository.js';
import type { ScopeTable } from '../src/settlement/scope-table.js';
import { openReader, storeCases } from '../src/settlement/scored-cases.repository.js';
import { shareOut } from '../src/settlement/shares.js';
import { catalogue, DIP, rulePackage, staysIn } from './data/dip-books.js';
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
const POOL_FEN: Readonly<Record<string, bigint>> = {
  employee: 900_000_000_007n,
  resident: 2_100_000_000_011n,
};
const casesOf = ({ quick }: BenchContext): number => (quick ? 10_000 : 1_000_000);

/** Stays are in scope whatever else they are. */
const SCOPE: ScopeTable = {
  eras: ['2000-01-01'],
  rows: [
    {
      era: 1,
      careType: 'inpatient',
      treatmentArea: 'local',
      channel: 'direct',
      cause: 'ordinary',
      bucket: 'inpatient',
    },
  ],
};
const QUESTION = { ...DIP, scope: SCOPE, funds: ['pooled'] };

async function emptied(url: string): Promise<void> {
  await once(url, 'TRUNCATE dip_case');
  await once(
    url,
    `DROP TABLE IF EXISTS bench_rollup;
     CREATE TABLE bench_rollup (pool text, settled_by text, cases bigint, points numeric, share_fen numeric, PRIMARY KEY (pool, settled_by))`,
  );
}

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
    const dip: LoadedPackage = {
      rules: rulePackage(),
      catalogue: catalogue().catalogue,
      digest: '',
    };
    const pool = createPool(url, 2);
    try {
      await context.measure(() =>
        withTransaction(pool, async (client) => {
          const reader = await openReader(client, pool);
          try {
            const totals = await storeCases(client, reader, { query, dip, runId: RUN });
            await client.query(
              `INSERT INTO bench_rollup SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::numeric[], $5::numeric[])`,
              columnsOf(rollUp(totals.units, totals.unitPoints())),
            );
          } finally {
            await reader.end();
          }
        }),
      );
    } finally {
      await pool.end();
    }
    return stored(context, url);
  };

type Totals = Awaited<ReturnType<typeof storeCases>>;

/** As the settlement steps have it: cases without points at their booked amount, the rest of the pool by points. */
function rollUp(units: Totals['units'], points: ReturnType<Totals['unitPoints']>) {
  return POOLS.flatMap((pool) => {
    const own = [...points]
      .filter(([key]) => key.startsWith(`${pool} `))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const paid = sum(own.map(([, { paidAtActual }]) => paidAtActual));
    const shares = shareOut(
      fen((POOL_FEN[pool] ?? 0n) - paid),
      own.map(([, unit]) => unit.points),
    );
    return own.map(([key, unit], index) => [
      pool,
      key.slice(pool.length + 1),
      String(units.get(key)?.cases ?? 0),
      unit.points.toFixed(),
      String(unit.paidAtActual + (shares[index] ?? 0n)),
    ]);
  });
}

function columnsOf(rows: readonly (readonly string[])[]): string[][] {
  return [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column] ?? ''));
}

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
