import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DataDirectoryOwnedByOtherError } from './errors.js';
import { isTraversable, type ServerAccount } from './postgres-account.launcher.js';
import type { PostgresBinaries } from './postgres-binaries.launcher.js';
import { runProgram } from './postgres-program.launcher.js';

/** Major version of the shipped server: another major keeps its data elsewhere. */
const DATA_FOLDER = 'postgres-18';

/**
 * Where the data of a clone lives: below its `.heyi`, unless we are root and PostgreSQL's account could not pass through
 * (a clone under a 0700 home); then below /var/lib, in a folder named after the clone.
 */
export function dataFolderOf(home: string): string {
  const local = join(home, '.heyi');
  if (process.getuid?.() !== 0 || isTraversable(local)) return join(local, DATA_FOLDER);
  return join(foreignFolderOf(home), DATA_FOLDER);
}

function foreignFolderOf(home: string): string {
  const clone = createHash('sha256').update(home).digest('hex').slice(0, 12);
  try {
    accessSync('/var/lib', constants.W_OK);
    mkdirSync('/var/lib/heyi', { recursive: true });
    chmodSync('/var/lib/heyi', 0o711); // a strict umask would shut PostgreSQL's account out
    return join('/var/lib/heyi', clone);
  } catch {
    return join(tmpdir(), `heyi-${clone}`);
  }
}

/** Fails early, in plain words, where another account's run left its data. */
export function assertOwnFolder(dataDirectory: string): void {
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  const uid = process.getuid?.();
  if (owner === undefined || uid === undefined || uid === 0 || owner.uid === uid) return;
  throw new DataDirectoryOwnedByOtherError('数据目录属于另一个用户', { path: dataDirectory });
}

/** The whole cluster appears in one move, so that a start killed half-way leaves nothing that looks finished. */
export function initialise(
  dataDirectory: string,
  binaries: PostgresBinaries,
  account: ServerAccount,
): string {
  const password = randomBytes(24).toString('hex');
  const unfinished = `${dataDirectory}.unfinished`;
  const passwordFile = `${unfinished}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(dataDirectory), { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [unfinished, passwordFile]) handOver(path, account);
  try {
    const options = ['-D', unfinished, '-U', 'heyi', '--pwfile', passwordFile];
    runProgram({ program: binaries.initdb, options: [...options, ...CLUSTER_OPTIONS], account });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, dataDirectory);
  return password;
}

/** One collation on every system: PostgreSQL's own C.UTF-8, ordering by code point. */
const CLUSTER_OPTIONS = [
  ...['-A', 'scram-sha-256', '-E', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin'],
  ...['--builtin-locale', 'C.UTF-8', '--data-checksums'],
] as const;

/** A new password for a cluster whose pointer was lost; the server must be down. */
export function resetPassword(
  dataDirectory: string,
  binaries: PostgresBinaries,
  account: ServerAccount,
): string {
  const password = randomBytes(24).toString('hex');
  runProgram({
    program: binaries.postgres,
    options: ['--single', '-D', dataDirectory, 'postgres'],
    account,
    input: `ALTER ROLE heyi PASSWORD '${password}';\n`,
  });
  return password;
}

export function isInitialised(dataDirectory: string): boolean {
  return existsSync(join(dataDirectory, 'PG_VERSION'));
}

/** As root the parent folders must let PostgreSQL's account pass. */
export function openWay(dataDirectory: string, account: ServerAccount): void {
  mkdirSync(dirname(dataDirectory), { recursive: true });
  if (account !== null) chmodSync(dirname(dataDirectory), 0o711);
}

function handOver(path: string, account: ServerAccount): void {
  if (account !== null) chownSync(path, account.uid, account.gid);
}
