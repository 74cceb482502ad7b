import { type Canonical, digest } from '../kernel/hash.js';
import type { PolicyAt } from '../policy/policy.js';
import type { Facts } from './facts.js';

/** SHA-256 over facts: amounts in fen and decimals as text, members in code order. */
export function factsDigest(facts: Facts): string {
  return digest(plain(facts));
}

/** SHA-256 over the steps that run and what the policy says of the parameters they use: another parameter changes nothing. */
export function policyDigest(
  policy: PolicyAt,
  steps: readonly string[],
  used: ReadonlySet<string>,
): string {
  const parameters = [...policy.parameters.values()]
    .filter(({ id }) => used.has(id))
    .map(({ id, value, clause, reading, overlay }) => ({
      ...{ id, value, clause, overlay },
      reading: reading?.key ?? null,
    }));
  return digest(plain({ region: policy.region, on: policy.on, parameters, steps }));
}

function plain(content: unknown): Canonical {
  return JSON.parse(
    JSON.stringify(content, (_, each: unknown) =>
      typeof each === 'bigint' ? each.toString() : each,
    ),
  ) as Canonical;
}
