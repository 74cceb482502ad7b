import type pg from 'pg';
import type {
  EntryFilter,
  EntryGroup,
  EntryPage,
  EntryPageRequest,
  EntrySort,
  EntryState,
  EntrySummary,
  Scope,
} from './entry.js';
import { maskedEntry } from './masking.js';

type Connection = pg.Pool | pg.ClientBase;

/** An entry as the database keeps it: its natural key is not masked. */
export interface StoredEntry extends EntrySummary {
  readonly blobDigest: string | null;
  readonly rowHash: string;
}

const COLUMNS = `
  q.quarantine_id AS "quarantineId", q.institution, q.stream, q.state, q.stage, q.rule, q.other_rules AS "otherRules", q.field,
  q.message, q.remedy, q.amount_fen AS "amountFen", q.natural_key AS "naturalKey", q.batch_id AS "batchId", q.raw_row AS "rawRow",
  b.unit, b.window_from AS "windowFrom", b.window_to AS "windowTo",
  to_char(q.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "firstSeenAt",
  floor(extract(epoch FROM now() - q.first_seen_at) / 86400)::integer AS "ageDays", q.correction_id AS "correctionId",
  q.blob_digest AS "blobDigest", q.row_hash AS "rowHash"`;

const WAITING: readonly EntryState[] = ['open', 'proposed'];

interface Condition {
  readonly text: string;
  readonly values: unknown[];
}

function conditionOf(filter: EntryFilter): Condition {
  const values: unknown[] = [filter.consortium, filter.states ?? WAITING];
  const parts = ['q.consortium = $1', 'q.state = ANY($2)'];
  const also = (value: unknown, text: (parameter: string) => string): void => {
    if (value !== undefined) parts.push(text(`$${values.push(value)}`));
  };
  also(listed(filter.institutions), (given) => `q.institution = ANY(${given})`);
  also(filter.institution, (given) => `q.institution = ${given}`);
  also(filter.stream, (given) => `q.stream = ${given}`);
  also(filter.rule, (given) => `(q.rule = ${given} OR ${given} = ANY(q.other_rules))`);
  also(filter.field, (given) => `q.field = ${given}`);
  also(
    filter.minAgeDays,
    (given) => `q.first_seen_at <= now() - ${given}::integer * interval '1 day'`,
  );
  also(filter.minFen?.toString(), (given) => `abs(q.amount_fen) >= ${given}::bigint`);
  return { text: parts.join(' AND '), values };
}

function listed(scope: Scope): readonly string[] | undefined {
  return scope === 'all' ? undefined : scope;
}

/** Expression that orders, its direction, and the direction of the number that breaks ties. */
const ORDERS: Readonly<Record<EntrySort, readonly [string, 'ASC' | 'DESC', 'ASC' | 'DESC']>> = {
  amount: ['abs(q.amount_fen)', 'DESC', 'ASC'],
  age: ['(extract(epoch FROM q.first_seen_at) * 1000000)::bigint', 'ASC', 'ASC'],
  newest: ['(extract(epoch FROM q.first_seen_at) * 1000000)::bigint', 'DESC', 'DESC'],
};

/** One page of entries. @throws RangeError when `after` is no cursor of this list */
export async function entryPage(pool: Connection, request: EntryPageRequest): Promise<EntryPage> {
  const { sort = 'amount', after, limit } = request;
  const [order, direction, tie] = ORDERS[sort];
  const { text, values } = conditionOf(request);
  const beyond = after === undefined ? '' : `AND ${beyondCursor(after, ORDERS[sort], values)}`;
  const { rows } = await pool.query<StoredEntry & { position: string }>(
    `SELECT ${COLUMNS}, ${order} AS position FROM quarantine q JOIN batch b USING (batch_id)
     WHERE ${text} ${beyond} ORDER BY position ${direction}, q.quarantine_id ${tie} LIMIT $${values.push(limit + 1)}`,
    values,
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: items.map(({ position: _, ...entry }) => maskedEntry(entry)),
    next: more ? `${last.position}.${last.quarantineId}` : null,
  };
}

const CURSOR = /^(\d{1,19})\.(\d{1,18})$/;

function beyondCursor(
  after: string,
  [order, direction, tie]: (typeof ORDERS)[EntrySort],
  values: unknown[],
): string {
  const match = CURSOR.exec(after);
  if (match === null) throw new RangeError('after is no cursor of this list');
  const position = `$${values.push(match[1])}::bigint`;
  const entry = `$${values.push(match[2])}::bigint`;
  return `(${order} ${direction === 'DESC' ? '<' : '>'} ${position}
    OR ${order} = ${position} AND q.quarantine_id ${tie === 'DESC' ? '<' : '>'} ${entry})`;
}

/** The same fault of the same field, the most money first. */
export async function entryGroups(
  pool: Connection,
  filter: EntryFilter,
): Promise<readonly EntryGroup[]> {
  const { text, values } = conditionOf(filter);
  const { rows } = await pool.query<EntryGroup>(
    `SELECT q.institution, q.stream, q.rule, q.field, count(*)::integer AS entries, sum(q.amount_fen)::text AS "amountFen",
       to_char(min(q.first_seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "oldestAt",
       (array_agg(q.message ORDER BY abs(q.amount_fen) DESC, q.quarantine_id))[1] AS message, max(q.remedy) AS remedy
     FROM quarantine q WHERE ${text}
     GROUP BY q.institution, q.stream, q.rule, q.field
     ORDER BY sum(abs(q.amount_fen)) DESC, entries DESC, q.institution, q.stream, q.rule, q.field`,
    values,
  );
  return rows.map((group) => maskedEntry(group));
}

/** Every entry of the filter, as stored, in order of number; at most `limit`. */
export async function storedEntries(
  pool: Connection,
  filter: EntryFilter,
  limit: number,
): Promise<readonly StoredEntry[]> {
  const { text, values } = conditionOf(filter);
  const { rows } = await pool.query<StoredEntry>(
    `SELECT ${COLUMNS} FROM quarantine q JOIN batch b USING (batch_id)
     WHERE ${text} ORDER BY q.quarantine_id LIMIT $${values.push(limit)}`,
    values,
  );
  return rows;
}

export interface EntryKey {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly entry: string;
}

/** Null when there is none, or none that the caller may see. */
export async function storedEntry(pool: Connection, key: EntryKey): Promise<StoredEntry | null> {
  const { rows } = await pool.query<StoredEntry>(
    `SELECT ${COLUMNS} FROM quarantine q JOIN batch b USING (batch_id)
     WHERE q.consortium = $1 AND q.quarantine_id = $2 AND ($3::text[] IS NULL OR q.institution = ANY($3))`,
    [key.consortium, key.entry, listed(key.institutions) ?? null],
  );
  return rows[0] ?? null;
}

/** Keeps everybody else from deciding about the entry until the transaction ends. */
export async function lockEntry(client: pg.ClientBase, entry: string): Promise<void> {
  await client.query('SELECT 1 FROM quarantine WHERE quarantine_id = $1 FOR UPDATE', [entry]);
}
