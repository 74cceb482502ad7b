import type pg from 'pg';
import { sha256 } from '../kernel/hash.js';
import { ANY, countersOf, type LockOutRules, lockSeconds } from './lock-out.js';

/** Failures older than this no longer count. */
const MEMORY_HOURS = 24;

export interface Attempt {
  /** As typed. */
  readonly username: string;
  readonly address: string;
}

interface Counter {
  readonly failures: number;
  readonly wait: number;
}

/**
 * Counts the attempt as a failure before the password is looked at, so that a thousand at once are no more than a thousand in a row.
 *
 * @returns seconds for which nobody may try; 0 = this attempt may go on
 */
export async function reserveAttempt(
  client: pg.ClientBase,
  attempt: Attempt,
  rules: LockOutRules,
): Promise<number> {
  const held: (Counter & { readonly keys: readonly string[]; readonly patience: number })[] = [];
  for (const { account, address, patience } of countersOf(attempt.username, attempt.address)) {
    const keys = [hashed(account), address];
    const { rows } = await client.query<Counter>(HOLD, [...keys, MEMORY_HOURS]);
    held.push({ ...(rows[0] ?? { failures: 0, wait: 0 }), keys, patience });
  }
  const wait = Math.max(...held.map((counter) => counter.wait));
  if (wait > 0) return wait;
  for (const { keys, failures, patience } of held) {
    const seconds = lockSeconds(Math.ceil((failures + 1) / patience), rules);
    await client.query(COUNT, [...keys, failures + 1, seconds]);
  }
  return 0;
}

/** The password was right: the account's counters start anew, the address gets this attempt back. */
export async function forgiveAttempt(
  client: pg.ClientBase,
  { username, address }: Attempt,
): Promise<void> {
  await client.query(
    'DELETE FROM sign_in_failure WHERE account_hash = $1 AND address IN ($2, $3)',
    [hashed(username), address, ANY],
  );
  await client.query(
    `UPDATE sign_in_failure SET failures = greatest(failures - 1, 0), locked_until = now()
      WHERE account_hash = $1 AND address = $2`,
    [ANY, address],
  );
}

/** What people type into the name field is sometimes their password: only its hash is kept. */
function hashed(account: string): string {
  return account === ANY ? ANY : sha256(account);
}

/** Makes or finds the counter and holds it until the transaction ends. */
const HOLD = `
  INSERT INTO sign_in_failure AS f (account_hash, address, failures, locked_until) VALUES ($1, $2, 0, now())
  ON CONFLICT (account_hash, address) DO UPDATE
    SET failures = CASE WHEN f.last_at < now() - make_interval(hours => $3) THEN 0 ELSE f.failures END
  RETURNING failures, greatest(0, ceil(extract(epoch FROM locked_until - now())))::integer AS wait`;

const COUNT = `
  UPDATE sign_in_failure SET failures = $3, last_at = now(), locked_until = now() + make_interval(secs => $4)
   WHERE account_hash = $1 AND address = $2`;
