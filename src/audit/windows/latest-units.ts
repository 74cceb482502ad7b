import type { LineFacts } from '../facts.js';
import { type UnitRange, WHOLE_PART } from '../template.js';

/** The last `excess` units (ten-thousandths), walking back from the line that stands last. */
export function latestUnits(lines: readonly LineFacts[], excess: number): UnitRange[] {
  const taken: UnitRange[] = [];
  let left = excess;
  for (const line of lines.toReversed()) {
    if (left <= 0) break;
    const units = Math.min(left, line.quantity);
    taken.push({ line, from: line.quantity - units, to: line.quantity, part: WHOLE_PART });
    left -= units;
  }
  return taken;
}

/** Ten-thousandths of a unit. */
export function unitsOf(lines: Iterable<LineFacts>): number {
  let units = 0;
  for (const { quantity } of lines) units += quantity;
  return units;
}
