import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { DataDirectoryOwnedByOtherError } from './errors.js';

const processIdentity = z.strictObject({ pid: z.int(), startTicks: z.string().nullable() });

const pointerSchema = z.strictObject({
  dataDirectory: z.string(),
  password: z.string(),
  /** Null when stopped in an orderly way. */
  running: z
    .strictObject({ owner: processIdentity, postgresPid: z.int().nullable(), port: z.int() })
    .nullable(),
});

/** How a second terminal finds the server of this clone, and how the next start knows what the last one left behind. */
export type PostgresPointer = z.infer<typeof pointerSchema>;

/** @returns null when there is none, or it is not ours to understand (then it is written anew) */
export function readPointer(path: string): PostgresPointer | null {
  try {
    return pointerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') return null;
    throw new DataDirectoryOwnedByOtherError('.heyi 文件夹属于另一个用户', { path }, { cause });
  }
}

/** Replaces the pointer in one move; only our account may read it, for it holds the password. */
export function writePointer(path: string, pointer: PostgresPointer): void {
  const unfinished = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  chmodSync(dirname(path), 0o711); // PostgreSQL's account passes through to its data, and sees nothing else
  writeFileSync(unfinished, `${JSON.stringify(pointer, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}

/** The connection string of a running server; the user and its database carry the product's name. */
export function pointerUrl(
  { password, running }: PostgresPointer,
  database = 'heyi',
): string | null {
  return running === null ? null : postgresUrl(running.port, password, database);
}

export function postgresUrl(port: number, password: string, database: string): string {
  return `postgres://heyi:${password}@127.0.0.1:${port}/${database}`;
}
