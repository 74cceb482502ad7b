import type { NotApplicableReason } from '../not-applicable.js';

/**
 * A question to the books, asked once a run: who may have something a rule of trigger `claims` looks for. It may name somebody for nothing,
 * never miss one. `query` names a file of this folder.
 */
export interface Suspicion {
  readonly query: string;
  readonly values: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** What of everybody else cannot be judged, so that the coverage report counts it though nobody reads it. */
  readonly unjudged?: { readonly query: string; readonly reason: NotApplicableReason };
}

/**
 * A query of the books: `$1` consortium, `$2` first day read, `$3` last accounting month, then `values`. It yields `person_id` of
 * `claim` rows with `settled_on >= $2 AND period <= $3`; of claims that cannot be judged, one row each with `period` and `institution`.
 */
export type SuspectQuery = (values: Suspicion['values']) => {
  readonly text: string;
  readonly values: readonly unknown[];
  /**
   * One claim decides, and whatever it comes to belongs to its month: the query yields its `period` too, and is asked of the audited months
   * alone, `$2` being the first day on which anything of them was settled.
   */
  readonly ofOneClaim?: true;
};
