import { AsyncLocalStorage } from 'node:async_hooks';

/** What the running code works for: put into every log line, so that one grep tells a request's or a job's whole story. */
export interface Correlation {
  readonly requestId?: string;
  /** Id in the table of work. */
  readonly workItem?: string;
  readonly runId?: string;
}

const scopes = new AsyncLocalStorage<Correlation>();

/** Empty outside of any request or job. */
export function currentCorrelation(): Correlation {
  return scopes.getStore() ?? {};
}

/** Runs `work` under the given ids, added to those already there. */
export function withCorrelation<T>(correlation: Correlation, work: () => T): T {
  return scopes.run({ ...currentCorrelation(), ...correlation }, work);
}
