import type { LinesProbe } from '../pass/probe.js';

/** Codes (by number) that must not meet. */
export interface Sides {
  readonly one: ReadonlySet<number>;
  readonly other: ReadonlySet<number>;
}

/** A claim that holds a code of either side. */
export function sidesProbe(conflicts: readonly Sides[]): LinesProbe {
  return ({ count, code, claim }) => {
    const byClaim = new Map<number, Set<number>>();
    for (let index = 0; index < count; index += 1) {
      const own = byClaim.get(claim[index] ?? 0) ?? new Set<number>();
      byClaim.set(claim[index] ?? 0, own.add(code[index] ?? 0));
    }
    return [...byClaim.values()].some((codes) =>
      conflicts.some(({ one, other }) => holdsAny(codes, one) && holdsAny(codes, other)),
    );
  };
}

function holdsAny(codes: ReadonlySet<number>, side: ReadonlySet<number>): boolean {
  for (const code of codes) if (side.has(code)) return true;
  return false;
}
