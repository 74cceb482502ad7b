import type { InstitutionLevel, Pool } from '../../claims/claim.js';
import { Decimal } from '../../kernel/decimal.js';
import type { Fen } from '../../kernel/money.js';
import { divide, toScaled } from '../../kernel/scaled.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import { type CaseCodes, candidatesOf, nearestOf } from './group-case.js';
import type { RulePackage } from './rule-package.js';
import { type CasePatient, type Supplement, supplementOf } from './supplement.js';
import {
  type Scales,
  scalesOf,
  type ValuedEntry,
  type ValuedRow,
  valuedEntry,
} from './valued-entry.js';

/** An inpatient case with everything its points depend on. Amounts are net of refunds. */
export interface DipCase extends CaseCodes {
  readonly institution: string;
  readonly level: InstitutionLevel;
  readonly pool: Pool;
  /** What supplementary factors look at; absent where the package has none. */
  readonly patient?: CasePatient;
}

/** How a case was valued. */
export interface CaseScore {
  /** Group code; null: no entry fits. */
  readonly group: string | null;
  /** Points as an integer of the package's decimals, rounded once; null: no score, paid at its booked amount. */
  readonly points: bigint | null;
  /** The deviation needs an expert's look. */
  readonly review: boolean;
  /** The supplementary factor that counted; absent: none. */
  readonly supplement?: string;
}

/** An institution as a pool pays it. */
interface Place {
  readonly level: InstitutionLevel;
  readonly pool: Pool;
  /** Null: the package names none. */
  readonly coefficient: bigint | null;
  /** Scores of rows whose points do not depend on the cost. */
  readonly flat: Map<ValuedRow, CaseScore>;
}

/** A case with everything its price is made of. */
interface Priced {
  readonly place: Place;
  readonly valued: ValuedEntry;
  readonly row: ValuedRow;
  readonly cost: bigint;
  readonly supplement: Supplement | null;
}

/** So many combinations of diagnosis and operations are remembered with their candidates. */
const REMEMBERED = 50_000;

/**
 * Points of cases (病例分值): score × deviation factor × institution coefficient, one division and one half-up rounding a case, in exact
 * integers throughout.
 */
export class CaseScorer {
  /** Decimals of the points. */
  readonly places: number;
  private readonly scales: Scales;
  /** One as a coefficient; one as slope or constant times score; one point. */
  private readonly unit: bigint;
  private readonly base: bigint;
  private readonly shift: bigint;
  /** By diagnosis, then operations. */
  private readonly candidates = new Map<string, Map<string, readonly CatalogueEntry[]>>();
  private remembered = 0;
  /** By institution; a few levels and pools each. */
  private readonly placesByInstitution = new Map<string, Place[]>();
  private readonly valued = new Map<InstitutionLevel, Map<CatalogueEntry, ValuedEntry>>();
  private readonly ungrouped: { readonly factor: bigint; readonly divisor: bigint };

  constructor(
    private readonly catalogue: Catalogue,
    private readonly rules: RulePackage,
  ) {
    this.places = rules.caseDecimals;
    this.scales = scalesOf(catalogue, rules);
    this.unit = 10n ** BigInt(this.scales.coefficient);
    this.base = 10n ** BigInt(this.scales.row + this.scales.score);
    this.shift = 10n ** BigInt(rules.caseDecimals);
    this.ungrouped = ungroupedOf(rules);
  }

  /** @returns null when the institution has no coefficient: the run must halt, not guess */
  score(found: DipCase): CaseScore | null {
    const entry = nearestOf(this.candidatesOf(found), found.cost);
    if (entry === null) return this.scoreUngrouped(found.cost);
    if (entry.score.isZero()) return { group: entry.code, points: null, review: true };
    const valued = this.valuedOf(found.level, entry);
    const place = this.placeOf(found);
    const row = rowOf(valued.rows, found.cost);
    const supplement = this.supplementOf(found);
    const known = row.slope === 0n && supplement === null ? place.flat.get(row) : undefined;
    return known ?? this.scoreBy(entry, { place, valued, row, cost: found.cost, supplement });
  }

  private supplementOf({ patient }: DipCase): Supplement | null {
    const { supplements } = this.rules;
    return patient === undefined || supplements.length === 0
      ? null
      : supplementOf(supplements, patient);
  }

  private scoreBy(entry: CatalogueEntry, priced: Priced): CaseScore | null {
    const { place, valued, row, supplement } = priced;
    const coefficient = valued.coefficient ?? place.coefficient;
    if (coefficient === null) return null;
    const points = this.pointsOf(priced, coefficient);
    const score = { group: entry.code, points, review: row.row.review };
    if (supplement !== null) return { ...score, supplement: supplement.id };
    if (row.slope === 0n && place.flat.size < REMEMBERED) place.flat.set(row, score);
    return score;
  }

  private pointsOf({ valued, row: of, cost, supplement }: Priced, coefficient: bigint): bigint {
    const { mean, perCoefficient } = valued;
    const { slope, constant, row } = of;
    const unit = this.unit;
    let numerator = slope * cost + constant;
    let divisor = mean * this.base;
    if (row.addCoefficient) {
      numerator = numerator * unit + perCoefficient * coefficient;
      divisor *= unit;
    }
    if (row.applyCoefficient) {
      numerator *= coefficient;
      divisor *= unit;
    }
    if (supplement !== null) {
      numerator *= toScaled(supplement.factor, this.scales.supplement);
      divisor *= 10n ** BigInt(this.scales.supplement);
    }
    return divide(numerator * this.shift, divisor, 'half-up');
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

  private scoreUngrouped(cost: Fen): CaseScore {
    const { factor, divisor } = this.ungrouped;
    return { group: null, points: divide(factor * cost, divisor, 'half-up'), review: true };
  }

  private valuedOf(level: InstitutionLevel, entry: CatalogueEntry): ValuedEntry {
    const known = this.valued.get(level)?.get(entry);
    if (known !== undefined) return known;
    const valued = valuedEntry(entry, level, { rules: this.rules, scales: this.scales });
    this.valued.set(level, (this.valued.get(level) ?? new Map()).set(entry, valued));
    return valued;
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
    const scaled = coefficient === null ? null : toScaled(coefficient, this.scales.coefficient);
    const place = { level, pool, coefficient: scaled, flat: new Map() };
    this.placesByInstitution.set(institution, [...known, place]);
    return place;
  }
}

function rowOf(rows: readonly ValuedRow[], cost: Fen): ValuedRow {
  const row = rows.find(({ upToFen }) => upToFen === null || cost <= upToFen);
  if (row === undefined) throw new RangeError('the last deviation row has no bound');
  return row;
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
