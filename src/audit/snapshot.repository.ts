import type pg from 'pg';

/** Work that only reads, in one snapshot of the books; a connection on which it failed is given up, for a COPY may be half read. */
export async function inSnapshot<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work(client);
    await client.query('ROLLBACK');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
