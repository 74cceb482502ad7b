import { type Decimal, decimal } from '../kernel/decimal.js';
import { GRADES, type Grade } from '../policy/policy-schema.js';

/**
 * Scoring of an assessment (考核评分): each indicator earns its weight where it reaches `full`, nothing where it stands at `zero`, and
 * in between in proportion; a grade follows from the total. The scheme is data: the texts name indicators and give no weights.
 */
export interface SchemeRow {
  readonly indicator: string;
  /** Points of the total. */
  readonly weight: Decimal;
  /** The value that earns all, and the one that earns nothing; full above zero where more is better. */
  readonly full: Decimal;
  readonly zero: Decimal;
}

/** A row of the parameter `assessment.scheme`. @throws RangeError when full and zero are the same */
export function schemeRow(row: Readonly<Record<string, string>>): SchemeRow {
  const read = (name: string): Decimal => decimal(row[name] ?? '');
  const [weight, full, zero] = [read('weight'), read('full'), read('zero')];
  const indicator = row['indicator'] ?? '';
  if (full.eq(zero)) throw new RangeError(`${indicator}: full and zero are the same`);
  return { indicator, weight, full, zero };
}

/** Points earned: linear between `zero` and `full`, cut off at both ends. */
export function points({ weight, full, zero }: SchemeRow, value: Decimal): Decimal {
  const part = value.minus(zero).div(full.minus(zero));
  if (part.lte(0)) return weight.times(0);
  return part.gte(1) ? weight : weight.times(part);
}

export interface Bound {
  readonly grade: Grade;
  readonly from: Decimal;
}

/** Rows of the parameter `assessment.grade_bounds`. @throws RangeError for an unknown grade */
export function gradeBounds(rows: readonly Readonly<Record<string, string>>[]): readonly Bound[] {
  return rows
    .map((row) => {
      const grade = GRADES.find((each) => each === row['grade']);
      if (grade === undefined) throw new RangeError(`no grade ${row['grade']}`);
      return { grade, from: decimal(row['from'] ?? '') };
    })
    .sort((a, b) => b.from.comparedTo(a.from));
}

/** The first grade whose bound the score reaches (as a percentage of all weights); the last bound is everyone's. */
export function gradeOf(score: Decimal, bounds: readonly Bound[]): Grade | null {
  return (bounds.find(({ from }) => score.gte(from)) ?? bounds.at(-1))?.grade ?? null;
}
