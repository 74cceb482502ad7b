import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { ServerAccount } from './postgres-account.launcher.js';
import type { PostgresBinaries } from './postgres-binaries.launcher.js';
import { identify, isAlive } from './process-identity.launcher.js';

/** What one start of the server process needs. */
export interface Cluster {
  readonly binaries: PostgresBinaries;
  readonly account: ServerAccount;
  readonly dataDirectory: string;
  readonly logPath: string;
  readonly password: string;
  readonly settings: readonly string[];
}

const READY_TIMEOUT_MS = 120_000; // crash recovery of a big backfill takes its time
const POLL_MS = 40;
const STOP_TIMEOUT_MS = 30_000;

export function spawnServer(
  { binaries, account, dataDirectory, settings, logPath }: Cluster,
  port: number,
): ChildProcess {
  const log = openSync(logPath, 'w', 0o600);
  const address = ['-D', dataDirectory, '-h', '127.0.0.1', '-p', String(port), '-k', ''];
  const server = spawn(
    binaries.postgres,
    [...address, ...settings.flatMap((setting) => ['-c', setting])],
    // Its own session: Ctrl-C reaches us alone, and we stop the server when our work is put away.
    { ...account, cwd: '/', stdio: ['ignore', log, log], detached: true },
  );
  server.on('error', () => {}); // `becomesReady` sees that it has no pid
  closeSync(log);
  return server;
}

/** True when the server answers and the database exists; false when it died or stayed silent. */
export async function becomesReady(server: ChildProcess, url: string): Promise<boolean> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (isUp(server) && performance.now() < deadline) {
    if (await answers(url)) return true;
    await pause(POLL_MS);
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const found = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'heyi'`);
    if (found.rowCount === 0) await client.query('CREATE DATABASE heyi');
    return true;
  } catch {
    return false; // still starting or recovering
  } finally {
    await client.end().catch(() => {});
  }
}

function isUp(server: ChildProcess): boolean {
  return server.pid !== undefined && server.exitCode === null && server.signalCode === null;
}

/** Fast shutdown of our own child; resolves when it has left. */
export async function gone(server: ChildProcess): Promise<void> {
  if (!isUp(server)) return;
  const left = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  const impatience = setTimeout(() => server.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await left;
  clearTimeout(impatience);
}

/** Stops a server that is not our child. */
export async function interrupt(pid: number): Promise<void> {
  const server = identify(pid);
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (isAlive(server) && performance.now() < deadline) await pause(POLL_MS);
  if (isAlive(server)) process.kill(pid, 'SIGQUIT');
  while (isAlive(server)) await pause(POLL_MS);
}

/** A loopback port nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
