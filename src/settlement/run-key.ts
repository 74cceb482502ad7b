import type { PlanName } from '../policy/policy-schema.js';

/** What runs settle on the books: the start-of-year prepayment, a month, the release of its held money, the year. */
export type RunKind = Exclude<PlanName, 'budget'>;

/** Which settlement: one run of it is current. */
export interface RunKey {
  readonly consortium: string;
  readonly kind: RunKind;
  /** A month for `month` and `release`, a year for `start` and `year`. */
  readonly period: string;
}
