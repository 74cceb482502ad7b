import { describe } from '@jest/globals';

/**
 * A suite that needs something a machine may lack (a server, a browser, a folder beside the clone). Where it is absent the suite
 * is skipped by name, and the last lines of `npm test` say which and why.
 *
 * @param reason  what was not found and how to provide it, e.g. `REDIS_URL is not set`
 */
export function describeWhen(
  present: boolean,
  { name, reason }: { readonly name: string; readonly reason: string },
  suite: () => void,
): void {
  if (present) describe(name, suite);
  else describe.skip(`${name} [skipped: ${reason}]`, suite);
}
