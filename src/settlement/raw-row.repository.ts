import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type pg from 'pg';

export interface RawRowRequest {
  readonly batchId: string;
  readonly rawRow: number;
}

/** A raw row by column, as its source gave it. */
export type RawRow = Readonly<Record<string, string | null>>;

/** The first line of a blob names the columns. */
const HEADER_LINES = 1;

const unzip = promisify(gunzip);

/** The raw rows as their sources gave them, in the order asked; null where the raw batch is not kept. */
export async function readRawRows(
  pool: pg.Pool,
  requests: readonly RawRowRequest[],
): Promise<readonly (RawRow | null)[]> {
  const blobs = new Map<string, readonly string[]>();
  const found: (RawRow | null)[] = [];
  for (const request of requests) found.push(await readRawRow(pool, request, blobs));
  return found;
}

async function readRawRow(
  pool: pg.Pool,
  { batchId, rawRow }: RawRowRequest,
  blobs: Map<string, readonly string[]>,
): Promise<RawRow | null> {
  const { rows } = await pool.query<{ first_row: number; blob_digest: string }>(
    `SELECT first_row, blob_digest FROM batch_slice
     WHERE batch_id = $1 AND first_row <= $2 AND $2 < first_row + rows LIMIT 1`,
    [batchId, rawRow],
  );
  const [slice] = rows;
  if (slice === undefined) return null;
  const lines = blobs.get(slice.blob_digest) ?? (await readBlob(pool, slice.blob_digest));
  blobs.set(slice.blob_digest, lines);
  const line = lines[HEADER_LINES + rawRow - slice.first_row];
  return line === undefined || line === '' ? null : byColumn(lines[0] ?? '[]', line);
}

function byColumn(header: string, line: string): RawRow {
  const columns = JSON.parse(header) as readonly string[];
  const cells = JSON.parse(line) as readonly (string | null)[];
  return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null]));
}

async function readBlob(pool: pg.Pool, digest: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ content: Buffer }>(
    'SELECT content FROM raw_blob WHERE digest = $1',
    [digest],
  );
  const [blob] = rows;
  return blob === undefined ? [] : (await unzip(blob.content)).toString('utf8').split('\n');
}
