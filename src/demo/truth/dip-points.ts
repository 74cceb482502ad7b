import type { DemoClaim } from '../claims/model.js';
import { sumFen } from '../claims/model.js';
import { institutionOf } from '../county/institutions.js';
import { type Fraction, halfUp } from './arithmetic.js';
import { bookedOf } from './books.js';
import type { DeviationBand, DipEntry, DipInputs } from './policy-inputs.js';

/** An inpatient claim with the rows that took it back. */
export interface DipCase {
  readonly claim: DemoClaim;
  readonly cost: bigint;
  readonly booked: bigint;
}

export function casesOf(claims: readonly DemoClaim[]): DipCase[] {
  const groups = new Map<DemoClaim, DemoClaim[]>();
  for (const claim of claims) {
    const original = claim.refunds ?? claim;
    groups.set(original, [...(groups.get(original) ?? []), claim]);
  }
  return [...groups]
    .map(([claim, rows]) => ({
      claim,
      cost: sumFen(rows.map(({ money }) => money.total)),
      booked: sumFen(rows.map(bookedOf)),
    }))
    .filter(({ cost }) => cost > 0n);
}

/** Points in units of 10^-decimals; null: the entry has no score, so the case is paid as booked. */
export function pointsOf({ claim, cost }: DipCase, rules: DipInputs): bigint | null {
  const scale = 10n ** BigInt(rules.decimals);
  const entry = entryFor(claim, cost, rules.entries);
  if (entry === null) {
    const { mean, score, coefficient } = rules.ungrouped;
    return halfUp(
      scale * cost * score.over * coefficient.over,
      mean * score.under * coefficient.under,
    );
  }
  if (entry.score.over === 0n) return null;
  const band = bandFor(cost, entry.mean, rules.deviation);
  const { slope, constant } = band;
  const k = entry.coefficient ?? coefficientOf(claim, rules);
  // score × (slope × cost + constant × mean) × k ÷ mean, over one common denominator
  const weighted = slope.over * constant.under * cost + constant.over * slope.under * entry.mean;
  return halfUp(
    scale * entry.score.over * weighted * k.over,
    entry.score.under * slope.under * constant.under * k.under * entry.mean,
  );
}

function coefficientOf(claim: DemoClaim, rules: DipInputs): Fraction {
  const settling = institutionOf(claim.institution.settledBy);
  const found = rules.byInstitution[settling.code] ?? rules.byLevel[settling.level];
  if (found === undefined) throw new RangeError(`no coefficient for ${settling.code}`);
  return found;
}

function bandFor(cost: bigint, mean: bigint, bands: readonly DeviationBand[]): DeviationBand {
  for (const band of bands) {
    if (band.upTo === null) return band;
    const [left, right] = [cost * band.upTo.under, band.upTo.over * mean];
    if (left < right || (band.inclusive && left === right)) return band;
  }
  throw new RangeError('the last band must be open');
}

/** Core before comprehensive, the longest diagnosis, most operations, the nearest mean, the code. */
function entryFor(claim: DemoClaim, cost: bigint, entries: readonly DipEntry[]): DipEntry | null {
  const principal = claim.diagnoses[0] ?? '';
  const distance = ({ mean }: DipEntry): bigint => (mean > cost ? mean - cost : cost - mean);
  const fitting = entries.filter(
    ({ diagnosis, operations }) =>
      principal.startsWith(diagnosis) &&
      operations.every((any) =>
        any.some((prefix) => claim.procedures.some((code) => code.startsWith(prefix))),
      ),
  );
  fitting.sort(
    (a, b) =>
      Number(a.comprehensive) - Number(b.comprehensive) ||
      b.diagnosis.length - a.diagnosis.length ||
      b.operations.length - a.operations.length ||
      Number(distance(a) - distance(b)) ||
      (a.code < b.code ? -1 : 1),
  );
  return fitting[0] ?? null;
}
