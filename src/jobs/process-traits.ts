/** Injection token of what this process is. */
export const PROCESS = Symbol('PROCESS');

export interface ProcessTraits {
  /** `all`, `api`, `scheduler` or `worker`. */
  readonly role: string;
  readonly backend: 'postgres' | 'redis';
}
