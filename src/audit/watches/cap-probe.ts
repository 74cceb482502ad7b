import type { LinesProbe, PersonLines } from '../pass/probe.js';

/** A sum that must not be exceeded, in a claim or a calendar year. */
export interface SumCap {
  readonly window: 'visit' | 'year';
  readonly cap: number;
}

const MS_PER_DAY = 86_400_000;
/** More than there are claims, or years. */
const WINDOWS = 2 ** 32;

/** `code` is the position of a cap, `quantity` what is added up. */
export function sumProbe(caps: readonly SumCap[]): LinesProbe {
  return (lines) => {
    const sums = new Map<number, number>();
    for (let index = 0; index < lines.count; index += 1) {
      const at = lines.code[index] ?? 0;
      const cap = caps[at];
      if (cap === undefined) return true;
      const key = at * WINDOWS + placeOf(lines, index, cap);
      const sum = (sums.get(key) ?? 0) + (lines.quantity[index] ?? 0);
      if (sum > cap.cap) return true;
      sums.set(key, sum);
    }
    return false;
  };
}

function placeOf({ claim, day }: PersonLines, index: number, { window }: SumCap): number {
  return window === 'visit' ? (claim[index] ?? 0) : yearOf(day[index] ?? 0);
}

function yearOf(day: number): number {
  return new Date(day * MS_PER_DAY).getUTCFullYear();
}
