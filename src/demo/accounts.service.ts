import { writeFileSync } from 'node:fs';
import type pg from 'pg';
import { ACCESS_ROLES, type AccessRole, ROLE_NAMES } from '../access/roles.js';
import { UserService } from '../access/user.service.js';
import { loadLimits } from '../config/limits.loader.js';
import type { Site } from '../config/site.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { JournalService } from '../journal/journal.service.js';

const BY_DEMO = { username: 'demo', roles: [], address: 'local' } as const;

/** Whom the demo's member account belongs to: a hospital with findings, figures and faults to look at. */
const MEMBER = 'H46029900002';

/**
 * One account a role, with passwords of their own that need not be changed: the county is made up, and they stand in a file that only
 * this account of the machine can read.
 *
 * @returns lines to show: all of them the first time, afterwards where they are
 */
export async function demoAccounts(
  { pool, site }: { readonly pool: pg.Pool; readonly site: Site },
  path: string,
): Promise<readonly string[]> {
  const { consortium } = loadConsortium(site.siteDir, null);
  const limits = loadLimits(site.configDir).access;
  const users = new UserService(pool, new JournalService(pool), { consortium, limits });
  if ((await users.list()).length > 0) return [`账号与口令见 ${path}`];
  const lines: string[] = [];
  for (const role of ACCESS_ROLES) lines.push(await account(users, role));
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return ['账号（用户名 口令）', ...lines, `以上也在 ${path}`];
}

async function account(users: UserService, role: AccessRole): Promise<string> {
  const institutions = role === 'member' ? [MEMBER] : 'all';
  const grant = { username: role, roles: [role], institutions } as const;
  const { username, password } = await users.create(grant, BY_DEMO, { mustChangePassword: false });
  return `${username.padEnd(12)}${password}    ${ROLE_NAMES[role]}`;
}
