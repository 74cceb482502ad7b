import type { InstitutionLevel, Pool } from '../claims/claim.js';
import type { CaseScore } from '../grouping/dip/score-case.js';
import type { CasePatient } from '../grouping/dip/supplement.js';
import type { LoadedPrices } from '../grouping/drg/drg-prices.loader.js';
import type { DrgTables } from '../grouping/drg/drg-tables.js';
import { groupDrg } from '../grouping/drg/group-drg.js';
import { ageInYears, daysBetween } from '../kernel/dates.js';
import { Decimal, decimal } from '../kernel/decimal.js';
import { toScaled } from '../kernel/scaled.js';
import type { PolicyAt } from '../policy/policy.js';
import type { BookedCase } from './dip-cases.repository.js';
import { type DrgRules, drgValue } from './methods/drg-value.js';
import { cell, drgRules, rowOfLevel } from './methods/method-parameters.js';

/** How cases of the books are valued, one by one. */
export interface CaseValuer {
  /** Name of the package, for messages. */
  readonly name: string;
  /** Decimals of points. */
  readonly places: number;
  /** Whether a pool's points are weights that a rate pays. */
  isWeight(pool: Pool): boolean;
  /** @returns null when the institution has no coefficient: the run must halt, not guess */
  score(found: BookedCase): CaseScore | null;
}

/** Nobody younger is told apart by the groups, so that an unknown age counts as grown up and is looked at. */
const ADULT = 18;

/**
 * Points or weights of cases by DRG: grouped by CHS-DRG, valued by the site's prices and the region's multiples. A case without group or
 * price, outside by its stay, or an outlier paid at cost has none: it is paid at its booked amount.
 */
export class DrgScorer implements CaseValuer {
  readonly name: string;
  readonly places: number;
  private readonly rules = new Map<Pool, DrgRules>();
  private readonly coefficients = new Map<InstitutionLevel, Decimal | null>();

  constructor(
    private readonly list: LoadedPrices,
    private readonly tables: DrgTables,
    private readonly policy: PolicyAt,
  ) {
    this.name = list.rules.package;
    this.places = list.rules.caseDecimals;
  }

  isWeight(pool: Pool): boolean {
    return this.policy.text('inpatient.method', pool) === 'drg-rate';
  }

  score(found: BookedCase): CaseScore | null {
    const coefficient = this.coefficientOf(found.level);
    if (coefficient === null) return null;
    const { patient } = found;
    const { drg } = groupDrg(caseOf(found, patient), this.tables);
    const price = this.list.prices.get(drg);
    const days = daysOf(patient);
    if (price === undefined || days === null) return { group: drg, points: null, review: true };
    const { weight, meanByLevel, mean } = price;
    const own = { caseNo: '', weight, days, cost: found.cost, booked: found.booked };
    const value = drgValue(
      { ...own, mean: meanByLevel[found.level] ?? mean },
      this.rulesOf(found.pool),
      coefficient,
    );
    const points =
      value.score === null
        ? null
        : toScaled(value.score.toDecimalPlaces(this.places, Decimal.ROUND_HALF_UP), this.places);
    const isAgeKnown = patient?.birthDate != null && patient.admitted !== null;
    return { group: drg, points, review: value.class === 'high' || !isAgeKnown };
  }

  private rulesOf(pool: Pool): DrgRules {
    const known = this.rules.get(pool);
    if (known !== undefined) return known;
    const scale = this.isWeight(pool)
      ? new Decimal(1)
      : decimal(this.policy.text('drg.point_scale'));
    const rules = drgRules(this.policy, scale);
    this.rules.set(pool, rules);
    return rules;
  }

  private coefficientOf(level: InstitutionLevel): Decimal | null {
    const known = this.coefficients.get(level);
    if (known !== undefined) return known;
    const row = rowOfLevel(this.policy.table('drg.coefficients'), level);
    const found = row === null ? null : decimal(cell(row, 'coefficient'));
    this.coefficients.set(level, found);
    return found;
  }
}

function caseOf(found: BookedCase, patient: CasePatient | undefined) {
  const { birthDate = null, admitted = null } = patient ?? {};
  const isKnown = birthDate !== null && admitted !== null;
  const ageYears = isKnown ? ageInYears(birthDate, admitted) : ADULT;
  return {
    sex: patient?.sex === 'male' ? ('male' as const) : ('female' as const),
    ageYears,
    ageDays: isKnown && ageYears < 1 ? daysBetween(birthDate, admitted) : null,
    birthWeightGrams: null,
    diagnoses: [
      ...(found.principalDiagnosis === null ? [] : [found.principalDiagnosis]),
      ...(patient?.otherDiagnoses ?? []),
    ],
    operations: found.operations,
  };
}

function daysOf(patient: CasePatient | undefined): number | null {
  const { admitted = null, discharged = null } = patient ?? {};
  return admitted === null || discharged === null ? null : daysBetween(admitted, discharged);
}
