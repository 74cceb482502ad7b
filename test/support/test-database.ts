import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { createPool } from '../../src/database/pool.client.js';
import { TEMPLATE, urlOf } from './test-server.js';

export interface TestDatabase {
  /** The product's own kind of pool, on a database nobody else uses. */
  readonly pool: pg.Pool;
  readonly url: string;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
}

/** An empty, migrated database in some tens of milliseconds: a copy of the run's template. */
export async function createTestDatabase(connections = 5): Promise<TestDatabase> {
  const server = serverUrl();
  const name = `heyi_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return opened(server, { name, connections });
}

/** A database without any table, for what stands in for somebody else's system (a HIS). */
export async function createEmptyDatabase(connections = 5): Promise<TestDatabase> {
  const server = serverUrl();
  const name = `heyi_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  return opened(server, { name, connections });
}

function opened(
  server: string,
  { name, connections }: { readonly name: string; readonly connections: number },
): TestDatabase {
  const url = urlOf(server, name);
  const pool = createPool(url, connections);
  return {
    pool,
    url,
    async drop() {
      await pool.end();
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const pool = createPool(url, 1);
  try {
    await pool.query(statement);
  } finally {
    await pool.end();
  }
}

function serverUrl(): string {
  const url = process.env['HEYI_TEST_SERVER_URL'];
  if (url === undefined)
    throw new Error('No test server: run this spec in the Jest project "db" or "nest".');
  return url;
}
