import type pg from 'pg';
import { DroppedMonthError } from '../errors.js';
import type { Stream } from '../fields.js';
import { adjustClosed } from './adjust.repository.js';
import { type Landing, runFor } from './landing-statement.repository.js';
import {
  type DaySpan,
  landedStatement,
  type MergeStatements,
  mergeStatements,
} from './merge-statements.js';
import {
  assertPersons,
  CLEAR_CONCERNED,
  CREATE_CONCERNED,
  FORGET_FORMER,
  noteConcerned,
  REBUILD_PERSONS,
  RESOLVE_NUMBER,
  refuseConflicts,
  SET_ASIDE_OVERTURNED,
} from './person-statements.js';

/** A row that was well formed but may not be merged. */
export interface MergeRefusal {
  readonly rule: 'person-conflict' | 'claimed-elsewhere' | 'period-closed';
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
  /** Changes of closed months, booked in an open one. */
  readonly adjustments: number;
  readonly refusals: readonly MergeRefusal[];
}

const ensured = new WeakMap<pg.Pool, Set<string>>();

/**
 * A month's partitions must exist before its rows are merged.
 *
 * @throws DroppedMonthError
 */
export async function ensurePartitions(pool: pg.Pool, months: Iterable<string>): Promise<void> {
  const known = ensured.get(pool) ?? new Set<string>();
  ensured.set(pool, known);
  for (const month of months) {
    if (known.has(month)) continue;
    const { rowCount } = await pool.query('SELECT 1 FROM dropped_month WHERE month = $1', [month]);
    if (rowCount !== 0) throw new DroppedMonthError(`${month} 的结算记录已按保留期移出`, { month });
    await pool.query('SELECT ensure_claim_partitions($1)', [month]);
    known.add(month);
  }
}

/** Merges what stands in staging into the canonical tables, in the caller's transaction. */
export async function mergeStaged(client: pg.PoolClient, landing: Landing): Promise<MergeOutcome> {
  const { stream } = landing;
  if (stream === 'lines') await runFor(client, 'SELECT adopt_fresh_partitions($1, $2)', landing);
  await keepPeriodsOpen(client, landing.consortium);
  const conflicts = await refuseConflicting(client, landing);
  const staged = await landedOf(client, stream);
  const merge = mergeStatements(stream, spanOf(staged));
  if (staged.rows > 5_000) await client.query(`ANALYZE staging_${stream}`);
  if (staged.keys < staged.rows) await client.query(merge.dropRepeats);
  if (staged.rows > 0) await runFor(client, merge.resolve, landing);
  const adjusted = await adjustClosed(client, landing, earliestBook(stream, staged.first));
  const orphans = refusalsOf('period-closed', adjusted.orphans);
  const left = staged.keys - adjusted.taken - orphans.length;
  const now = adjusted.found
    ? mergeStatements(stream, spanOf(await landedOf(client, stream)))
    : merge;
  const counts = left === 0 ? NOTHING : await applied(client, landing, now);
  if (conflicts.rebuild) await rebuildPersons(client, landing);
  const changedRows = counts.changedRows + adjusted.changed;
  return {
    landedRows: staged.rows - orphans.length,
    landedFen: staged.fen - orphans.reduce((sum, { amountFen }) => sum + amountFen, 0n),
    newRows: counts.newRows,
    changedRows,
    sameRows: staged.keys - orphans.length - counts.newRows - changedRows,
    repeatedRows: staged.rows - staged.keys,
    adjustments: adjusted.adjustments,
    refusals: [...conflicts.refusals, ...orphans],
  };
}

/** A claim counts to its own month or a later one; but a claim that moved may come from a month long closed. */
function earliestBook(stream: Stream, first: string | null): string | null {
  return stream === 'claims' && first !== null ? '' : first;
}

function spanOf({ first, last }: { first: string | null; last: string | null }): DaySpan | null {
  return first === null || last === null ? null : { first, last };
}

const NOTHING = { newRows: 0, changedRows: 0 };

