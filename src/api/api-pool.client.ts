import pg from 'pg';
import type { Limits } from '../config/limits.js';

const CONNECTIONS = 6;

/** A pool beside the process's own, on the same database: it waits for a connection only so long, and no query runs for ever. */
export function createApiPool(main: pg.Pool, limits: Limits['api']): pg.Pool {
  const pool = new pg.Pool({
    ...main.options,
    max: CONNECTIONS,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    application_name: 'heyi-api',
  });
  pool.on('error', () => {}); // an idle connection broke: the pool replaces it, the next query reports what matters
  pool.on('connect', (client) => client.on('error', () => {})); // likewise one that is lent out
  return pool;
}
