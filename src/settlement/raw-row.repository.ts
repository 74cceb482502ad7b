import type pg from 'pg';
import { openRawContent } from '../claims/raw-content.client.js';
import type { RawContent } from '../claims/raw-content.js';

export interface RawRowRequest {
  readonly batchId: string;
  readonly rawRow: number;
}

/** A raw row by column, as its source gave it. */
export type RawRow = Readonly<Record<string, string | null>>;

/** The raw rows as their sources gave them, in the order asked; null where the raw batch is not kept. */
export async function readRawRows(
  pool: pg.Pool,
  requests: readonly RawRowRequest[],
): Promise<readonly (RawRow | null)[]> {
  const blobs = new Map<string, RawContent>();
  const found: (RawRow | null)[] = [];
  for (const request of requests) found.push(await readRawRow(pool, request, blobs));
  return found;
}

async function readRawRow(
  pool: pg.Pool,
  { batchId, rawRow }: RawRowRequest,
  blobs: Map<string, RawContent>,
): Promise<RawRow | null> {
  const { rows } = await pool.query<{ first_row: number; blob_digest: string }>(
    `SELECT first_row, blob_digest FROM batch_slice
     WHERE batch_id = $1 AND first_row <= $2 AND $2 < first_row + rows LIMIT 1`,
    [batchId, rawRow],
  );
  const [slice] = rows;
  if (slice === undefined) return null;
  const content = blobs.get(slice.blob_digest) ?? (await readBlob(pool, slice.blob_digest));
  blobs.set(slice.blob_digest, content);
  const cells = content.rows[rawRow - slice.first_row];
  if (cells === undefined) return null;
  return Object.fromEntries(content.columns.map((column, at) => [column, cells[at] ?? null]));
}

async function readBlob(pool: pg.Pool, digest: string): Promise<RawContent> {
  const { rows } = await pool.query<{ content: Buffer }>(
    'SELECT content FROM raw_blob WHERE digest = $1',
    [digest],
  );
  const [blob] = rows;
  return blob === undefined ? { columns: [], rows: [] } : openRawContent(blob.content);
}
