import type { Catalogue } from '../grouping/dip/catalogue.js';
import { DipRuleError } from '../grouping/dip/errors.js';
import type { RulePackage } from '../grouping/dip/rule-package.js';
import { type CaseScore, scoreCase } from '../grouping/dip/score-case.js';
import { Decimal } from '../kernel/decimal.js';
import { add, ZERO_FEN } from '../kernel/money.js';
import { type UnitPoints, unitKey } from './book-facts.js';
import type { BookedCase } from './dip-cases.repository.js';

/** A case of the books with its points. */
export interface ScoredCase extends BookedCase {
  readonly score: CaseScore;
}

/** @throws DipRuleError when the package has no coefficient for an institution */
export function scoreBooked(
  found: BookedCase,
  catalogue: Catalogue,
  rules: RulePackage,
): ScoredCase {
  const score = scoreCase(found, catalogue, rules);
  if (score !== null) return { ...found, score };
  throw new DipRuleError(
    `DIP 规则包 ${rules.package} 没有机构 ${found.institution}（${found.level}）的机构系数`,
    { institution: found.institution, package: rules.package },
  );
}

/** Points by settlement unit and pool; cases without points count at their booked amount. */
export function addUpPoints(cases: readonly ScoredCase[]): ReadonlyMap<string, UnitPoints> {
  const totals = new Map<string, UnitPoints>();
  for (const { pool, institution, booked, score } of cases) {
    const key = unitKey(pool, institution);
    const { points, paidAtActual } = totals.get(key) ?? NONE;
    totals.set(
      key,
      score.points === null
        ? { points, paidAtActual: add(paidAtActual, booked) }
        : { points: points.plus(score.points), paidAtActual },
    );
  }
  return totals;
}

const NONE: UnitPoints = { points: new Decimal(0), paidAtActual: ZERO_FEN };
