import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { columnList, quoted } from './layout.repository.js';
import type { BackupFile, BackupTable } from './manifest.js';

/** Writes a stream into a file of the backup that only its owner may read, and waits until the disk has it. */
export async function writeBackupFile(
  folder: string,
  path: string,
  content: readonly [Readable, ...Transform[]],
): Promise<BackupFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const target = join(folder, path);
  await pipeline([...content, measured, createWriteStream(target, { mode: 0o600, flags: 'wx' })]);
  await flushed(target);
  return { path, bytes, sha256: hash.digest('hex') };
}

/** What the disk has of a file or folder survives a power cut. */
export async function flushed(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function dumpTable(
  client: pg.PoolClient,
  { name, columns }: Pick<BackupTable, 'name' | 'columns'>,
): readonly [Readable, Transform] {
  const rows = client.query(copyTo(`COPY ${quoted(name)} (${columnList(columns)}) TO STDOUT`));
  return [rows, createGzip({ level: constants.Z_BEST_SPEED })];
}

export async function loadTable(
  client: pg.PoolClient,
  folder: string,
  { name, columns, file }: BackupTable,
): Promise<void> {
  const sink: Writable = client.query(
    copyFrom(`COPY ${quoted(name)} (${columnList(columns)}) FROM STDIN`),
  );
  await pipeline(createReadStream(join(folder, file.path)), createGunzip(), sink);
}

/** What is wrong with a file of the backup, or null. */
export async function fileFault(folder: string, file: BackupFile): Promise<string | null> {
  const path = join(folder, file.path);
  const found = await stat(path).catch(() => null);
  if (found === null) return `缺少文件 ${file.path}`;
  if (found.size !== file.bytes) return `文件 ${file.path} 长度不符（应为 ${file.bytes} 字节）`;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === file.sha256 ? null : `文件 ${file.path} 内容被改动`;
}
