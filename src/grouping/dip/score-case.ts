import type { InstitutionLevel, Pool } from '../../claims/claim.js';
import { Decimal } from '../../kernel/decimal.js';
import { type Fen, toDecimalFen } from '../../kernel/money.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import { type CaseCodes, groupCase } from './group-case.js';
import type { DeviationRow, RulePackage } from './rule-package.js';

/** An inpatient case with everything its points depend on. Amounts are net of refunds. */
export interface DipCase extends CaseCodes {
  readonly institution: string;
  readonly level: InstitutionLevel;
  readonly pool: Pool;
}

/** How a case was valued. */
export interface CaseScore {
  /** Group code; null: no entry fits. */
  readonly group: string | null;
  /** Points, rounded once to the package's decimals; null: no score, paid at its booked amount. */
  readonly points: Decimal | null;
  /** The deviation needs an expert's look. */
  readonly review: boolean;
}

/**
 * Points of a case (病例分值): score × deviation factor × institution coefficient, one division and one rounding.
 *
 * @returns null when the institution has no coefficient: the run must halt, not guess
 */
export function scoreCase(
  found: DipCase,
  catalogue: Catalogue,
  rules: RulePackage,
): CaseScore | null {
  const entry = groupCase(found, catalogue);
  if (entry === null) return ungrouped(found.cost, rules);
  if (entry.score.isZero()) return { group: entry.code, points: null, review: true };
  const coefficient = entry.coefficient ?? coefficientOf(found, rules);
  if (coefficient === null) return null;
  const mean = entry.meanByLevel[found.level] ?? entry.mean;
  const row = deviationOf(found.cost, mean, rules.deviation);
  return {
    group: entry.code,
    points: pointsOf({ entry, row, coefficient, cost: found.cost, mean }).toDecimalPlaces(
      rules.caseDecimals,
      Decimal.ROUND_HALF_UP,
    ),
    review: row.review,
  };
}

/** The row of the deviation table for cost ÷ mean, by exact comparison. */
export function deviationOf(cost: Fen, mean: Fen, rows: readonly DeviationRow[]): DeviationRow {
  const row = rows.find(({ upTo, inclusive }) => {
    if (upTo === undefined) return true;
    const bound = upTo.times(toDecimalFen(mean));
    return inclusive === true ? bound.gte(toDecimalFen(cost)) : bound.gt(toDecimalFen(cost));
  });
  if (row === undefined) throw new RangeError('the last deviation row has no bound');
  return row;
}

interface Valued {
  readonly entry: CatalogueEntry;
  readonly row: DeviationRow;
  readonly coefficient: Decimal;
  readonly cost: Fen;
  readonly mean: Fen;
}

/** Unrounded; multiplied out before the one division, so that no digit is lost in between. */
function pointsOf({ entry, row, coefficient, cost, mean }: Valued): Decimal {
  const constant = row.addCoefficient ? row.constant.plus(coefficient) : row.constant;
  const weighted = row.slope
    .times(toDecimalFen(cost))
    .plus(constant.times(toDecimalFen(mean)))
    .times(entry.score);
  return (row.applyCoefficient ? weighted.times(coefficient) : weighted).div(toDecimalFen(mean));
}

function ungrouped(cost: Fen, { ungrouped: rule, caseDecimals }: RulePackage): CaseScore {
  const points = toDecimalFen(cost)
    .times(rule.score)
    .times(rule.coefficient)
    .div(rule.mean.times(FEN_PER_YUAN))
    .toDecimalPlaces(caseDecimals, Decimal.ROUND_HALF_UP);
  return { group: null, points, review: true };
}

const FEN_PER_YUAN = 100;

function coefficientOf({ institution, level, pool }: DipCase, rules: RulePackage): Decimal | null {
  const own = rules.coefficients.byInstitution[institution];
  if (own instanceof Decimal) return own;
  return own?.[pool] ?? rules.coefficients.byLevel[level] ?? null;
}
