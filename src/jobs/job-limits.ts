import type { Limits } from '../config/limits.js';

/** Injection token of the bounds that jobs keep to (`jobs` in config/limits.yaml). */
export const JOB_LIMITS = Symbol('JOB_LIMITS');
export type JobLimits = Limits['jobs'];
