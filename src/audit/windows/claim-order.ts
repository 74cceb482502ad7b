import type { ClaimFacts } from '../facts.js';

/** In the order the fund paid: accounting month, then settlement. */
export function claimsByPayment(claims: readonly ClaimFacts[]): ClaimFacts[] {
  return claims.toSorted(
    (a, b) => order(a.period, b.period) || order(a.settledOn, b.settledOn) || order(a.key, b.key),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Claims by a key, each group in the order they came. */
export function groupClaims(
  claims: Iterable<ClaimFacts>,
  keyOf: (claim: ClaimFacts) => string,
): Map<string, ClaimFacts[]> {
  const groups = new Map<string, ClaimFacts[]>();
  for (const claim of claims) {
    const key = keyOf(claim);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [claim]);
    else group.push(claim);
  }
  return groups;
}
