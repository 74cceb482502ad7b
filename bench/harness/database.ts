import { migrateDatabase } from '../../src/database/migrate.service.js';
import { createPool } from '../../src/database/pool.client.js';

/** An empty database on the run's own server. @returns its connection string */
export async function createDatabase(url: string, name: string): Promise<string> {
  await dropDatabase(url, name);
  await once(url, `CREATE DATABASE ${name}`);
  return urlOf(url, name);
}

/** A database with the product's tables. */
export async function migrated(url: string, name: string): Promise<string> {
  const target = await createDatabase(url, name);
  const pool = createPool(target, 3);
  try {
    await migrateDatabase(pool);
  } finally {
    await pool.end();
  }
  return target;
}

export async function dropDatabase(url: string, name: string): Promise<void> {
  await once(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** The same server, another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Statements on a connection of their own; the first row of the answer, where there is one. */
export async function once(url: string, statement: string): Promise<Record<string, unknown>> {
  const pool = createPool(url, 1);
  try {
    const answer = (await pool.query(statement)) as { readonly rows?: Record<string, unknown>[] };
    return answer.rows?.[0] ?? {};
  } finally {
    await pool.end();
  }
}
