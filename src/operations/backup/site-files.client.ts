import { cpSync, createReadStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Site } from '../../config/site.js';
import { keyPathOf } from '../../secrets/key-file.loader.js';
import { writeBackupFile } from './backup-file.client.js';
import type { BackupFile } from './manifest.js';

const FOLDER = 'site';

/** Copies what IT staff edit, envelopes of secrets included. The key that opens them never goes with the data it protects. */
export async function copySiteFiles(site: Site, folder: string): Promise<readonly BackupFile[]> {
  if (!existsSync(site.siteDir)) return [];
  const key = resolve(keyPathOf(site));
  const paths = readdirSync(site.siteDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !resolve(path).startsWith(key))
    .sort();
  const copied: BackupFile[] = [];
  for (const path of paths) {
    const inside = `${FOLDER}/${relative(site.siteDir, path).split('\\').join('/')}`;
    mkdirSync(dirname(join(folder, inside)), { recursive: true, mode: 0o700 });
    copied.push(await writeBackupFile(folder, inside, [createReadStream(path)]));
  }
  return copied;
}

/** Puts the site folder back where there is none. @returns whether it did */
export function restoreSiteFiles(folder: string, { siteDir }: Site): boolean {
  const kept = join(folder, FOLDER);
  if (existsSync(siteDir) || !existsSync(kept)) return false;
  cpSync(kept, siteDir, { recursive: true, errorOnExist: true });
  return true;
}
