import type { PolicyAt } from './policy.js';
import { BUCKETS, type Bucket, type ScopeRule } from './policy-schema.js';

/** What of a claim decides its scope. */
export interface ScopeFacts {
  readonly careType: string;
  readonly treatmentArea: string;
  readonly channel: string;
  readonly cause: string;
}

export interface ScopeVerdict {
  readonly bucket: Bucket;
  readonly rule: ScopeRule;
}

/**
 * Where a claim's booked amount goes: the first rule that matches. Null when none does: the table is incomplete and the run halts.
 *
 * @param policy  the policy of the claim's settlement day
 */
export function scopeOf(
  claim: ScopeFacts,
  rules: readonly ScopeRule[],
  policy: PolicyAt,
): ScopeVerdict | null {
  const rule = rules.find(({ when }) => matches(claim, when));
  if (rule === undefined) return null;
  const bucket = rule.bucket ?? asBucket(policy.text(rule.parameter ?? ''));
  return { bucket, rule };
}

function matches(claim: ScopeFacts, when: ScopeRule['when']): boolean {
  return Object.entries(when).every(([field, value]) => claim[field as keyof ScopeFacts] === value);
}

function asBucket(text: string): Bucket {
  const found = BUCKETS.find((bucket) => bucket === text);
  if (found === undefined) throw new RangeError(`not a bucket of the scope table: ${text}`);
  return found;
}
