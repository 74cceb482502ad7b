import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPool } from '../../src/database/pool.client.js';
import { launch } from '../../src/database/postgres.launcher.js';
import { freePort } from '../../src/database/postgres-server.launcher.js';

/** A server of the run's own: nothing is ever written to one that was there before. */
export interface OwnServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL with durability as shipped (fsync, logged tables), on its own port and data. */
export async function startPostgres(folder: string): Promise<OwnServer> {
  const dataDirectory = join(folder, 'postgres', 'data');
  mkdirSync(join(folder, 'postgres'), { recursive: true, mode: 0o711 });
  const server = await launch({ pointerPath: join(folder, 'postgres.json'), dataDirectory });
  await assertOwn(server.url, dataDirectory);
  const pid = Number(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { url: server.url, pid, stop: () => server.stop() };
}

/** @throws when the server that answers is not the one just started */
async function assertOwn(url: string, dataDirectory: string): Promise<void> {
  const pool = createPool(url, 1);
  try {
    const { rows } = await pool.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory !== dataDirectory) {
      throw new Error(`the server at ${new URL(url).host} is not this run's own`);
    }
  } finally {
    await pool.end();
  }
}

export function hasMariadb(): boolean {
  return spawnSync('mariadbd', ['--version']).status === 0;
}

/** A MariaDB with default settings on its own port and data; login root without a password, loopback only. */
export async function startMariadb(folder: string): Promise<OwnServer> {
  const data = join(folder, 'mariadb');
  mkdirSync(data, { recursive: true });
  const account = process.getuid?.() === 0 ? ['--user=root'] : [];
  const common = ['--no-defaults', `--datadir=${data}`, ...account];
  const flags = [...common, '--auth-root-authentication-method=normal', '--skip-test-db'];
  const made = spawnSync('mariadb-install-db', flags, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr}`);
  const port = await freePort();
  const server = spawn(
    'mariadbd',
    [
      ...common,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(data, 'socket')}`,
      '--innodb-buffer-pool-size=512M',
    ],
    { stdio: 'ignore' },
  );
  await answering(port, server);
  return {
    url: `mysql://root@127.0.0.1:${port}/`,
    pid: server.pid ?? 0,
    stop: () => stopped(server),
  };
}

async function answering(port: number, server: ChildProcess): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt += 1) {
    try {
      const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
      await connection.end();
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error('MariaDB did not start');
}

async function stopped(server: ChildProcess): Promise<void> {
  const left = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await left;
}
