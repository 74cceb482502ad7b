import type { ClaimGroup, ClaimTable } from './claim-table.js';

/** How often the clean claims of each institution and month were looked at. */
export function timesByGroup(
  claims: ClaimTable,
  examined: Uint16Array,
  clean: Uint8Array,
): (readonly [ClaimGroup, number])[] {
  const times = new Float64Array(claims.groups.length);
  for (let claim = 0; claim < claims.size; claim += 1) {
    const group = claims.group.at(claim);
    times[group] = (times[group] ?? 0) + (examined[claim] ?? 0) * (clean[claim] ?? 0);
  }
  return claims.groups.map((place, group) => [place, times[group] ?? 0] as const);
}
