import pg from 'pg';

/**
 * Work that only reads, in one snapshot of the books; a connection on which it failed is given up, for a COPY may be half read.
 *
 * @param snapshot  one that another transaction has exported and still holds; absent: the books as they are now
 */
export async function inSnapshot<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  snapshot?: string,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (snapshot !== undefined)
      await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`);
    const result = await work(client);
    await client.query('ROLLBACK');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** A name by which other connections see the books as this one does, until its transaction ends. */
export async function exportSnapshot(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ snapshot: string }>(
    'SELECT pg_export_snapshot() AS snapshot',
  );
  return rows[0]?.snapshot ?? '';
}
