import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Stream } from '../fields.js';
import {
  type DaySpan,
  landedStatement,
  type MergeStatements,
  mergeStatements,
} from './merge-statements.js';
import { REGISTER_FROM_CLAIMS, RESOLVE_NUMBER, refuseConflicts } from './person-statements.js';

/** Whose rows they are; the same for every row of a batch. */
export interface Landing {
  readonly consortium: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly level: string;
  readonly batchId: string;
  readonly stream: Stream;
}

/** A row that was well formed but may not be merged. */
export interface MergeRefusal {
  readonly rule: 'person-conflict' | 'period-closed';
  readonly rawRow: number;
  readonly amountFen: bigint;
  readonly naturalKey: string;
}

export interface MergeOutcome {
  readonly landedRows: number;
  readonly landedFen: bigint;
  readonly newRows: number;
  readonly changedRows: number;
  readonly sameRows: number;
  readonly repeatedRows: number;
  readonly refusals: readonly MergeRefusal[];
}

const ensured = new WeakMap<pg.Pool, Set<string>>();

/** A month's partitions must exist before its rows are merged. */
export async function ensurePartitions(pool: pg.Pool, months: Iterable<string>): Promise<void> {
  const known = ensured.get(pool) ?? new Set<string>();
  ensured.set(pool, known);
  for (const month of months) {
    if (known.has(month)) continue;
    await pool.query('SELECT ensure_claim_partitions($1)', [month]);
    known.add(month);
  }
}

/** Merges what stands in staging into the canonical tables, in the caller's transaction. */
export async function mergeStaged(client: pg.PoolClient, landing: Landing): Promise<MergeOutcome> {
  const { stream } = landing;
  await keepPeriodsOpen(client, landing.consortium);
  const refusals = await refuseConflicting(client, landing);
  const before = await landedOf(client, stream);
  const span =
    before.first === null || before.last === null
      ? null
      : { first: before.first, last: before.last };
  const merge = mergeStatements(stream, span);
  if (before.rows > 5_000) await client.query(`ANALYZE staging_${stream}`);
  refusals.push(...(await refuseClosed(client, landing, { merge, span })));
  const closed = refusals.some(({ rule }) => rule === 'period-closed');
  const landed = closed ? await landedOf(client, stream) : before;
  if (landed.keys < landed.rows) await client.query(merge.dropRepeats);
  const counts = landed.rows === 0 ? NOTHING : await applied(client, landing, merge);
  return {
    landedRows: landed.rows,
    landedFen: landed.fen,
    ...counts,
    sameRows: landed.keys - counts.newRows - counts.changedRows,
    repeatedRows: landed.rows - landed.keys,
    refusals,
  };
}

const NOTHING = { newRows: 0, changedRows: 0 };

async function applied(
  client: pg.PoolClient,
  landing: Landing,
  merge: MergeStatements,
): Promise<{ readonly newRows: number; readonly changedRows: number }> {
  const { rows } = await run(client, merge.classify, landing);
  const [fresh, changed, moved] = ['fresh', 'changed', 'moved'].map((each) =>
    Number(rows[0]?.[each]),
  );
  if (moved !== 0) for (const statement of merge.move) await run(client, statement, landing);
  if (changed !== 0) await run(client, merge.update, landing);
  if (fresh !== 0) await run(client, merge.insert, landing);
  await run(client, merge.resolve, landing);
  return { newRows: fresh ?? 0, changedRows: changed ?? 0 };
}

async function landedOf(client: pg.PoolClient, stream: Stream) {
  const { rows } = await client.query<
    Record<'rows' | 'fen' | 'keys' | 'first' | 'last', string | null>
  >(landedStatement(stream));
  const found = rows[0];
  return {
    rows: Number(found?.rows),
    fen: BigInt(found?.fen ?? 0),
    keys: Number(found?.keys),
    first: found?.first ?? null,
    last: found?.last ?? null,
  };
}

async function refuseConflicting(client: pg.PoolClient, landing: Landing): Promise<MergeRefusal[]> {
  const { stream } = landing;
  if (stream !== 'persons' && stream !== 'claims') return [];
  await lockPersons(client, landing.consortium);
  if (stream === 'claims') {
    await run(client, RESOLVE_NUMBER, landing);
    await run(client, REGISTER_FROM_CLAIMS, landing);
  }
  return refusalsOf('person-conflict', await run(client, refuseConflicts(stream), landing));
}

/** No period closes while rows land in it: closing takes the same lock exclusively. Held until the transaction ends. */
async function keepPeriodsOpen(client: pg.PoolClient, consortium: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 1))', [
    `period:${consortium}`,
  ]);
}

/** Two members that meet the same person at once must see each other's answer. */
async function lockPersons(client: pg.PoolClient, consortium: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [
    `persons:${consortium}`,
  ]);
}

async function refuseClosed(
  client: pg.PoolClient,
  landing: Landing,
  { merge, span }: { readonly merge: MergeStatements; readonly span: DaySpan | null },
): Promise<readonly MergeRefusal[]> {
  if (merge.refuseClosed === null) return [];
  // A claim counts to its own month or a later one; but a claim that moved may come from a month long closed.
  const since = landing.stream === 'claims' ? '' : (span?.first.slice(0, 7) ?? '');
  const closed = await client.query(
    'SELECT 1 FROM settlement_period WHERE consortium = $1 AND month >= $2 LIMIT 1',
    [landing.consortium, since],
  );
  if (closed.rowCount === 0) return [];
  return refusalsOf('period-closed', await run(client, merge.refuseClosed, landing));
}

function refusalsOf(rule: MergeRefusal['rule'], { rows }: pg.QueryResult): MergeRefusal[] {
  return (rows as { raw_row: number; fen: string; natural_key: string }[])
    .map(({ raw_row, fen, natural_key }) => ({
      rule,
      rawRow: raw_row,
      amountFen: BigInt(fen),
      naturalKey: natural_key,
    }))
    .sort((a, b) => a.rawRow - b.rawRow);
}

/** Statements name the landing's parameters by number ($1 consortium … $5 level); those used are bound. */
function run(client: pg.PoolClient, text: string, landing: Landing): Promise<pg.QueryResult> {
  const all = [
    landing.consortium,
    landing.institution,
    landing.batchId,
    landing.settledBy,
    landing.level,
  ];
  const used = [...new Set([...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))];
  const bound = text.replace(/\$(\d)/g, (_, number) => `$${used.indexOf(Number(number)) + 1}`);
  const values = used.map((number) => all[number - 1]);
  // What names no days is the same for every batch: planned once a connection.
  if (bound.includes("DATE '")) return client.query(bound, values);
  return client.query({ name: createHash('md5').update(bound).digest('hex'), text: bound, values });
}
