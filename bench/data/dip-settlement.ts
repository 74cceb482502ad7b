import { POOLS } from '../../src/claims/claim.js';
import { createPool } from '../../src/database/pool.client.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import type { LoadedPackage } from '../../src/grouping/dip/rule-package.loader.js';
import { fen, sum } from '../../src/kernel/money.js';
import type { ScopeTable } from '../../src/settlement/scope-table.js';
import { openReader, storeCases } from '../../src/settlement/scored-cases.repository.js';
import { shareOut } from '../../src/settlement/shares.js';
import { once } from '../harness/database.js';
import { catalogue, DIP, rulePackage } from './dip-books.js';

/** What a settlement does with cases, by its own code: read, scored, written, rolled up by member, each pool shared out. */

export const POOL_FEN: Readonly<Record<string, bigint>> = {
  employee: 900_000_000_007n,
  resident: 2_100_000_000_011n,
};

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
export const QUESTION = { ...DIP, scope: SCOPE, funds: ['pooled'] };

export async function emptied(url: string): Promise<void> {
  await once(url, 'TRUNCATE dip_case');
  await once(
    url,
    `DROP TABLE IF EXISTS bench_rollup;
     CREATE TABLE bench_rollup (pool text, settled_by text, cases bigint, points numeric, share_fen numeric, PRIMARY KEY (pool, settled_by))`,
  );
}

/** @param query  gives the cases */
export async function scored(
  url: string,
  { runId, query }: { readonly runId: string; readonly query: string },
): Promise<void> {
  const dip: LoadedPackage = {
    ...{ rules: rulePackage(), catalogue: catalogue().catalogue, digest: '' },
  };
  const pool = createPool(url, 2);
  try {
    await withTransaction(pool, async (client) => {
      const reader = await openReader(client, pool);
      try {
        const totals = await storeCases(client, reader, { query, dip, runId });
        await client.query(
          `INSERT INTO bench_rollup SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::numeric[], $5::numeric[])`,
          columnsOf(rollUp(totals.units, totals.unitPoints())),
        );
      } finally {
        await reader.end();
      }
    });
  } finally {
    await pool.end();
  }
}

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
