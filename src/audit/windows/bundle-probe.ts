import type { LinesProbe, PersonLines } from '../pass/probe.js';

export interface BundleCodes {
  readonly members: ReadonlySet<number>;
  readonly minMembers: number;
}

/** So many different parts of one bundle on a day at one institution. */
export function bundleProbe(bundles: readonly BundleCodes[]): LinesProbe {
  return (lines) => {
    for (let index = 0; index < lines.count; index += 1)
      for (const bundle of bundles)
        if (bundle.members.has(lines.code[index] ?? 0) && partsOfDay(lines, index, bundle))
          return true;
    return false;
  };
}

function partsOfDay(
  { count, code, day, institution }: PersonLines,
  at: number,
  { members, minMembers }: BundleCodes,
): boolean {
  const parts = new Set<number>();
  for (let index = 0; index < count; index += 1)
    if (day[index] === day[at] && institution[index] === institution[at])
      if (members.has(code[index] ?? 0)) parts.add(code[index] ?? 0);
  return parts.size >= minMembers;
}
