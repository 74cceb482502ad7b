import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import type { Site } from '../../config/site.js';
import { migrateDatabase } from '../../database/migrate.service.js';
import { MIGRATIONS } from '../../database/migrations.js';
import { withTransaction } from '../../database/transaction.repository.js';
import { JournalService, type Verification } from '../../journal/journal.service.js';
import { MANIFEST, type Progress } from './backup.service.js';
import { fileFault, loadTable } from './backup-file.client.js';
import {
  BackupBrokenError,
  BackupVersionError,
  DatabaseNotEmptyError,
  RestoreMismatchError,
} from './errors.js';
import {
  quoted,
  readLayout,
  SAME_TEXT,
  tableDigest,
  withoutForeignKeys,
} from './layout.repository.js';
import { type Manifest, type Partition, parseManifest } from './manifest.js';
import { restoreSiteFiles } from './site-files.client.js';

export interface RestoreOptions {
  readonly pool: pg.Pool;
  readonly site: Site;
  readonly folder: string;
  /** The digest that was noted when the backup was made; null: not compared. */
  readonly digest: string | null;
  readonly progress: Progress;
}

export interface RestoreOutcome {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly journal: readonly Verification[];
  /** False: the site folder exists already and was left alone. */
  readonly siteRestored: boolean;
}

/**
 * Reads a backup completely: every file is there, as long as it was, with the very bytes that were written.
 *
 * @throws BackupBrokenError naming the first bad file; BackupVersionError
 */
export async function checkBackup(
  folder: string,
  noted: string | null,
): Promise<{ readonly manifest: Manifest; readonly digest: string }> {
  const path = join(resolve(folder), MANIFEST);
  if (!existsSync(path)) {
    throw new BackupBrokenError(`${folder} 不是完整的备份：没有 ${MANIFEST}（备份可能中断过）`);
  }
  const parsed = parseManifest(readFileSync(path, 'utf8'));
  if (parsed === null) throw new BackupBrokenError(`${MANIFEST} 被改动或不完整`);
  if (noted !== null && noted !== parsed.digest) {
    throw new BackupBrokenError('备份的摘要与给出的不符：不是当时的那一份');
  }
  assertVersion(parsed.manifest);
  for (const file of [
    ...parsed.manifest.tables.map((table) => table.file),
    ...parsed.manifest.site,
  ]) {
    const fault = await fileFault(folder, file);
    if (fault !== null) throw new BackupBrokenError(fault);
  }
  return parsed;
}

function assertVersion({ migrations }: Manifest): void {
  const known = MIGRATIONS.map(({ name }) => name);
  const same =
    known.length === migrations.length && known.every((name) => migrations.includes(name));
  if (same) return;
  throw new BackupVersionError(
    `备份的结构版本（${migrations.length} 个升级）与本程序（${known.length} 个）不同`,
  );
}

/**
 * Whether the database holds nothing. Its schema may be there; rows may not.
 *
 * @throws DatabaseNotEmptyError naming the first table that holds something
 */
export async function assertEmpty(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    const { tables } = await readLayout(client);
    for (const { name } of tables) {
      const { rowCount } = await client.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`);
      if (rowCount !== 0) throw new DatabaseNotEmptyError(`数据库不是空的：${name} 中有数据`);
    }
  } finally {
    client.release();
  }
}

/**
 * Fills an empty database from a backup in one transaction, and compares every table with what was backed up before committing: either
 * all of it is there, exactly, or nothing is.
 *
 * @throws BackupBrokenError, BackupVersionError, DatabaseNotEmptyError, RestoreMismatchError
 */
export async function restore({
  pool,
  site,
  folder,
  digest,
  progress,
}: RestoreOptions): Promise<RestoreOutcome> {
  const checked = await checkBackup(folder, digest);
  const { manifest } = checked;
  await assertEmpty(pool);
  await migrateDatabase(pool);
  await assertEmpty(pool);
  await withTransaction(pool, async (client) => {
    await client.query(SAME_TEXT);
    for (const partition of manifest.partitions) await client.query(creation(partition));
    await withoutForeignKeys(client, async () => {
      for (const table of manifest.tables) {
        await loadTable(client, resolve(folder), table);
        await progress({ table: table.name, rows: table.rows });
      }
    });
    for (const { table, column, last, called } of manifest.sequences) {
      await client.query('SELECT setval(pg_get_serial_sequence($1, $2), $3::bigint, $4)', [
        quoted(table),
        column,
        last,
        called,
      ]);
    }
    await assertSame(client, manifest);
  });
  await pool.query('ANALYZE');
  const journal = new JournalService(pool);
  const verifications: Verification[] = [];
  for (const { consortium, ...anchor } of manifest.journal) {
    verifications.push(await journal.verify({ consortium, anchor }));
  }
  const siteRestored = restoreSiteFiles(resolve(folder), site);
  return { ...checked, journal: verifications, siteRestored };
}

/** A table of the product that the backup does not know must stay empty; one it knows must be the same. */
async function assertSame(client: pg.PoolClient, manifest: Manifest): Promise<void> {
  const wanted = new Map(manifest.tables.map((table) => [table.name, table]));
  const { tables } = await readLayout(client);
  if (tables.length !== wanted.size) {
    throw new RestoreMismatchError(`恢复后有 ${tables.length} 张表，备份有 ${wanted.size} 张`);
  }
  for (const table of tables) {
    const found = await tableDigest(client, table);
    const expected = wanted.get(table.name);
    if (expected?.digest !== found.digest || expected.rows !== found.rows) {
      throw new RestoreMismatchError(`恢复后的 ${table.name} 与备份不一致`);
    }
  }
}

function creation({ name, parent, bound, dividedBy }: Partition): string {
  const division = dividedBy === null ? '' : ` PARTITION BY ${dividedBy}`;
  return `CREATE TABLE ${quoted(name)} PARTITION OF ${quoted(parent)} ${bound}${division}`;
}
