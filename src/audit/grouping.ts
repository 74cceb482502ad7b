import { ageInYears, dateOf, daysBetween, type IsoDate } from '../kernel/dates.js';
import { add, type Fen } from '../kernel/money.js';
import type { ClaimFacts } from './facts.js';

/** What of a case decides its group. */
export interface GroupingCase {
  readonly sex: ClaimFacts['sex'];
  readonly birthDate: IsoDate | null;
  readonly admittedOn: IsoDate;
  /** The first is the principal one. */
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
  readonly costFen: Fen;
}

/** The grouper of the region (分组器), DRG or DIP, as rules use it. */
export interface Grouping {
  /** Scheme and version, as evidence and for the digest of a run. */
  readonly name: string;
  /** Group code; null when the case falls into none or a fact the scheme goes by is unknown. */
  groupOf(found: GroupingCase): string | null;
}

/** A claim as it was declared. */
export function declaredCase(claim: ClaimFacts): GroupingCase {
  const { sex, birthDate, admittedAt, settledOn, principalDiagnosis, procedures } = claim;
  return {
    sex,
    birthDate,
    admittedOn: dateOf(admittedAt ?? settledOn),
    diagnoses: [
      ...(principalDiagnosis === null ? [] : [principalDiagnosis]),
      ...claim.diagnoses.filter((code) => code !== principalDiagnosis),
    ],
    procedures,
    costFen: claim.totalFeeFen,
  };
}

/** The case without some of its codes. */
export function withoutCodes(found: GroupingCase, codes: ReadonlySet<string>): GroupingCase {
  const kept = (list: readonly string[]): string[] => list.filter((code) => !codes.has(code));
  return { ...found, diagnoses: kept(found.diagnoses), procedures: kept(found.procedures) };
}

/** Two stays as one case, the codes of the first in front. */
export function mergedCase(first: ClaimFacts, second: ClaimFacts): GroupingCase {
  const [a, b] = [declaredCase(first), declaredCase(second)];
  return {
    ...a,
    admittedOn: a.admittedOn < b.admittedOn ? a.admittedOn : b.admittedOn,
    diagnoses: [...new Set([...a.diagnoses, ...b.diagnoses])],
    procedures: [...new Set([...a.procedures, ...b.procedures])],
    costFen: add(a.costFen, b.costFen),
  };
}

/** Completed years at admission, and days for those who have not completed one; null when the birth date is unknown. */
export function ageAtAdmission({
  birthDate,
  admittedOn,
}: GroupingCase): { readonly years: number; readonly days: number | null } | null {
  if (birthDate === null) return null;
  const years = ageInYears(birthDate, admittedOn);
  return { years, days: years === 0 ? daysBetween(birthDate, admittedOn) : null };
}
