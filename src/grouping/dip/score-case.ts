import type { InstitutionLevel, Pool } from '../../claims/claim.js';
import { Decimal } from '../../kernel/decimal.js';
import type { Fen } from '../../kernel/money.js';
import { divide, toScaled } from '../../kernel/scaled.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import { type CaseCodes, candidatesOf, nearestOf } from './group-case.js';
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
  /** Points as an integer of the package's decimals, rounded once; null: no score, paid at its booked amount. */
  readonly points: bigint | null;
  /** The deviation needs an expert's look. */
  readonly review: boolean;
}

/** One row of the deviation table for one entry at one place: points = (slope × cost + constant) ÷ divisor. */
interface ValuedRow {
  /** Highest cost in fen that the row takes; null: any. */
  readonly upToFen: bigint | null;
  readonly slope: bigint;
  readonly constant: bigint;
  readonly divisor: bigint;
  readonly review: boolean;
  /** The score of every case in a row whose points do not depend on the cost; null: they do. */
  readonly flat: CaseScore | null;
}

/** An institution as a pool pays it. */
interface Place {
  readonly level: InstitutionLevel;
  readonly pool: Pool;
  /** Null: the package names none. */
  readonly coefficient: Decimal | null;
  readonly valued: Map<CatalogueEntry, readonly ValuedRow[] | null>;
}

/** So many combinations of diagnosis and operations are remembered with their candidates. */
const REMEMBERED = 50_000;

/**
 * Points of cases (病例分值): score × deviation factor × institution coefficient, one division and one half-up rounding a case. What does
 * not depend on the cost is multiplied out once, in exact integers; a case then costs a product, a sum and a division.
 */
export class CaseScorer {
  /** Decimals of the points. */
  readonly places: number;
  /** By diagnosis, then operations. */
  private readonly candidates = new Map<string, Map<string, readonly CatalogueEntry[]>>();
  private remembered = 0;
  /** By institution; a few levels and pools each. */
  private readonly placesByInstitution = new Map<string, Place[]>();
  private readonly zeroScores = new Map<CatalogueEntry, CaseScore>();
  private readonly ungrouped: { readonly factor: bigint; readonly divisor: bigint };

  constructor(
    private readonly catalogue: Catalogue,
    private readonly rules: RulePackage,
  ) {
    this.places = rules.caseDecimals;
    this.ungrouped = ungroupedOf(rules);
  }

  /** @returns null when the institution has no coefficient: the run must halt, not guess */
  score(found: DipCase): CaseScore | null {
    const entry = nearestOf(this.candidatesOf(found), found.cost);
    if (entry === null) return this.scoreUngrouped(found.cost);
    if (entry.score.isZero()) return this.scoreZero(entry);
    const rows = this.rowsOf(found, entry);
    if (rows === null) return null;
    const { slope, constant, divisor, review, flat } = rowOf(rows, found.cost);
    if (flat !== null) return flat;
    const points = divide(slope * found.cost + constant, divisor, 'half-up');
    return { group: entry.code, points, review };
  }

  private candidatesOf(found: DipCase): readonly CatalogueEntry[] {
    const { principalDiagnosis, operations } = found;
    const known = this.candidates.get(principalDiagnosis ?? '');
    const done = operations.length === 0 ? '' : operations.join('\n');
    return known?.get(done) ?? this.remember(found, done);
  }

  private remember(found: DipCase, done: string): readonly CatalogueEntry[] {
    if (this.remembered >= REMEMBERED) {
      this.candidates.clear();
      this.remembered = 0;
    }
    const candidates = candidatesOf(found, this.catalogue);
    const key = found.principalDiagnosis ?? '';
    this.candidates.set(key, (this.candidates.get(key) ?? new Map()).set(done, candidates));
    this.remembered += 1;
    return candidates;
  }

