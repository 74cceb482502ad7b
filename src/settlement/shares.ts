import { Decimal } from '../kernel/decimal.js';
import { allocate, type Fen } from '../kernel/money.js';

/** Largest remainder by weights; negative weights count as none, and where nobody has weight all have the same. */
export function shareOut(total: Fen, weights: readonly Decimal[]): readonly Fen[] {
  if (weights.length === 0) return [];
  const usable = weights.map((weight) => Decimal.max(weight, 0));
  return allocate(
    total,
    usable.every((weight) => weight.isZero()) ? usable.map(() => new Decimal(1)) : usable,
  );
}
