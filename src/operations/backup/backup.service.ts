import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import type { Site } from '../../config/site.js';
import { dumpTable, flushed, writeBackupFile } from './backup-file.client.js';
import { BackupFolderError } from './errors.js';
import {
  appliedMigrations,
  quoted,
  readLayout,
  readSequences,
  SAME_TEXT,
  tableDigest,
} from './layout.repository.js';
import { type BackupTable, type Manifest, manifestDigest, manifestText } from './manifest.js';
import { copySiteFiles } from './site-files.client.js';

export const MANIFEST = 'manifest.json';

/** Told after each table; the next one waits for it. */
export type Progress = (done: {
  readonly table: string;
  readonly rows: string;
}) => void | Promise<void>;

export interface BackupOptions {
  readonly pool: pg.Pool;
  readonly site: Site;
  /** A folder that does not exist yet. */
  readonly folder: string;
  readonly progress: Progress;
}

export interface BackupOutcome {
  readonly folder: string;
  readonly digest: string;
  readonly manifest: Manifest;
}

/**
 * Copies every table as it stood at one moment into compressed files, with a list of what they are. Works on the embedded server and on
 * any other; needs no program beside this one. The folder appears under its name in one move, when all of it is on the disk.
 *
 * @throws BackupFolderError
 */
export async function backUp({
  pool,
  site,
  folder,
  progress,
}: BackupOptions): Promise<BackupOutcome> {
  const target = resolve(folder);
  const unfinished = `${target}.unfinished`;
  if (existsSync(target)) throw new BackupFolderError(`${target} 已存在`);
  if (!existsSync(dirname(target))) throw new BackupFolderError(`${dirname(target)} 不存在`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, 'tables'), { recursive: true, mode: 0o700 });
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${SAME_TEXT}`);
    const snapshot = await dumped(client, unfinished, progress);
    const manifest = { ...snapshot, site: [...(await copySiteFiles(site, unfinished))] };
    await client.query('COMMIT');
    broken = false;
    await writeBackupFile(unfinished, MANIFEST, [Readable.from([manifestText(manifest)])]);
    await flushed(unfinished);
    renameSync(unfinished, target);
    await flushed(dirname(target));
    const digest = manifestDigest(manifest);
    await record(pool, { folder: target, digest, manifest });
    return { folder: target, digest, manifest };
  } finally {
    client.release(broken);
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function dumped(
  client: pg.PoolClient,
  folder: string,
  progress: Progress,
): Promise<Omit<Manifest, 'site'>> {
  const { rows: now } = await client.query<{ at: string }>('SELECT now() AS at');
  const layout = await readLayout(client);
  for (const { root } of layout.tables) {
    // Nobody may drop a month while it is being read; rows may come and go as they like.
    await client.query(`LOCK TABLE ${quoted(root)} IN ACCESS SHARE MODE`);
  }
  const tables: BackupTable[] = [];
  for (const table of layout.tables) {
    const { rows, digest } = await tableDigest(client, table);
    const path = `tables/${table.name}.copy.gz`;
    const { name, columns } = table;
    const file = await writeBackupFile(
      folder,
      path,
      dumpTable(client, { name, columns: [...columns] }),
    );
    tables.push({ name, columns: [...columns], rows, digest, file });
    await progress({ table: name, rows });
  }
  const { rows: journal } = await client.query(
    'SELECT consortium, seq::text AS seq, entry_hash AS hash FROM journal_head ORDER BY consortium',
  );
  return {
    format: 'heyi-backup-1',
    takenAt: now[0]?.at ?? '',
    migrations: [...(await appliedMigrations(client))],
    partitions: [...layout.partitions],
    tables,
    sequences: [...(await readSequences(client))],
    journal,
  };
}

async function record(pool: pg.Pool, { folder, digest, manifest }: BackupOutcome): Promise<void> {
  const tables = Object.fromEntries(
    manifest.tables.map(({ name, rows, digest: each }) => [name, { rows, digest: each }]),
  );
  await pool.query(
    'INSERT INTO backup_record (taken_at, manifest_digest, folder, tables) VALUES ($1, $2, $3, $4)',
    [manifest.takenAt, digest, folder, JSON.stringify(tables)],
  );
}
