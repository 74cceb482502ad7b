import { INSTITUTION_LEVELS, type InstitutionLevel, type Pool } from '../claims/claim.js';
import type { Decimal } from '../kernel/decimal.js';
import { type Fen, sum } from '../kernel/money.js';
import { type Year, yearOf } from '../kernel/period.js';
import { type MethodFacts, NO_METHODS } from '../records/method-facts.js';
import type { Records } from '../records/records.js';

/** Bed-day stays of the books: so many of one length and class at one unit, and what they cost. */
export interface BookedStays {
  readonly pool: Pool;
  readonly institution: string;
  readonly class: string;
  readonly nights: number;
  readonly stays: number;
  readonly cost: Fen;
}

/** The cases of a unit as they were scored. */
interface Scored {
  readonly points: Decimal;
  readonly cost: Fen;
  readonly isWeight: boolean;
}

interface Counted {
  readonly records: Records;
  readonly period: string;
  readonly bedDays: readonly BookedStays[];
}

/** What payment methods count of a member: as people recorded it; bed-days and costs, where nobody did, as the books have them. */
export function methodsOf(
  counted: Counted,
  { pool, institution }: { readonly pool: Pool; readonly institution: string },
  scored: Scored | null,
): MethodFacts {
  const recorded = recordedOf(counted, pool, institution);
  const stays = counted.bedDays.filter(
    (each) => each.pool === pool && each.institution === institution,
  );
  const booked = recorded.bedDays.length === 0 && stays.length > 0;
  return {
    ...recorded,
    inpatientCost: recorded.inpatientCost ?? scored?.cost ?? null,
    drgWeight: scored?.isWeight === true ? scored.points : recorded.drgWeight,
    ...(booked
      ? {
          bedDays: stays.map(({ class: kind, nights, stays: count }) => {
            return { class: kind, nights, stays: count };
          }),
          bedDayCost: sum(stays.map(({ cost }) => cost)),
        }
      : {}),
  };
}

/** Of the period itself; a month without record of its own has the rosters and signings of its year. */
function recordedOf({ records, period }: Counted, pool: Pool, institution: string): MethodFacts {
  const own = records.methodFacts.filter(
    (each) => each.pool === pool && each.institution === institution,
  );
  const exact = own.find((each) => each.period === period);
  if (exact !== undefined) return { ...exact.methods, clause: exact.clause };
  const year: Year = yearOf(period);
  const ofYear = own.find((each) => each.period === year);
  if (ofYear === undefined) return NO_METHODS;
  const { roster, signed } = ofYear.methods;
  return { ...NO_METHODS, roster, signed, clause: ofYear.clause };
}

/** The level of an institution as claims know it. */
export function levelOf(
  levels: ReadonlyMap<string, string>,
  institution: string,
): InstitutionLevel | null {
  return INSTITUTION_LEVELS.find((level) => level === levels.get(institution)) ?? null;
}
