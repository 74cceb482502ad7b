import type { Limits } from '../config/limits.js';

export interface AccessSettings {
  /** Whose journal the entries go to. */
  readonly consortium: string;
  readonly limits: Limits['access'];
}
