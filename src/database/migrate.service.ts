import { runMigrations } from 'bullmq';
import type pg from 'pg';
import { createDataSource } from './data-source.client.js';
import { PostgresTooOldError } from './errors.js';

export interface MigrationOutcome {
  /** Names of the migrations applied by this call, in order; empty when the schema was current. */
  readonly applied: readonly string[];
}

/** Any number of our own; it keeps two starting processes from migrating at once. */
const MIGRATION_LOCK = 4_841_001;
const OLDEST_SERVER = 150_000; // server_version_num of PostgreSQL 15.0

/**
 * Brings a database to the newest schema: BullMQ's tables in `bullmq`, ours in `public`. Safe to call from several processes.
 * The pool must allow at least two connections.
 */
export async function migrateDatabase(pool: pg.Pool): Promise<MigrationOutcome> {
  const client = await pool.connect();
  try {
    await assertServerVersion(client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await runMigrations(client);
      return { applied: await migrateOwnTables(pool) };
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    client.release();
  }
}

async function migrateOwnTables(pool: pg.Pool): Promise<readonly string[]> {
  const dataSource = await createDataSource(pool).initialize();
  try {
    return (await dataSource.runMigrations()).map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

async function assertServerVersion(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  const version = Number(rows[0]?.server_version_num);
  if (version >= OLDEST_SERVER) return;
  throw new PostgresTooOldError(`PostgreSQL 版本过旧（${version}）`, { version });
}
