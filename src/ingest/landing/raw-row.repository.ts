import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type pg from 'pg';

const decompress = promisify(gunzip);

/** A row as its source gave it, with the names of its columns. */
export interface RawRowView {
  readonly batchId: string;
  readonly rawRow: number;
  readonly columns: readonly string[];
  readonly cells: readonly (string | null)[];
}

/** The raw row behind a claim, a line or a quarantine entry; null when it is no longer kept. */
export async function readRawRow(
  pool: pg.Pool,
  { batchId, rawRow }: { readonly batchId: string; readonly rawRow: number },
): Promise<RawRowView | null> {
  const { rows } = await pool.query<{ first_row: number; content: Buffer }>(
    `SELECT s.first_row, b.content FROM batch_slice s JOIN raw_blob b ON b.digest = s.blob_digest
     WHERE s.batch_id = $1 AND s.first_row <= $2 AND $2 < s.first_row + s.rows`,
    [batchId, rawRow],
  );
  const found = rows[0];
  if (found === undefined) return null;
  const lines = (await decompress(found.content)).toString('utf8').split('\n');
  const [columns, cells] = [lines[0], lines[1 + rawRow - found.first_row]].map(
    (line) => JSON.parse(line ?? '[]') as (string | null)[],
  );
  return { batchId, rawRow, columns: (columns ?? []).map(String), cells: cells ?? [] };
}

/** The raw row of a quarantine entry. */
export async function rawRowOfEntry(pool: pg.Pool, entry: string): Promise<RawRowView | null> {
  const { rows } = await pool.query<{ batch_id: string; raw_row: number }>(
    'SELECT batch_id, raw_row FROM quarantine WHERE quarantine_id = $1',
    [entry],
  );
  const found = rows[0];
  return found === undefined
    ? null
    : readRawRow(pool, { batchId: found.batch_id, rawRow: found.raw_row });
}
