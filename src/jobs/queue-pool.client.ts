import { createPostgresBackend, setDefaultBackendFactory } from 'bullmq';
import type pg from 'pg';
import { currentTransaction } from '../database/transaction.repository.js';

/**
 * The pool as the queue sees it: inside `withTransaction` its statements go through the transaction's own connection, so that a job
 * exists exactly when the business rows that ask for it do. It never ends the pool, which has another owner.
 */
export function queuePool(pool: pg.Pool): object {
  const seen = {
    options: pool.options,
    query: (text: string, values?: unknown[]) => (currentTransaction() ?? pool).query(text, values),
    connect: () => pool.connect(),
    end: async () => {},
    on: () => seen, // errors of idle connections have their listener where the pool was made
    removeAllListeners: () => seen,
  };
  return seen;
}

/** Puts every queue of this process on PostgreSQL; called before a module creates one. */
export function useQueuesOnPostgres(): void {
  setDefaultBackendFactory(createPostgresBackend);
}
