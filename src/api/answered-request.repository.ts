import type pg from 'pg';

/** What is known of a request with this key. */
export type Claim =
  | { readonly state: 'new' }
  | { readonly state: 'running' }
  | { readonly state: 'different' }
  | { readonly state: 'answered'; readonly status: number; readonly answer: string };

export interface RequestKey {
  readonly userId: string;
  readonly key: string;
  /** Digest of method, path and body. */
  readonly requestHash: string;
}

/** Keys are remembered for a day; one whose request never ended may be tried again after ten minutes. */
const FORGET = `DELETE FROM answered_request
  WHERE asked_at < now() - interval '1 day' OR (status IS NULL AND asked_at < now() - interval '10 minutes')`;

/** Takes the key for this request, or says what became of the one that has it. */
export async function claimKey(
  pool: pg.Pool,
  { userId, key, requestHash }: RequestKey,
): Promise<Claim> {
  await pool.query(FORGET);
  const { rowCount } = await pool.query(
    `INSERT INTO answered_request (user_id, idempotency_key, request_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [userId, key, requestHash],
  );
  if (rowCount === 1) return { state: 'new' };
  const { rows } = await pool.query<{ hash: string; status: number | null; answer: string | null }>(
    `SELECT request_hash AS hash, status, answer FROM answered_request WHERE user_id = $1 AND idempotency_key = $2`,
    [userId, key],
  );
  const [row] = rows;
  if (row === undefined) return { state: 'running' }; // released just now: the caller may try again
  if (row.hash !== requestHash) return { state: 'different' };
  if (row.status === null) return { state: 'running' };
  return { state: 'answered', status: row.status, answer: row.answer ?? '' };
}

export async function keepAnswer(
  client: pg.ClientBase,
  { userId, key }: RequestKey,
  { status, answer }: { readonly status: number; readonly answer: string },
): Promise<void> {
  await client.query(
    'UPDATE answered_request SET status = $3, answer = $4 WHERE user_id = $1 AND idempotency_key = $2',
    [userId, key, status, answer],
  );
}

/** A request that failed may be tried again with the same key. */
export async function releaseKey(pool: pg.Pool, { userId, key }: RequestKey): Promise<void> {
  await pool.query(
    'DELETE FROM answered_request WHERE user_id = $1 AND idempotency_key = $2 AND status IS NULL',
    [userId, key],
  );
}
