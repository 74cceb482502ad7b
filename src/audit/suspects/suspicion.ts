/**
 * A question to the books, asked once a run: who may have something a rule of trigger `claims` looks for. It may name somebody for nothing,
 * never miss one. `query` names a file of this folder.
 */
export interface Suspicion {
  readonly query: string;
  readonly values: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/**
 * A query of the books: `$1` consortium, `$2` first day read, `$3` last accounting month, then `values`. It yields `person_id` of
 * `claim` rows with `settled_on >= $2 AND period <= $3`.
 */
export type SuspectQuery = (values: Suspicion['values']) => {
  readonly text: string;
  readonly values: readonly unknown[];
};
