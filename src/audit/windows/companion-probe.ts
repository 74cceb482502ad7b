import type { LinesProbe, PersonLines } from '../pass/probe.js';

/** An item and the codes (by number) of which it needs one. */
export interface NeededCodes {
  readonly code: number;
  readonly required: ReadonlySet<number>;
  readonly maxRatio: number | null;
}

/** An item in a claim that holds none of what it needs, on any day of it; or more units of it in a day or claim than that allows. */
export function companionProbe(needs: readonly NeededCodes[]): LinesProbe {
  const byCode = new Map<number, NeededCodes[]>();
  for (const need of needs) byCode.set(need.code, [...(byCode.get(need.code) ?? []), need]);
  return (lines) => {
    for (let index = 0; index < lines.count; index += 1)
      for (const need of byCode.get(lines.code[index] ?? 0) ?? [])
        if (isShort(lines, index, need)) return true;
    return false;
  };
}

/** Judged by the day at the institution: what is there on the day is there in the visit, so it says yes rather more often than need be. */
function isShort(lines: PersonLines, at: number, { code, required, maxRatio }: NeededCodes) {
  const own = unitsOfDay(lines, at, (other) => other === code);
  const mains = unitsOfDay(lines, at, (other) => required.has(other));
  return mains <= 0 || (maxRatio !== null && own > mains * maxRatio);
}

/** Units charged on the day and at the institution of the line at `at`. */
function unitsOfDay(
  { count, code, day, institution, quantity }: PersonLines,
  at: number,
  counts: (code: number) => boolean,
): number {
  let units = 0;
  for (let index = 0; index < count; index += 1)
    if (day[index] === day[at] && institution[index] === institution[at])
      if (counts(code[index] ?? 0)) units += quantity[index] ?? 0;
  return units;
}
