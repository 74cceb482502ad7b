import { type Month, monthsOf } from '../kernel/period.js';
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

/** The months whose claims a run is about: none of them at the start of a year. */
export function monthsOfRun({ kind, period }: Pick<RunKey, 'kind' | 'period'>): readonly Month[] {
  if (kind === 'start') return [];
  return kind === 'year' ? monthsOf(period) : [period];
}
