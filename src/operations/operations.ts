import type { ReadinessLimits } from './health/readiness.js';

/** Injection token of what this process's operators set. */
export const OPERATIONS = Symbol('OPERATIONS');

export interface Operations {
  readonly role: string;
  readonly dataDir: string;
  /** Null: queues lie in PostgreSQL. */
  readonly redisUrl: string | null;
  readonly limits: ReadinessLimits;
  /** Who may read the metrics from another machine says this; null: nobody may. */
  readonly metricsToken: string | null;
}
