import type { PolicyAt } from '../policy/policy.js';

const CASES = 'overspend.cases';
const NONE = 'none';

/**
 * The causes for which overspend may be shared (可分担情形): the dated list that the agency and the lead spelt out. One row with the cause
 * `none` says that nothing is listed. What each cause accounts for is filed.
 */
export function shareableCauses(policy: PolicyAt): readonly string[] {
  if (policy.gapOf(CASES) !== null) return [];
  const causes = policy.table(CASES).map((row) => row['cause'] ?? NONE);
  return [...new Set(causes)].filter((cause) => cause !== NONE);
}

/** `public-health` → `overspend.cause_public_health` */
export function causeFilings(policy: PolicyAt): readonly string[] {
  return shareableCauses(policy).map((cause) => `overspend.cause_${cause.replaceAll('-', '_')}`);
}
