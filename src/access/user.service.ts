import type pg from 'pg';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import { type Account, type Actor, USERNAME } from './account.js';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountOf,
  endSessions,
  holdAccount,
  insertAccount,
  replacePassword,
} from './account.repository.js';
import {
  GrantRefusedError,
  LastAdministratorError,
  OwnAccountError,
  UnknownUserError,
  UserExistsError,
} from './errors.js';
import { generatePassword, hashPassword } from './password.client.js';
import { type AccessRole, grantFault, type InstitutionScope } from './roles.js';
import type { AccessSettings } from './settings.js';

/** An account whose password was made just now: shown once, kept nowhere. */
export interface IssuedPassword {
  readonly username: string;
  readonly password: string;
}

export interface Grant {
  readonly username: string;
  readonly roles: readonly AccessRole[];
  readonly institutions: InstitutionScope;
}

const FIRST_ADMINISTRATOR = 'admin';

/** Accounts: who may sign in and as what. Every change ends the account's sessions and is journalled. */
export class UserService {
  constructor(
    private readonly pool: pg.Pool,
    private readonly journal: JournalService,
    private readonly settings: AccessSettings,
  ) {}

  async list(): Promise<readonly Account[]> {
    const { rows } = await this.pool.query<AccountRow>(
      `SELECT ${ACCOUNT_COLUMNS} FROM user_account u ORDER BY username`,
    );
    return rows.map(accountOf);
  }

  /** Makes the first security administrator of an installation that has no account at all; null when it has. */
  async ensureFirst(): Promise<IssuedPassword | null> {
    const { rowCount } = await this.pool.query('SELECT 1 FROM user_account LIMIT 1');
    if (rowCount !== 0) return null;
    const grant = {
      username: FIRST_ADMINISTRATOR,
      roles: ['security'],
      institutions: 'all',
    } as const;
    const issued = await issue(grant.username);
    return this.changing(async (client) => {
      const { rowCount: others } = await client.query('SELECT 1 FROM user_account LIMIT 1');
      if (others !== 0) return null;
      await insertAccount(client, { ...grant, ...issued.stored, mustChangePassword: true });
      await this.note(client, { event: 'created', grant, by: START });
      return issued.shown;
    });
  }

  /** @throws GrantRefusedError, UserExistsError */
  async create(
    grant: Grant,
    by: Actor,
    { mustChangePassword = true }: { readonly mustChangePassword?: boolean } = {},
  ): Promise<IssuedPassword> {
    requireFitting(grant);
    const issued = await issue(grant.username);
    return this.changing(async (client) => {
      const isNew = await insertAccount(client, { ...grant, ...issued.stored, mustChangePassword });
      if (!isNew) throw new UserExistsError(`用户名 ${grant.username} 已存在`);
      await this.note(client, { event: 'created', grant, by });
      return issued.shown;
    });
  }

  /** Replaces roles and institutions. @throws UnknownUserError, GrantRefusedError, LastAdministratorError, OwnAccountError */
  async grant(grant: Grant, by: Actor): Promise<void> {
    requireFitting(grant);
    requireOther(grant.username, by);
    const { roles, institutions } = grant;
    await this.changing(async (client) => {
      const { userId } = await known(client, grant.username);
      await client.query(
        'UPDATE user_account SET roles = $2, institutions = $3 WHERE user_id = $1',
        [userId, roles, institutions === 'all' ? null : institutions],
      );
      await endSessions(client, userId);
      await this.note(client, { event: 'granted', grant, by });
    });
  }

  /** @throws UnknownUserError, LastAdministratorError, OwnAccountError */
  async setDisabled(username: string, disabled: boolean, by: Actor): Promise<void> {
    requireOther(username, by);
    await this.changing(async (client) => {
      const { userId } = await known(client, username);
      await client.query('UPDATE user_account SET disabled = $2 WHERE user_id = $1', [
        userId,
        disabled,
      ]);
      await endSessions(client, userId);
      await this.note(client, {
        event: disabled ? 'disabled' : 'enabled',
        grant: { username },
        by,
      });
    });
  }

  /** @throws UnknownUserError */
  async resetPassword(username: string, by: Actor): Promise<IssuedPassword> {
    const { shown, stored } = await issue(username);
    return this.changing(async (client) => {
      const { userId } = await known(client, username);
      await replacePassword(client, { userId, ...stored, mustChange: true });
      await this.note(client, { event: 'password-reset', grant: { username }, by });
      return shown;
    });
  }

  /** One change at a time; none may leave the installation without somebody to manage accounts. */
  private changing<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return withTransaction(this.pool, async (client) => {
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('user_account', 0))`);
      const before = await administrators(client);
      const result = await work(client);
      if (before > 0 && (await administrators(client)) === 0) {
        throw new LastAdministratorError('这是最后一名可用的安全管理员');
      }
      return result;
    });
  }

  private async note(client: pg.PoolClient, { event, grant, by }: AccountEvent): Promise<void> {
    const { username, roles, institutions } = grant;
    await this.journal.append(client, {
      consortium: this.settings.consortium,
      kind: 'access',
      subject: `user:${username}`,
      content: {
        event,
        ...(roles !== undefined && { roles: [...roles].sort() }),
        ...(institutions !== undefined && {
          institutions: institutions === 'all' ? 'all' : [...institutions].sort(),
        }),
        by: by.username,
        byRoles: [...by.roles],
        address: by.address,
      },
    });
  }
}

interface AccountEvent {
  readonly event: 'created' | 'disabled' | 'enabled' | 'granted' | 'password-reset';
  readonly grant: Partial<Grant> & Pick<Grant, 'username'>;
  readonly by: Actor;
}

/** Nobody: the installation itself, at its first start. */
const START: Actor = { username: 'installation', roles: [], address: 'local' };

async function issue(username: string) {
  const password = generatePassword();
  return {
    shown: { username, password },
    stored: { passwordHash: await hashPassword(password) },
  };
}

function requireFitting({ username, roles, institutions }: Grant): void {
  const fault = USERNAME.test(username)
    ? grantFault(roles, institutions)
    : '用户名应为 2–32 个小写字母、数字或 . _ -，以字母开头';
  if (fault !== null) throw new GrantRefusedError(fault);
}

function requireOther(username: string, by: Actor): void {
  if (by.username === username) throw new OwnAccountError('不能修改自己的角色或停用自己');
}

async function known(client: pg.ClientBase, username: string): Promise<Account> {
  const account = await holdAccount(client, username);
  if (account === null) throw new UnknownUserError(`没有用户 ${username}`);
  return account;
}

async function administrators(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) FROM user_account WHERE roles @> ARRAY['security'] AND NOT disabled`,
  );
  return Number(rows[0]?.count ?? 0);
}
