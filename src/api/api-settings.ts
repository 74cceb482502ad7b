import type { Limits } from '../config/limits.js';

/** The API's own few connections: a busy worker in the same process does not keep people from signing in. */
export const API_POOL = Symbol('API_POOL');

export const API_SETTINGS = Symbol('API_SETTINGS');

export interface ApiSettings {
  /** The only consortium this installation shows. */
  readonly consortium: string;
  /** IANA name: what day it is there decides what is overdue. */
  readonly timezone: string;
  readonly limits: Limits['api'];
}
