import { createHmac, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import { sha256 } from '../kernel/hash.js';
import type { Account } from './account.js';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountOf,
  holdAccount,
  passwordHashOf,
  replacePassword,
} from './account.repository.js';
import {
  LockedOutError,
  NotSignedInError,
  SignInRefusedError,
  WeakPasswordError,
} from './errors.js';
import { type Attempt, forgiveAttempt, reserveAttempt } from './lock-out.repository.js';
import { hashPassword, isPassword } from './password.client.js';
import { passwordFault } from './password-rules.js';
import type { AccessSettings } from './settings.js';

/** A session as its holder gets it. The token is known to the holder alone. */
export interface OpenedSession {
  readonly token: string;
  readonly account: Account;
}

/** Signing in and out, and who is signed in. Roles are read again at each request, so that a change takes effect at once. */
export class SessionService {
  constructor(
    private readonly pool: pg.Pool,
    private readonly journal: JournalService,
    private readonly settings: AccessSettings,
  ) {}

  /** @throws LockedOutError, SignInRefusedError: the same for a wrong name, a wrong password and a disabled account */
  async signIn({
    username: typed,
    password,
    address,
  }: Attempt & { readonly password: string }): Promise<OpenedSession> {
    const username = typed.trim().toLowerCase();
    const attempt = { username, address };
    const wait = await withTransaction(this.pool, (client) =>
      reserveAttempt(client, attempt, this.settings.limits),
    );
    if (wait > 0) {
      throw new LockedOutError(`登录失败次数过多，请 ${wait} 秒后再试`, { retrySeconds: wait });
    }
    const hash = await passwordHashOf(this.pool, username);
    if (!(await isPassword(hash, password))) {
      await this.note({
        event: 'sign-in-refused',
        username: hash === null ? null : username,
        address,
      });
      throw new SignInRefusedError('用户名或口令不对');
    }
    return withTransaction(this.pool, async (client) => {
      const account = await holdAccount(client, username);
      // Disabled, or given another password, while the hash was computed.
      if (account === null || account.disabled || account.passwordHash !== hash) {
        throw new SignInRefusedError('用户名或口令不对');
      }
      await forgiveAttempt(client, attempt);
      const token = await openSession(client, account.userId, address);
      await this.note({ event: 'signed-in', username, address }, client);
      return { token, account: withoutHash(account) };
    });
  }

  /**
   * Who holds the token, as of now; null when the session has ended, by time or because the account was disabled.
   *
   * @param isUse  false: only looked at, the session goes on towards its idle end
   */
  async holder(
    token: string,
    { isUse = true }: { readonly isUse?: boolean } = {},
  ): Promise<Account | null> {
    const { idleMinutes, sessionHours } = this.settings.limits;
    const { rows } = await this.pool.query<AccountRow & { stale: boolean }>(HOLDER, [
      sha256(token),
      idleMinutes,
      sessionHours,
    ]);
    const [row] = rows;
    if (row === undefined) return null;
    const { stale, ...account } = row;
    if (stale && isUse) await this.pool.query(SEEN, [sha256(token)]);
    return accountOf(account);
  }

  async signOut(token: string): Promise<void> {
    await this.pool.query('DELETE FROM user_session WHERE token_hash = $1', [sha256(token)]);
  }

  /**
   * Ends every session of the account and opens a new one.
   *
   * @throws NotSignedInError, LockedOutError, SignInRefusedError when the present password is wrong, WeakPasswordError
   */
  async changePassword(change: {
    readonly account: Account;
    readonly current: string;
    readonly next: string;
    readonly address: string;
  }): Promise<OpenedSession> {
    const { account, current, next, address } = change;
    const attempt = { username: account.username, address };
    const fault =
      current === next
        ? '新口令与原口令相同'
        : passwordFault(next, account.username, this.settings.limits);
    if (fault !== null) throw new WeakPasswordError(fault);
    const wait = await withTransaction(this.pool, (client) =>
      reserveAttempt(client, attempt, this.settings.limits),
    );
    if (wait > 0) throw new LockedOutError(`请 ${wait} 秒后再试`, { retrySeconds: wait });
    const hash = await passwordHashOf(this.pool, account.username);
    if (!(await isPassword(hash, current))) throw new SignInRefusedError('原口令不对');
    const passwordHash = await hashPassword(next);
    return withTransaction(this.pool, async (client) => {
      const held = await holdAccount(client, account.username);
      if (held === null || held.disabled || held.passwordHash !== hash) {
        throw new NotSignedInError('会话已结束');
      }
      await forgiveAttempt(client, attempt);
      await replacePassword(client, { userId: held.userId, passwordHash, mustChange: false });
      const token = await openSession(client, held.userId, address);
      await this.note({ event: 'password-changed', username: held.username, address }, client);
      return { token, account: { ...withoutHash(held), mustChangePassword: false } };
    });
  }

  private async note(
    { event, username, address }: SessionEvent,
    client: pg.PoolClient | null = null,
  ): Promise<void> {
    const entry = {
      consortium: this.settings.consortium,
      kind: 'access',
      subject: `user:${username ?? 'unknown'}`,
      content: { event, by: username, address },
    } as const;
    if (client !== null) await this.journal.append(client, entry);
    else await withTransaction(this.pool, (own) => this.journal.append(own, entry));
  }
}

interface SessionEvent {
  readonly event: 'password-changed' | 'sign-in-refused' | 'signed-in';
  /** Null: there is no such account; what was typed is not kept. */
  readonly username: string | null;
  readonly address: string;
}

/** What a request that changes something must carry besides the cookie: known to pages of ours, not to another site's. */
export function forgeryToken(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('forgery').digest('base64url');
}

async function openSession(
  client: pg.ClientBase,
  userId: string,
  address: string,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await client.query(
    'INSERT INTO user_session (token_hash, user_id, address) VALUES ($1, $2, $3)',
    [sha256(token), userId, address],
  );
  await client.query(FORGET_OLD);
  return token;
}

function withoutHash({ passwordHash: _, ...account }: Account & { passwordHash: string }): Account {
  return account;
}

const HOLDER = `
  SELECT ${ACCOUNT_COLUMNS}, s.last_seen_at < now() - interval '1 minute' AS stale
    FROM user_session s JOIN user_account u USING (user_id)
   WHERE s.token_hash = $1 AND NOT u.disabled
     AND s.last_seen_at > now() - make_interval(mins => $2) AND s.created_at > now() - make_interval(hours => $3)`;

const SEEN = 'UPDATE user_session SET last_seen_at = now() WHERE token_hash = $1';

/** Longer than any session may last. */
const FORGET_OLD = `DELETE FROM user_session WHERE created_at < now() - interval '8 days'`;
