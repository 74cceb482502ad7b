import type pg from 'pg';
import { packRawContent } from '../../claims/raw-content.client.js';
import type { ControlTotals } from '../../connectors/connector.js';
import { sha256 } from '../../kernel/hash.js';
import type { BatchCounts, BatchState } from '../batch.js';
import type { Stream } from '../fields.js';

/** What a batch is a read of. */
export interface BatchKey {
  readonly consortium: string;
  readonly institution: string;
  readonly stream: Stream;
  readonly unit: string | null;
  readonly window: { readonly from: string; readonly to: string };
}

/** A batch that was cut off after some slices and may go on. */
export interface ResumableBatch {
  readonly batchId: string;
  readonly after: string;
  readonly nextSlice: number;
  readonly nextRow: number;
  readonly counts: BatchCounts;
  readonly sliceDigests: readonly string[];
}

export async function findResumable(pool: pg.Pool, key: BatchKey): Promise<ResumableBatch | null> {
  const { rows } = await pool.query(RESUMABLE, keyValues(key));
  const found = rows[0];
  if (found === undefined) return null;
  return {
    batchId: found.batch_id,
    after: found.resume_after,
    nextSlice: found.slices.length,
    nextRow: Number(found.next_row),
    counts: {
      landedRows: Number(found.landed_rows),
      landedFen: BigInt(found.landed_fen),
      quarantinedRows: Number(found.quarantined_rows),
      quarantinedFen: BigInt(found.quarantined_fen),
      newRows: Number(found.new_rows),
      changedRows: Number(found.changed_rows),
      sameRows: Number(found.same_rows),
      repeatedRows: Number(found.repeated_rows),
    },
    sliceDigests: found.slices,
  };
}

const KEY_MATCH = `consortium = $1 AND institution = $2 AND stream = $3 AND unit IS NOT DISTINCT FROM $4
  AND window_from = $5 AND window_to = $6`;

/** An interrupted read older than a day is not continued: the source may have changed behind it. */
const RESUMABLE = `
  SELECT b.*, s.next_row, s.slices FROM batch b,
    LATERAL (SELECT max(first_row + rows) AS next_row, array_agg(digest ORDER BY slice) AS slices
             FROM batch_slice WHERE batch_id = b.batch_id) s
  WHERE ${KEY_MATCH} AND state = 'reading' AND resume_after IS NOT NULL AND started_at > now() - interval '1 day'
  ORDER BY b.batch_id DESC LIMIT 1`;

export function keyValues({
  consortium,
  institution,
  stream,
  unit,
  window,
}: BatchKey): (string | null)[] {
  return [consortium, institution, stream, unit, window.from, window.to];
}

/** One read of a stream of an institution at a time. Held until the transaction ends. */
export async function lockStream(client: pg.PoolClient, key: BatchKey): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [
    `ingest:${key.consortium}:${key.institution}:${key.stream}`,
  ]);
}

export async function insertBatch(client: pg.PoolClient, key: BatchKey): Promise<string> {
  const { rows } = await client.query<{ batch_id: string }>(
    `INSERT INTO batch (consortium, institution, stream, unit, window_from, window_to, state, started_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'reading', now()) RETURNING batch_id`,
    keyValues(key),
  );
  return rows[0]?.batch_id ?? '';
}

export interface SliceRecord {
  readonly batchId: string;
  readonly slice: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly digest: string;
  /** Raw rows as src/claims/raw-content.ts writes them. */
  readonly raw: Uint8Array;
  /** The same, compressed, where that was begun while it was read. */
  readonly packed?: Promise<Buffer>;
  readonly resumeAfter: string | null;
}

/** Keeps the raw rows (once, whatever number of batches brought them) and notes the slice. Returns the blob's digest. */
export async function saveSlice(client: pg.PoolClient, slice: SliceRecord): Promise<string> {
  const { batchId, firstRow, rows, digest, raw } = slice;
  const blob = sha256(raw);
  const known = await client.query('SELECT 1 FROM raw_blob WHERE digest = $1', [blob]);
  if (known.rowCount === 0) {
    await client.query(
      'INSERT INTO raw_blob (digest, rows, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [blob, rows, await (slice.packed ?? packRawContent(raw))],
    );
  }
  await client.query(
    `INSERT INTO batch_slice (batch_id, slice, first_row, rows, blob_digest, digest)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [batchId, slice.slice, firstRow, rows, blob, digest],
  );
  return blob;
}

/** The counts so far and where to go on, committed with the rows themselves. */
export async function saveProgress(
  client: pg.PoolClient,
  batchId: string,
  { counts, after }: { readonly counts: BatchCounts; readonly after: string | null },
): Promise<void> {
  await client.query(
    `UPDATE batch SET resume_after = $2, landed_rows = $3, landed_fen = $4, quarantined_rows = $5, quarantined_fen = $6,
       new_rows = $7, changed_rows = $8, same_rows = $9, repeated_rows = $10 WHERE batch_id = $1`,
    [batchId, after, ...countValues(counts)],
  );
}

export interface BatchEnd {
  readonly state: BatchState;
  readonly source: ControlTotals;
  readonly counts: BatchCounts;
  readonly digest: string;
  readonly message: string | null;
  readonly remedy: string | null;
  readonly origin?: Origin;
}

/** What a batch was made of: the values at the source and the mapping that read them. */
export interface Origin {
  readonly contentDigest: string;
  readonly mappingDigest: string;
}

/** Whether the window was read to its end before. */
export async function wasRead(pool: pg.Pool, key: BatchKey): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM batch WHERE ${KEY_MATCH} AND state = 'complete' LIMIT 1`,
    keyValues(key),
  );
  return rowCount !== 0;
}

export async function finishBatch(
  client: pg.PoolClient,
  batchId: string,
  end: BatchEnd,
): Promise<void> {
  const { state, source, counts, digest, message, remedy, origin } = end;
  await client.query(
    `UPDATE batch SET state = $2, landed_rows = $3, landed_fen = $4, quarantined_rows = $5, quarantined_fen = $6,
       new_rows = $7, changed_rows = $8, same_rows = $9, repeated_rows = $10, source_rows = $11, source_fen = $12,
       digest = $13, message = $14, remedy = $15, content_digest = $16, mapping_digest = $17, finished_at = now() WHERE batch_id = $1`,
    [
      batchId,
      state,
      ...countValues(counts),
      source.rows,
      source.amountFen,
      digest,
      message,
      remedy,
      origin?.contentDigest ?? null,
      origin?.mappingDigest ?? null,
    ],
  );
}

function countValues(counts: BatchCounts): (string | number)[] {
  return [
    counts.landedRows,
    counts.landedFen.toString(),
    counts.quarantinedRows,
    counts.quarantinedFen.toString(),
    counts.newRows,
    counts.changedRows,
    counts.sameRows,
    counts.repeatedRows,
  ];
}

/** Moves the stream's bookmark on when the window follows what was read before. */
export async function moveBookmark(
  client: pg.PoolClient,
  key: BatchKey,
  batchId: string,
): Promise<void> {
  await client.query(
    `INSERT INTO stream_bookmark (consortium, institution, stream, read_to, batch_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (consortium, institution, stream) DO UPDATE SET read_to = EXCLUDED.read_to, batch_id = EXCLUDED.batch_id
     WHERE stream_bookmark.read_to < EXCLUDED.read_to AND stream_bookmark.read_to >= $6::date`,
    [key.consortium, key.institution, key.stream, key.window.to, batchId, key.window.from],
  );
}
