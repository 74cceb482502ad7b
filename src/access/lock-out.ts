/** How often a sign-in may fail before the door stays shut for a while. */
export interface LockOutRules {
  /** Failures that cost nothing. */
  readonly freeFailures: number;
  /** Seconds after the first failure beyond these; doubled with each further one. */
  readonly firstSeconds: number;
  readonly mostSeconds: number;
}

/**
 * Seconds during which nobody may try again after the given number of failures in a row.
 *
 * @param failures  this one included
 */
export function lockSeconds(failures: number, rules: LockOutRules): number {
  const beyond = failures - rules.freeFailures;
  if (beyond <= 0) return 0;
  return Math.min(rules.firstSeconds * 2 ** Math.min(beyond - 1, 30), rules.mostSeconds);
}

/** What failures are counted by: one account from one address, an account from anywhere, an address trying any account. */
export const ANY = '*';

/** The counters one attempt touches, most particular first. An account or an address by the counter that stands for it alone is slower to lock. */
export function countersOf(account: string, address: string) {
  return [
    { account, address, patience: 1 },
    { account, address: ANY, patience: 5 },
    { account: ANY, address, patience: 10 },
  ] as const;
}
