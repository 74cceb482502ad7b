import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { TransactionUndoneError } from './errors.js';

/** Runs on the transaction's own connection just before COMMIT; a rejection rolls the transaction back. */
export type CommitGuard = (client: pg.PoolClient) => Promise<void>;

/** The transaction that the running code is inside of; `client` is null once it has ended. */
interface Scope {
  client: pg.PoolClient | null;
}

const scopes = new AsyncLocalStorage<Scope>();
const guards = new AsyncLocalStorage<CommitGuard>();

/**
 * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it rejects (and the error passed
 * on). A connection that cannot even roll back is thrown away. Inside `guarded` work the guard has the last word before COMMIT.
 *
 * @throws TransactionUndoneError when a statement failed and `work` resolved all the same: to COMMIT the server then answers ROLLBACK
 */
export async function withTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const scope: Scope = { client };
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await scopes.run(scope, () => work(client));
    await guards.getStore()?.(client);
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new TransactionUndoneError('事务未能提交，没有写入任何内容');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    scope.client = null;
    client.release(broken);
  }
}

/** The connection of the transaction the caller is inside of, or null. */
export function currentTransaction(): pg.PoolClient | null {
  return scopes.getStore()?.client ?? null;
}

/** Puts every transaction that `work` commits, however deep in its calls, under one guard. */
export function guarded<T>(guard: CommitGuard, work: () => Promise<T>): Promise<T> {
  return guards.run(guard, work);
}
