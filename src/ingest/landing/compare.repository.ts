import type pg from 'pg';
import type { BatchKey } from './batch.repository.js';
import { TARGETS } from './merge-statements.js';
import { stagingTable } from './staging.js';
import { type ComparedStream, CREATE_MISSING, standingRows } from './withdraw-statements.js';

/** What stands in the books of a window or file beside what its source has now, which lies in staging. */

export type ComparedKey = BatchKey & { readonly stream: ComparedStream };

/** A row by what the source calls it: claim number, and line number or sequence. */
export interface NamedRow {
  readonly claimNo: string;
  readonly item: string;
}

const KEY = `concat_ws(E'\\x1f', s.claim_no, nullif(s.item, ''))`;

function scoped(key: ComparedKey): { readonly standing: string; readonly values: string[] } {
  const { consortium, institution, stream, unit, window } = key;
  return unit === null
    ? {
        standing: standingRows(stream, 'window'),
        values: [consortium, institution, window.from, window.to],
      }
    : { standing: standingRows(stream, 'file'), values: [consortium, institution, unit] };
}

/** Rows and money that stand, without what the named batch set aside: that its source still has, though not as it should be. */
export async function countStanding(
  client: pg.PoolClient | pg.Pool,
  key: ComparedKey,
  batchId: string | null,
): Promise<{ readonly rows: number; readonly fen: bigint }> {
  const { standing, values } = scoped(key);
  const place = `$${values.length + 1}`;
  const { rows } = await client.query<{ rows: string; fen: string }>(
    `SELECT count(*) AS rows, coalesce(sum(s.amount_fen), 0) AS fen FROM (${standing}) s
     WHERE NOT EXISTS (SELECT FROM quarantine q WHERE q.batch_id = ${place}::bigint AND q.natural_key = ${KEY})`,
    [...values, batchId],
  );
  return { rows: Number(rows[0]?.rows ?? 0), fen: BigInt(rows[0]?.fen ?? 0) };
}

/**
 * Notes in `staging_missing` what stands and is not staged.
 *
 * @param refused  natural keys of rows that the source has and that cannot land
 */
export async function findMissing(
  client: pg.PoolClient,
  key: ComparedKey,
  refused: readonly string[],
): Promise<{ readonly rows: number; readonly fen: bigint }> {
  const { standing, values } = scoped(key);
  await client.query(CREATE_MISSING);
  await client.query('DELETE FROM staging_missing');
  await client.query(
    `INSERT INTO staging_missing (claim_no, item, amount_fen, settled_on)
     SELECT s.claim_no, s.item, s.amount_fen, s.settled_on FROM (${standing}) s
     LEFT JOIN ${stagingTable(key.stream)} g ON ${stagedRow(key.stream)}
     WHERE g.claim_no IS NULL AND ${KEY} <> ALL($${values.length + 1}::text[])`,
    [...values, refused],
  );
  const { rows } = await client.query<{ rows: string; fen: string }>(
    'SELECT count(*) AS rows, coalesce(sum(amount_fen), 0) AS fen FROM staging_missing',
  );
  return { rows: Number(rows[0]?.rows ?? 0), fen: BigInt(rows[0]?.fen ?? 0) };
}

export async function listMissing(client: pg.PoolClient, most: number): Promise<NamedRow[]> {
  const { rows } = await client.query<NamedRow>(
    `SELECT claim_no AS "claimNo", item FROM staging_missing ORDER BY claim_no COLLATE "C", item COLLATE "C" LIMIT $1`,
    [most],
  );
  return rows;
}

/** Rows that are staged and do not stand, or stand with other values. */
export async function listDiffering(
  client: pg.PoolClient,
  key: ComparedKey,
  { kind, most }: { readonly kind: 'late' | 'changed'; readonly most: number },
): Promise<{ readonly rows: number; readonly listed: readonly NamedRow[] }> {
  const { standing, values } = scoped(key);
  const { table, changed } = TARGETS[key.stream];
  const item = itemOf(key.stream);
  const from =
    kind === 'late'
      ? `FROM ${stagingTable(key.stream)} g LEFT JOIN (${standing}) s ON ${stagedRow(key.stream)} WHERE s.claim_no IS NULL`
      : `FROM (${standing}) k JOIN ${table} t ON t.consortium = $1 AND t.institution = $2 AND t.settled_on = k.settled_on
           AND t.claim_no = k.row_no ${item === null ? '' : `AND t.${item}::text = k.item`}
         JOIN ${stagingTable(key.stream)} s ON s.claim_no = k.claim_no ${item === null ? '' : `AND s.${item}::text = k.item`}
         WHERE ${changed}`;
  const named = kind === 'late' ? 'g' : 's';
  const { rows } = await client.query<NamedRow & { readonly total: string }>(
    `SELECT ${named}.claim_no AS "claimNo", ${item === null ? `''` : `${named}.${item}::text`} AS item, count(*) OVER () AS total
     ${from} ORDER BY 1, 2 LIMIT $${values.length + 1}`,
    [...values, most],
  );
  return {
    rows: Number(rows[0]?.total ?? 0),
    listed: rows.map(({ claimNo, item: each }) => ({ claimNo, item: each })),
  };
}

function itemOf(stream: ComparedStream): string | null {
  return TARGETS[stream].keys.find((key) => key !== 'claim_no') ?? null;
}

function stagedRow(stream: ComparedStream): string {
  const item = itemOf(stream);
  return `g.claim_no = s.claim_no${item === null ? '' : ` AND g.${item}::text = s.item`}`;
}
