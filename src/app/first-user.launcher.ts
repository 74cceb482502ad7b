import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssuedPassword } from '../access/user.service.js';

/**
 * Tells whoever installs the gateway the first administrator's password, once: on the terminal, or, where output goes into a log, in a
 * file that only this account of the machine can read.
 *
 * @param dataDir  of the site
 * @returns lines to show
 */
export function announceFirstUser(
  { username, password }: IssuedPassword,
  { dataDir, isTerminal }: { readonly dataDir: string; readonly isTerminal: boolean },
): readonly string[] {
  const said = `首位安全管理员 ${username}，首次登录须改口令 / first administrator, change the password at first use`;
  if (isTerminal) return [said, `口令（只显示这一次）/ password, shown this once: ${password}`];
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'first-password');
  writeFileSync(path, `${username} ${password}\n`, { mode: 0o600 });
  return [said, `口令在 ${path}，看过后请删除 / password is in this file: delete it after reading`];
}
