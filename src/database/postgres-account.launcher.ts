import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The account PostgreSQL runs under; null = the account we run under ourselves. PostgreSQL refuses to run as root. */
export type ServerAccount = { readonly uid: number; readonly gid: number } | null;

/** `nobody` on the systems the binaries exist for: owns nothing else, may log in nowhere. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** As root: the owner of an existing data directory, else nobody. As a user: that user. */
export function serverAccount(existingDataDirectory: string): ServerAccount {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(existingDataDirectory, { throwIfNoEntry: false });
  return owner === undefined || owner.uid === 0 ? NOBODY : { uid: owner.uid, gid: owner.gid };
}

/** Whether a foreign account may pass through every folder down to `path` (which may not exist yet). */
export function isTraversable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found !== undefined && (found.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
