import { endOfCode, type LinesProbe, type PersonLines } from '../pass/probe.js';

/**
 * A drug is given while at least so many days of it are left, supplies being used up one after the other. `code` is the drug, `quantity`
 * the days. In which order those of one day were given is not known: all the others may have been before.
 */
export function supplyProbe(daysLeft: number): LinesProbe {
  return (lines) => {
    for (let from = 0; from < lines.count; from = endOfCode(lines, from))
      if (isSuppliedTwice(lines, from, daysLeft)) return true;
    return false;
  };
}

function isSuppliedTwice(lines: PersonLines, from: number, daysLeft: number): boolean {
  const end = endOfCode(lines, from);
  let until = Number.NEGATIVE_INFINITY;
  for (let index = from; index < end; ) {
    const day = lines.day[index] ?? 0;
    const first = index;
    let [given, least] = [0, Number.POSITIVE_INFINITY];
    for (; index < end && lines.day[index] === day; index += 1) {
      given += lines.quantity[index] ?? 0;
      least = Math.min(least, lines.quantity[index] ?? 0);
    }
    const others = index - first > 1 ? given - least : 0;
    if (Math.max(until - day, 0) + others >= daysLeft) return true;
    until = Math.max(until, day) + given;
  }
  return false;
}
