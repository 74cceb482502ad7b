import type pg from 'pg';
import type { Account } from './account.js';
import type { AccessRole, InstitutionScope } from './roles.js';

export interface AccountRow {
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly AccessRole[];
  readonly institutions: readonly string[] | null;
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
}

export const ACCOUNT_COLUMNS = `u.user_id AS "userId", u.username, u.roles, u.institutions,
  u.must_change_password AS "mustChangePassword", u.disabled`;

export function accountOf({ institutions, ...rest }: AccountRow): Account {
  return { ...rest, institutions: institutions ?? 'all' };
}

/** By name, held until the transaction ends. */
export async function holdAccount(
  client: pg.ClientBase,
  username: string,
): Promise<(Account & { readonly passwordHash: string }) | null> {
  const { rows } = await client.query<AccountRow & { passwordHash: string }>(
    `SELECT ${ACCOUNT_COLUMNS}, u.password_hash AS "passwordHash" FROM user_account u WHERE username = $1 FOR UPDATE`,
    [username],
  );
  const [row] = rows;
  return row === undefined ? null : { ...accountOf(row), passwordHash: row.passwordHash };
}

export async function passwordHashOf(
  client: pg.Pool | pg.ClientBase,
  username: string,
): Promise<string | null> {
  const { rows } = await client.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM user_account WHERE username = $1 AND NOT disabled',
    [username],
  );
  return rows[0]?.hash ?? null;
}

export interface NewAccount {
  readonly username: string;
  readonly passwordHash: string;
  readonly roles: readonly AccessRole[];
  readonly institutions: InstitutionScope;
  readonly mustChangePassword: boolean;
}

/** @returns false when the name is taken */
export async function insertAccount(
  client: pg.ClientBase,
  { username, passwordHash, roles, institutions, mustChangePassword }: NewAccount,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO user_account (username, password_hash, roles, institutions, must_change_password)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (username) DO NOTHING`,
    [
      username,
      passwordHash,
      roles,
      institutions === 'all' ? null : institutions,
      mustChangePassword,
    ],
  );
  return rowCount === 1;
}

/** Replaces the password and ends every session of the account. */
export async function replacePassword(
  client: pg.ClientBase,
  { userId, passwordHash, mustChange }: PasswordReplacement,
): Promise<void> {
  await client.query(
    `UPDATE user_account SET password_hash = $2, must_change_password = $3, password_changed_at = now() WHERE user_id = $1`,
    [userId, passwordHash, mustChange],
  );
  await endSessions(client, userId);
}

export interface PasswordReplacement {
  readonly userId: string;
  readonly passwordHash: string;
  readonly mustChange: boolean;
}

export async function endSessions(client: pg.ClientBase, userId: string): Promise<void> {
  await client.query('DELETE FROM user_session WHERE user_id = $1', [userId]);
}
