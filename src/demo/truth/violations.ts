import type { DemoClaim, DemoLine } from '../claims/model.js';
import type { PlantedCase } from '../claims/planted/plant.js';
import type { County } from '../county/county.js';
import { yuanText } from '../sources/source-table.js';
import { shareOut, total } from './arithmetic.js';
import { bookedOf, type Entry } from './books.js';
import type { TwinTruth, ViolationTruth } from './truth.js';

/** What the audit must find: the planted violations, and the claims whose lines were quarantined away. */
export function violationTruth(county: County, books: readonly Entry[]): ViolationTruth[] {
  const periods = new Map(books.map(({ claim, period }) => [claim, period]));
  const planted = county.planted.flatMap(({ claims, violations }) =>
    violations.map(({ rule, certainty, claim, lines, note }) => ({
      ...placeOf(claim, latest(claims, periods)),
      ...{ rule, certainty, note },
      lines: lines.map((line) => line.lineNo).sort(),
      amount: certainty === 'HARD' ? yuanText(fundOf(claim, lines)) : null,
    })),
  );
  const incomplete = books
    .filter(
      ({ claim }) =>
        claim.dirt?.kind === 'no-such-charge-date' ||
        claim.dirt?.kind === 'amount-contradicts-price',
    )
    .map(({ claim, period }) => ({
      ...placeOf(claim, period),
      rule: 'ELG-08',
      certainty: 'RETURN',
      lines: [],
      amount: null,
      note: '有明细被隔离，明细合计与总费用不符',
    }));
  return [...planted, ...incomplete];
}

function placeOf(claim: DemoClaim, month: string) {
  const { institution, person, claimNo } = claim;
  return {
    institution: institution.code,
    settledBy: institution.settledBy,
    pool: person.pool,
    month,
    claimNo,
  };
}

function latest(claims: readonly DemoClaim[], periods: ReadonlyMap<DemoClaim, string>): string {
  return (
    claims
      .map((claim) => periods.get(claim) ?? '')
      .sort()
      .at(-1) ?? ''
  );
}

/** The fund's part of some lines: the claim's fund money split over its lines by what counts for the fund. */
export function fundOf(claim: DemoClaim, lines: readonly DemoLine[]): bigint {
  const ordered = [...claim.lines].sort((a, b) => (a.lineNo < b.lineNo ? -1 : 1));
  const shares = shareOut(
    bookedOf(claim),
    ordered.map((line) => line.eligible),
  );
  return total(ordered.map((line, index) => (lines.includes(line) ? (shares[index] ?? 0n) : 0n)));
}

export function twinTruth(planted: readonly PlantedCase[]): TwinTruth[] {
  return planted.flatMap(({ twinOf, claims }) =>
    twinOf === undefined
      ? []
      : [{ twinOf, claims: claims.map((claim) => `${claim.institution.code}/${claim.claimNo}`) }],
  );
}
