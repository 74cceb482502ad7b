import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type pg from 'pg';

export interface RawRowRequest {
  readonly batchId: string;
  readonly rawRow: number;
}

type RawCells = readonly (string | null)[];

const unzip = promisify(gunzip);

/** The raw rows as their sources gave them, in the order asked; null where the raw batch is not kept. */
export async function readRawRows(
  pool: pg.Pool,
  requests: readonly RawRowRequest[],
): Promise<readonly (RawCells | null)[]> {
  const blobs = new Map<string, readonly string[]>();
  const found: (RawCells | null)[] = [];
  for (const request of requests) found.push(await readRawRow(pool, request, blobs));
  return found;
}

async function readRawRow(
  pool: pg.Pool,
  { batchId, rawRow }: RawRowRequest,
  blobs: Map<string, readonly string[]>,
): Promise<RawCells | null> {
  const { rows } = await pool.query<{ first_row: number; blob_digest: string }>(
    `SELECT first_row, blob_digest FROM batch_slice
     WHERE batch_id = $1 AND first_row <= $2 AND $2 < first_row + rows LIMIT 1`,
    [batchId, rawRow],
  );
  const [slice] = rows;
  if (slice === undefined) return null;
  const lines = blobs.get(slice.blob_digest) ?? (await readBlob(pool, slice.blob_digest));
  blobs.set(slice.blob_digest, lines);
  const line = lines[rawRow - slice.first_row];
  return line === undefined ? null : (JSON.parse(line) as RawCells);
}

async function readBlob(pool: pg.Pool, digest: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ content: Buffer }>(
    'SELECT content FROM raw_blob WHERE digest = $1',
    [digest],
  );
  const [blob] = rows;
  return blob === undefined ? [] : (await unzip(blob.content)).toString('utf8').split('\n');
}
