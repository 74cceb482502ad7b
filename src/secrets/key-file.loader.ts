import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Site } from '../config/site.js';
import { type KeyEncryptionKey, keyOf } from './envelope.js';
import { KeyMissingError } from './errors.js';

/**
 * The site's key file: base64 of 32 bytes a line. The first line is the key in use; further lines are older keys that envelopes may still
 * be wrapped by while a change of key is under way on several hosts.
 */
export interface KeyRing {
  readonly path: string;
  readonly current: KeyEncryptionKey;
  readonly all: readonly KeyEncryptionKey[];
}

/** HEYI_KEK_FILE, else a file beside the data folder, never inside it: drop folders are shared with others. */
export function keyPathOf({ dataDir }: Site): string {
  return process.env['HEYI_KEK_FILE'] ?? join(dirname(dataDir), 'kek');
}

/** @throws KeyMissingError when there is no file, or it holds no key */
export function readKeys(site: Site): KeyRing {
  const path = keyPathOf(site);
  if (!existsSync(path)) throw new KeyMissingError(`没有找到主密钥文件 ${path}`, { path });
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  const all = lines.flatMap((line) => {
    if (line === '') return [];
    const key = keyOf(Buffer.from(line, 'base64'));
    if (key === null) throw new KeyMissingError(`主密钥文件 ${path} 的内容不是密钥`, { path });
    return [key];
  });
  const [current] = all;
  if (current === undefined) throw new KeyMissingError(`主密钥文件 ${path} 是空的`, { path });
  return { path, current, all };
}

/** The keys, made at random at first use. @returns `made` when they were not there before */
export function readOrMakeKeys(site: Site): KeyRing & { readonly made: boolean } {
  const path = keyPathOf(site);
  const made = !existsSync(path);
  if (made) writeKeys(path, [newKey()]);
  return { ...readKeys(site), made };
}

export function newKey(): KeyEncryptionKey {
  const key = keyOf(randomBytes(32));
  if (key === null) throw new RangeError('A key has 32 bytes');
  return key;
}

/** Replaces the file in one move; only its owner may read it. */
export function writeKeys(path: string, keys: readonly KeyEncryptionKey[]): void {
  const unfinished = `${path}.unfinished`;
  mkdirSync(dirname(path), { recursive: true });
  const text = keys.map(({ bytes }) => `${bytes.toString('base64')}\n`).join('');
  writeFileSync(unfinished, text, { mode: 0o600 });
  chmodSync(unfinished, 0o600); // an unfinished one of a killed run keeps its mode
  renameSync(unfinished, path);
}
