import type pg from 'pg';
import { DatabaseUnreachableError } from './errors.js';
import { createPool } from './pool.client.js';
import { findRunningPostgres, launchPostgres } from './postgres.launcher.js';

/** The database of a process, opened before any module that needs it is loaded. */
export interface OpenDatabase {
  readonly pool: pg.Pool;
  readonly url: string;
  /** `server` = DATABASE_URL; `running` = this clone's server, started by another process; `embedded` = started by us. */
  readonly origin: 'server' | 'running' | 'embedded';
  /** Where the embedded server keeps its data; null for one that is not ours. */
  readonly dataDirectory: string | null;
  /** Ends the pool, and the server when we started it. Call last. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Folder of the clone: `.heyi/` below it holds the pointer and, as a rule, the data. */
  readonly home: string;
  /** `DATABASE_URL`, if set. */
  readonly url?: string | undefined;
  /** `own`: start the embedded server, refuse if another process did. `any`: use a running one first. */
  readonly server: 'own' | 'any';
  readonly connections?: number;
}

/**
 * DATABASE_URL if given, else this clone's running server (when allowed), else a server of our own for as long as the process lives.
 * Does not migrate.
 */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  if (options.url !== undefined && options.url !== '') {
    return connected(options.url, 'server', options);
  }
  const running = options.server === 'any' ? findRunningPostgres(options.home) : null;
  if (running !== null) return connected(running, 'running', options);
  const server = await launchPostgres(options.home);
  const database = await connected(server.url, 'embedded', options);
  return {
    ...database,
    dataDirectory: server.dataDirectory,
    async close() {
      await database.close();
      await server.stop();
    },
  };
}

async function connected(
  url: string,
  origin: OpenDatabase['origin'],
  { connections }: OpenOptions,
): Promise<OpenDatabase> {
  const pool = createPool(url, connections);
  try {
    await pool.query('SELECT 1');
  } catch (cause) {
    await pool.end();
    throw new DatabaseUnreachableError('无法连接数据库', {}, { cause });
  }
  return { pool, url, origin, dataDirectory: null, close: () => pool.end() };
}
