import type pg from 'pg';
import type { DayWindow } from '../windows.js';
import type { BatchKey } from './batch.repository.js';

type StreamKey = Pick<BatchKey, 'consortium' | 'institution' | 'stream'>;

/** Windows of a stream that were read to their end; of databases, files keep to themselves. */
export async function knownWindows(
  pool: pg.Pool,
  { consortium, institution, stream }: StreamKey,
): Promise<readonly DayWindow[]> {
  const { rows } = await pool.query<DayWindow>(
    `SELECT DISTINCT window_from AS from, window_to AS to FROM batch
     WHERE consortium = $1 AND institution = $2 AND stream = $3 AND unit IS NULL AND correction_id IS NULL
       AND state IN ('complete', 'empty')`,
    [consortium, institution, stream],
  );
  return rows;
}

/** The day before which every window was read; null: nothing yet. */
export async function bookmarkOf(
  pool: pg.Pool,
  { consortium, institution, stream }: StreamKey,
): Promise<string | null> {
  const { rows } = await pool.query<{ to: string }>(
    'SELECT read_to AS to FROM stream_bookmark WHERE consortium = $1 AND institution = $2 AND stream = $3',
    [consortium, institution, stream],
  );
  return rows[0]?.to ?? null;
}

/** Whether rows that the source no longer has have been looked for behind a batch, and whether there can be any. */
export async function comparisonDue(
  pool: pg.Pool,
  key: BatchKey,
  batchId: string,
): Promise<'done' | 'first-read' | 'due'> {
  const { consortium, institution, stream, unit, window } = key;
  const { rows } = await pool.query<{ compared: boolean; earlier: boolean }>(
    `SELECT b.compared, EXISTS (
       SELECT FROM batch e WHERE e.consortium = $2 AND e.institution = $3 AND e.stream = $4 AND e.batch_id < b.batch_id
         AND e.correction_id IS NULL AND e.landed_rows > 0 AND ($5::text IS NULL AND e.window_from < $7 AND e.window_to > $6
           OR e.unit = $5)) AS earlier
     FROM batch b WHERE b.batch_id = $1`,
    [batchId, consortium, institution, stream, unit, window.from, window.to],
  );
  const [found] = rows;
  if (found === undefined || found.compared) return 'done';
  return found.earlier ? 'due' : 'first-read';
}

export async function markCompared(
  client: pg.PoolClient | pg.Pool,
  batchId: string,
  withdrawnRows = 0,
): Promise<void> {
  await client.query(
    'UPDATE batch SET compared = true, withdrawn_rows = withdrawn_rows + $2 WHERE batch_id = $1',
    [batchId, withdrawnRows],
  );
}

/** A batch that cannot be called whole because something that stands may no longer be at the source. */
export async function markDoubtful(
  pool: pg.Pool,
  batchId: string,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): Promise<void> {
  await pool.query(
    `UPDATE batch SET state = 'incomplete', message = $2, remedy = $3 WHERE batch_id = $1`,
    [batchId, message, remedy],
  );
}
