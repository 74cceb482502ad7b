import type { Account } from '../access/account.js';

/** The signed-in person behind a request. */
export interface Caller extends Account {
  /** Network address the request came from. */
  readonly address: string;
  /** Of the session; never leaves the process but as the cookie it came in. */
  readonly token: string;
}

/** Header by which a page of ours shows that it made the request. */
export const FORGERY_HEADER = 'x-csrf-token';
