import { createHash } from 'node:crypto';
import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  setDefaultBackendFactory,
} from 'bullmq';
import type pg from 'pg';
import { currentTransaction } from '../database/transaction.repository.js';
import { RedisPolicyError } from './errors.js';
import { inspectRedis } from './redis-posture.client.js';
import { judgeRedis } from './redis-posture.js';

/** Where the queues live. The table of work stays in PostgreSQL either way. */
export type QueueBackend = { readonly kind: 'postgres' } | RedisBackend;

export interface RedisBackend {
  readonly kind: 'redis';
  /** May hold a password: never logged. */
  readonly url: string;
  /** Before every key, so that two databases on one Redis do not meet. */
  readonly prefix: string;
  /** What an operator should know, though it works. */
  readonly warnings: readonly string[];
}

export interface BackendRequest {
  readonly pool: pg.Pool;
  /** `redis://…` or `rediss://…`; undefined or empty: PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly prefix?: string | undefined;
}

/**
 * Settles where the queues live, once a process.
 *
 * @throws RedisUnreachableError, RedisPolicyError
 */
export async function openQueueBackend(request: BackendRequest): Promise<QueueBackend> {
  const { pool, redisUrl = '', prefix = '' } = request;
  if (redisUrl === '') return { kind: 'postgres' };
  const { refusal, warnings } = judgeRedis(await inspectRedis(redisUrl));
  if (refusal !== null) throw new RedisPolicyError(refusal);
  return {
    kind: 'redis',
    url: redisUrl,
    prefix: prefix === '' ? await prefixOf(pool) : prefix,
    warnings,
  };
}

/** Jobs point at rows of one database, so that database's identity is what keeps their keys apart. */
async function prefixOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ identity: string }>(
    `SELECT concat_ws('.', system_identifier, d.oid) AS identity
       FROM pg_control_system(), pg_database d WHERE d.datname = current_database()`,
  );
  const digest = createHash('sha256')
    .update(rows[0]?.identity ?? '')
    .digest('hex');
  return `heyi:${digest.slice(0, 16)}`;
}

const POOL = Symbol('queue pool');
const FAIL_FAST_MS = 5_000;
const MOST_RECONNECT_PAUSE_MS = 1_000;

interface QueueConnections {
  readonly prefix?: string;
  /** For whoever queues and asks: fails at once when the queue is away. */
  readonly asking: object;
  /** For whoever works: waits until the queue is back. */
  readonly working: object;
}

/** What the framework's queues connect with. @param isStopping  a connection that breaks then is not made again */
export function queueConnections(
  pool: pg.Pool,
  backend: QueueBackend,
  isStopping: () => boolean,
): QueueConnections {
  setDefaultBackendFactory(eitherBackend);
  if (backend.kind === 'postgres') {
    const seen = queuePool(pool);
    return { asking: seen, working: seen };
  }
  const { url, prefix } = backend;
  const retryStrategy = (times: number): number | null =>
    isStopping() ? null : Math.min(50 * 2 ** Math.min(times, 10), MOST_RECONNECT_PAUSE_MS);
  return {
    prefix,
    asking: {
      ...{ url, retryStrategy, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      ...{ connectTimeout: FAIL_FAST_MS, commandTimeout: FAIL_FAST_MS },
    },
    working: { url, retryStrategy, maxRetriesPerRequest: null, connectTimeout: FAIL_FAST_MS },
  };
}

/** Each queue finds its backend by what it is given to connect with. */
const eitherBackend: BackendFactory = (name, options, extra) =>
  POOL in (options.connection as object)
    ? createPostgresBackend(name, options as never, extra)
    : createRedisBackend(name, options, extra);

/**
 * The pool as the queue sees it: inside `withTransaction` its statements go through the transaction's own connection, so that a job
 * exists exactly when the business rows that ask for it do. It never ends the pool, which has another owner.
 */
function queuePool(pool: pg.Pool): object {
  const seen = {
    [POOL]: true,
    options: pool.options,
    query: (text: string, values?: unknown[]) => (currentTransaction() ?? pool).query(text, values),
    connect: () => pool.connect(),
    end: async () => {},
    on: () => seen, // errors of idle connections have their listener where the pool was made
    removeAllListeners: () => seen,
  };
  return seen;
}
