import type { DemoClaim } from '../claims/model.js';
import { dateOfDay, demoYear } from '../county/calendar.js';
import { allClaims, type County } from '../county/county.js';
import { lateStamps } from '../drops/drop-plan.js';

/** The claims that must lie in the books, with the month that each counts to. */
export interface Entry {
  readonly claim: DemoClaim;
  /** Accounting month: that of settlement, or December for a file that came after its month was closed. */
  readonly period: string;
}

/** Dirt that keeps the whole claim out of the books. */
export const QUARANTINED: ReadonlySet<string> = new Set([
  'negative-without-refund',
  'no-such-admission-date',
]);

export function booksOf(county: County): Entry[] {
  const late = lateStamps();
  return allClaims(county)
    .filter(({ dirt }) => dirt === null || !QUARANTINED.has(dirt.kind))
    .map((claim) => ({ claim, period: periodOf(claim, late) }));
}

export function periodOf(claim: DemoClaim, late: ReadonlyMap<string, string>): string {
  const month = dateOfDay(claim.settledDay).slice(0, 7);
  return late.get(claim.institution.code) === month.replace('-', '') ? `${demoYear()}-12` : month;
}

/** Pooled fund with the second funds (记账金额). */
export function bookedOf({ money }: DemoClaim): bigint {
  return money.pooled + money.criticalIllness + money.largeExpense;
}

/** Where a claim's booked amount goes under the scheme. */
export function bucketOf(
  claim: DemoClaim,
): 'outpatient' | 'chronic' | 'two-disease' | 'inpatient' | 'other' | 'excluded' {
  if (claim.channel === 'manual' || claim.cause !== 'ordinary') return 'excluded';
  if (claim.careType === 'family-planning') return 'other';
  return claim.careType === 'emergency' ? 'outpatient' : claim.careType;
}
