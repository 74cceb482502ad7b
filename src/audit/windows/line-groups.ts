import type { LineFacts } from '../facts.js';

/** Lines somebody was charged for: a line of 0.00 (减免、赠送、价为零的登记) says what was done, and is no charge that others can be too many of. */
export function chargedFor(lines: readonly LineFacts[]): LineFacts[] {
  return lines.filter(({ amountFen }) => amountFen !== 0n);
}

/** Lines by a key, each group in the order the lines came. */
export function groupLines(
  lines: Iterable<LineFacts>,
  keyOf: (line: LineFacts) => string,
): Map<string, LineFacts[]> {
  const groups = new Map<string, LineFacts[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return groups;
}

/**
 * In the order the fund paid: accounting month, then charge time. Excess falls on what was paid last, and what an earlier month's audit
 * found stays as it was when later claims arrive.
 */
export function byPayment(a: LineFacts, b: LineFacts): number {
  if (a.claim.period !== b.claim.period) return a.claim.period < b.claim.period ? -1 : 1;
  return byChargeTime(a, b);
}

/** Oldest charge first; a line without an hour stands before those of its day that have one. */
export function byChargeTime(a: LineFacts, b: LineFacts): number {
  if (a.chargedOn !== b.chargedOn) return a.chargedOn < b.chargedOn ? -1 : 1;
  const minutes = (a.minute ?? -1) - (b.minute ?? -1);
  if (minutes !== 0) return minutes;
  if (a.claim.key !== b.claim.key) return a.claim.key < b.claim.key ? -1 : 1;
  return a.lineNo < b.lineNo ? -1 : a.lineNo > b.lineNo ? 1 : 0;
}
