import type { DemoClaim } from '../claims/model.js';
import { sumFen } from '../claims/model.js';
import {
  dateOfDay,
  daysInYear,
  lastBackfillDay,
  monthBounds,
  monthNumber,
} from '../county/calendar.js';
import { patientsOf } from '../county/county.js';
import type { Institution } from '../county/institutions.js';

/** One file that a clinic sends: a month of January to November, or a day of December. */
export interface Drop {
  readonly institution: Institution;
  /** `202403` or `20241207`. */
  readonly stamp: string;
  readonly claims: readonly DemoClaim[];
  /** Night (day number) on which it lies in the folder; the backfill's files are there from the start. */
  readonly arrives: number;
}

export function dropsOf(institution: Institution, claims: readonly DemoClaim[]): Drop[] {
  const byStamp = new Map<string, DemoClaim[]>();
  for (const claim of claims) {
    const stamp = stampOf(claim.settledDay);
    const list = byStamp.get(stamp);
    if (list === undefined) byStamp.set(stamp, [claim]);
    else list.push(claim);
  }
  const months = Array.from({ length: 11 }, (_, index) => monthBounds(index + 1).first);
  const days = Array.from(
    { length: daysInYear() - 1 - lastBackfillDay() },
    (_, index) => lastBackfillDay() + 1 + index,
  );
  return [...months, ...days].map((day) => {
    const stamp = stampOf(day);
    const arrives = day > lastBackfillDay() ? day : 0;
    return { institution, stamp, claims: byStamp.get(stamp) ?? [], arrives };
  });
}

export function stampOf(day: number): string {
  const compact = dateOfDay(day).replaceAll('-', '');
  return monthNumber(day) === 12 ? compact : compact.slice(0, 6);
}

/** What a file says of itself, so that the receiver can check what it read. */
export interface DropTotals {
  readonly claims: number;
  readonly claimFen: bigint;
  readonly lines: number;
  readonly lineFen: bigint;
  readonly persons: number;
  readonly diagnoses: number;
}

export function totalsOf(claims: readonly DemoClaim[]): DropTotals {
  const lines = claims.flatMap((claim) => claim.lines);
  return {
    claims: claims.length,
    claimFen: sumFen(claims.map((claim) => claim.money.total)),
    lines: lines.length,
    lineFen: sumFen(lines.map((line) => line.amount)),
    persons: patientsOf(claims).size,
    diagnoses: claims.reduce((sum, claim) => sum + claim.diagnoses.length, 0),
  };
}
