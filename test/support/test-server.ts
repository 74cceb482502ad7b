import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlreadyRunningError } from '../../src/database/errors.js';
import { migrateDatabase } from '../../src/database/migrate.service.js';
import { createPool } from '../../src/database/pool.client.js';
import { clearUpAfterLastOwner, launch } from '../../src/database/postgres.launcher.js';
import { readPointer } from '../../src/database/postgres-pointer.launcher.js';

/** Name of the migrated database that every test database is a copy of. */
export const TEMPLATE = 'heyi_template';

const folder = join(import.meta.dirname, '../../.heyi');

/** Nothing here outlives the run, so nothing needs to survive a power cut. */
const FORGETFUL = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=128MB',
];

/** One server a Jest run, on its own port and data, so that several runs in one clone do not meet. */
export async function startTestServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  await sweep();
  const root = mkdtempSync(join(tmpdir(), 'heyi-test-'));
  const pointerPath = join(folder, `test-${process.pid}.json`);
  const server = await launch({
    pointerPath,
    dataDirectory: join(root, 'data'),
    settings: FORGETFUL,
  });
  await makeTemplate(server.url);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(root, { recursive: true, force: true });
      for (const path of [pointerPath, server.logPath]) rmSync(path, { force: true });
    },
  };
}

async function makeTemplate(url: string): Promise<void> {
  const pool = createPool(url, 3);
  await pool.query(`CREATE DATABASE ${TEMPLATE}`);
  await pool.end();
  const template = createPool(urlOf(url, TEMPLATE), 3);
  await migrateDatabase(template);
  await template.end();
}

/** The same server, another database. */
export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Servers of runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(folder).filter((each) => /^test-\d+\.json$/.test(each))) {
    const pointerPath = join(folder, name);
    const dataDirectory = readPointer(pointerPath)?.dataDirectory;
    try {
      await clearUpAfterLastOwner(pointerPath);
    } catch (error) {
      if (error instanceof AlreadyRunningError) continue; // another run, alive
      throw error;
    }
    if (dataDirectory !== undefined)
      rmSync(join(dataDirectory, '..'), { recursive: true, force: true });
    for (const path of [pointerPath, pointerPath.replace(/json$/, 'log')])
      rmSync(path, { force: true });
  }
}