  private scoreZero(entry: CatalogueEntry): CaseScore {
    const known = this.zeroScores.get(entry);
    if (known !== undefined) return known;
    const score = { group: entry.code, points: null, review: true };
    this.zeroScores.set(entry, score);
    return score;
  }

  private scoreUngrouped(cost: Fen): CaseScore {
    const { factor, divisor } = this.ungrouped;
    return { group: null, points: divide(factor * cost, divisor, 'half-up'), review: true };
  }

  private rowsOf(found: DipCase, entry: CatalogueEntry): readonly ValuedRow[] | null {
    const place = this.placeOf(found);
    const known = place.valued.get(entry);
    if (known !== undefined) return known;
    const coefficient = entry.coefficient ?? place.coefficient;
    const rows =
      coefficient === null ? null : valuedRows(entry, { ...place, coefficient }, this.rules);
    place.valued.set(entry, rows);
    return rows;
  }

  private placeOf({ institution, level, pool }: DipCase): Place {
    const known = this.placesByInstitution.get(institution) ?? [];
    const found = known.find((place) => place.level === level && place.pool === pool);
    if (found !== undefined) return found;
    const own = this.rules.coefficients.byInstitution[institution];
    const coefficient =
      own instanceof Decimal
        ? own
        : (own?.[pool] ?? this.rules.coefficients.byLevel[level] ?? null);
    const place = { level, pool, coefficient, valued: new Map() };
    this.placesByInstitution.set(institution, [...known, place]);
    return place;
  }
}

function rowOf(rows: readonly ValuedRow[], cost: Fen): ValuedRow {
  const row = rows.find(({ upToFen }) => upToFen === null || cost <= upToFen);
  if (row === undefined) throw new RangeError('the last deviation row has no bound');
  return row;
}

/** Every row multiplied out for an entry and a coefficient. */
function valuedRows(
  entry: CatalogueEntry,
  { level, coefficient }: { readonly level: InstitutionLevel; readonly coefficient: Decimal },
  { deviation, caseDecimals }: RulePackage,
): readonly ValuedRow[] {
  const mean = entry.meanByLevel[level] ?? entry.mean;
  return deviation.map((row) => {
    const weight = row.applyCoefficient ? entry.score.times(coefficient) : entry.score;
    const added = row.addCoefficient ? row.constant.plus(coefficient) : row.constant;
    const [factor, fixed] = [row.slope.times(weight), added.times(weight)];
    const places = Math.max(factor.decimalPlaces(), fixed.decimalPlaces());
    const shift = 10n ** BigInt(caseDecimals);
    const slope = toScaled(factor, places) * shift;
    const constant = toScaled(fixed, places) * mean * shift;
    const divisor = mean * 10n ** BigInt(places);
    const { review } = row;
    const points = divide(constant, divisor, 'half-up');
    const flat = slope === 0n ? { group: entry.code, points, review } : null;
    return { upToFen: upToFen(row, mean), slope, constant, divisor, review, flat };
  });
}

/** Highest cost for which cost ÷ mean is within the row's bound, by exact comparison. */
export function upToFen({ upTo, inclusive }: DeviationRow, mean: Fen): bigint | null {
  if (upTo === undefined) return null;
  const places = upTo.decimalPlaces();
  const [bound, unit] = [toScaled(upTo, places) * mean, 10n ** BigInt(places)];
  return inclusive === true || bound % unit !== 0n ? bound / unit : bound / unit - 1n;
}

const FEN_PER_YUAN = 100;

function ungroupedOf({ ungrouped: rule, caseDecimals }: RulePackage) {
  const [factor, mean] = [rule.score.times(rule.coefficient), rule.mean.times(FEN_PER_YUAN)];
  const [places, meanPlaces] = [factor.decimalPlaces(), mean.decimalPlaces()];
  return {
    factor: toScaled(factor, places) * 10n ** BigInt(caseDecimals + meanPlaces),
    divisor: toScaled(mean, meanPlaces) * 10n ** BigInt(places),
  };
}