async function applied(
  client: pg.PoolClient,
  landing: Landing,
  merge: MergeStatements,
): Promise<{ readonly newRows: number; readonly changedRows: number }> {
  const { rows } = await runFor(client, merge.classify, landing);
  const [fresh, changed, moved] = ['fresh', 'changed', 'moved'].map((each) =>
    Number(rows[0]?.[each]),
  );
  if (moved !== 0) for (const statement of merge.move) await runFor(client, statement, landing);
  if (changed !== 0) await runFor(client, merge.update, landing);
  if (fresh !== 0) await runFor(client, merge.insert, landing);
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

/** Keeps what is said of people, and takes out what contradicts what stands. */
async function refuseConflicting(client: pg.PoolClient, landing: Landing): Promise<Conflicts> {
  const { stream } = landing;
  if (stream !== 'persons' && stream !== 'claims') {
    const attached = await runFor(client, refuseAttached(stream), landing);
    return { refusals: refusalsOf('claimed-elsewhere', attached), rebuild: false };
  }
  await lockPersons(client, landing.consortium);
  if (stream === 'claims') await runFor(client, RESOLVE_NUMBER, landing);
  await client.query(CREATE_CONCERNED);
  await client.query(CLEAR_CONCERNED);
  await runFor(client, noteConcerned(stream), landing);
  const forgotten = stream === 'persons' ? await runFor(client, FORGET_FORMER, landing) : null;
  const said = await runFor(client, assertPersons(stream), landing);
  const refused = await runFor(client, refuseConflicts(stream), landing);
  const twice = stream === 'claims' ? await runFor(client, REFUSE_CLAIMED, landing) : null;
  const news = (forgotten?.rowCount ?? 0) + (said.rowCount ?? 0);
  return {
    refusals: [
      ...refusalsOf('person-conflict', refused),
      ...refusalsOf('claimed-elsewhere', twice),
    ],
    rebuild: news > 0,
  };
}

/**
 * One settlement is booked once: what another member holds already, to the second and the fen, waits for people. Asked person by person
 * (LIMIT keeps it so): the books are large, a slice is small.
 */
const REFUSE_CLAIMED = `
  DELETE FROM staging_claims s WHERE s.ctid IN (
    SELECT own.ctid FROM staging_claims own CROSS JOIN LATERAL (
      SELECT 1 FROM claim_standing c
      WHERE c.consortium = $1 AND c.institution <> $2 AND c.person_id = own.person_id AND c.settled_on = own.settled_at::date
        AND c.source_claim_no = own.claim_no AND c.settled_at = own.settled_at AND c.total_fee_fen = own.total_fee_fen
      LIMIT 1) other)
  RETURNING s.raw_row, s.total_fee_fen AS fen, s.claim_no AS natural_key`;

/** What hangs on a settlement that was set aside goes with it. */
function refuseAttached(stream: 'lines' | 'diagnoses' | 'procedures'): string {
  const [key, amount] = stream === 'lines' ? ['line_no', 'line_amount_fen'] : ['sequence', '0'];
  return `
    DELETE FROM staging_${stream} s USING quarantine q
    WHERE q.consortium = $1 AND q.institution = $2 AND q.stream = 'claims' AND q.rule = 'claimed-elsewhere'
      AND q.state IN ('open', 'proposed') AND q.natural_key = s.claim_no
    RETURNING s.raw_row, ${amount} AS fen, concat_ws(E'\\x1f', s.claim_no, s.${key}::text) AS natural_key`;
}

interface Conflicts {
  readonly refusals: MergeRefusal[];
  /** Whether anything new was said. */
  readonly rebuild: boolean;
}

async function rebuildPersons(client: pg.PoolClient, landing: Landing): Promise<void> {
  await runFor(client, REBUILD_PERSONS, landing);
  await runFor(client, SET_ASIDE_OVERTURNED, landing);
}

/** No period closes while rows land in it: closing takes the same lock exclusively. Held until the transaction ends. */
export async function keepPeriodsOpen(client: pg.PoolClient, consortium: string): Promise<void> {
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

function refusalsOf(rule: MergeRefusal['rule'], result: pg.QueryResult | null): MergeRefusal[] {
  const rows = (result?.rows ?? []) as { raw_row: number; fen: string; natural_key: string }[];
  return rows
    .map(({ raw_row, fen, natural_key }) => ({
      rule,
      rawRow: raw_row,
      amountFen: BigInt(fen),
      naturalKey: natural_key,
    }))
    .sort((a, b) => a.rawRow - b.rawRow);
}
