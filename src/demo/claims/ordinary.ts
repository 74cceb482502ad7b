import { ageInYears } from '../../kernel/dates.js';
import { dateOfDay, daysInYear } from '../county/calendar.js';
import { CLINICS, INSTITUTIONS, type Institution, TOWNSHIPS } from '../county/institutions.js';
import type { Person } from '../county/people.js';
import { type Random, randomStream } from '../county/random.js';
import { MEDICAL } from '../profiles/inpatient-medical.js';
import { SURGICAL } from '../profiles/inpatient-surgical.js';
import { TOWNSHIP_STAYS } from '../profiles/inpatient-township.js';
import { OUTPATIENT_PROFILES } from '../profiles/outpatient.js';
import type { InpatientProfile, OutpatientProfile } from '../profiles/profile.js';
import { refundOf, stayClaim, visitClaim } from './builder.js';
import type { DemoClaim } from './model.js';
import { PersonBook } from './person-book.js';

export const INPATIENT_PROFILES: readonly InpatientProfile[] = [
  ...MEDICAL,
  ...TOWNSHIP_STAYS,
  ...SURGICAL,
];

/** Stays and visits per 10,000 claims of the county, by kind of source. */
const SHARES: Readonly<Record<Institution['source'], { stays: number; visits: number }>> = {
  lead: { stays: 520, visits: 2480 },
  tcm: { stays: 230, visits: 1370 },
  township: { stays: 90, visits: 710 },
  'clinic-xml': { stays: 0, visits: 250 },
  'clinic-csv': { stays: 0, visits: 250 },
};
const TRIES = 300;

interface Workshop {
  readonly people: readonly Person[];
  readonly book: PersonBook;
  readonly random: Random;
}

/**
 * Ordinary care: every claim fits its person, its institution and its diagnosis, and keeps every national limit. Stays come
 * first, then visits outside them, then a few claims are taken back by a negative row.
 */
export function ordinaryClaims(
  seed: number,
  count: number,
  people: readonly Person[],
): DemoClaim[] {
  const book = new PersonBook();
  const claims = (['stays', 'visits'] as const).flatMap((kind) =>
    INSTITUTIONS.flatMap((institution) => {
      const random = randomStream(seed, `${kind}-${institution.code}`);
      const wanted = Math.round((count * SHARES[institution.source][kind]) / 10_000);
      const workshop: Workshop = { people: catchment(institution, people), book, random };
      const draw = kind === 'stays' ? drawStay : drawVisit;
      return Array.from({ length: wanted }, () => draw(institution, workshop));
    }),
  );
  const made = claims.filter((claim) => claim !== null);
  return [...made, ...refunds(seed, made)];
}

/** A clinic serves residents of its village, a township centre those of its villages, a hospital everybody. */
function catchment(institution: Institution, people: readonly Person[]): readonly Person[] {
  const clinic = CLINICS.indexOf(institution);
  if (clinic >= 0) {
    return people.filter((person) => person.clinic === clinic && person.pool === 'resident');
  }
  const township = TOWNSHIPS.indexOf(institution);
  return township < 0 ? people : people.filter((person) => person.clinic % 3 === township);
}

function drawStay(institution: Institution, { people, book, random }: Workshop): DemoClaim | null {
  const profile = weighted(INPATIENT_PROFILES, institution, random);
  const days = random.between(profile.stay[0], profile.stay[1]);
  const first = random.between(1, daysInYear() - 1 - days);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const person = random.pick(people);
    if (!fits(person, profile, first) || book.hadProfile(person, profile.key)) continue;
    if (!book.staysFree(person, first, first + days)) continue;
    book.noteStay(person, { first, last: first + days, profile: profile.key });
    const allowed = (key: string, day: number): boolean => book.give(person, key, day);
    return stayClaim({ institution, person, day: first, days, allowed }, profile, random);
  }
  return null;
}

function drawVisit(institution: Institution, { people, book, random }: Workshop): DemoClaim | null {
  const profile = weighted(OUTPATIENT_PROFILES, institution, random);
  const day = random.below(daysInYear());
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const person = random.pick(people);
    if (!fits(person, profile, day) || !hasCondition(person, profile)) continue;
    if (!book.visitFree(person, day)) continue;
    book.noteVisit(person, day);
    const allowed = (key: string, on: number): boolean => book.give(person, key, on);
    const claim = visitClaim({ institution, person, day, allowed }, profile, random);
    return institution.source === 'lead' ? marked(claim, random) : claim;
  }
  return null;
}

/** A few claims outside the consortium's budget: paid on paper afterwards, or care of a public-health emergency. */
function marked(claim: DemoClaim, random: Random): DemoClaim {
  const draw = random.below(1000);
  if (draw < 3) return { ...claim, channel: 'manual' };
  return draw < 6 ? { ...claim, cause: 'public-health-emergency' } : claim;
}

function fits(person: Person, profile: InpatientProfile | OutpatientProfile, day: number): boolean {
  if (profile.sex !== undefined && profile.sex !== person.sex) return false;
  const age = ageInYears(person.birthDate, dateOfDay(day));
  return age >= profile.ages[0] && age <= profile.ages[1];
}

/** Chronic and two-disease claims belong to people known to have the disease; two-disease is a residents' scheme. */
function hasCondition(person: Person, profile: OutpatientProfile): boolean {
  if (profile.careType === 'two-disease' && person.pool !== 'resident') return false;
  if (profile.careType !== 'chronic' && profile.careType !== 'two-disease') return true;
  return profile.diagnosis.startsWith('I10') ? person.hypertension : person.diabetes;
}

function weighted<P extends InpatientProfile | OutpatientProfile>(
  profiles: readonly P[],
  institution: Institution,
  random: Random,
): P {
  const fitting = profiles.filter((profile) => profile.sources.includes(institution.source));
  let draw = random.below(fitting.reduce((sum, profile) => sum + profile.weight, 0));
  for (const profile of fitting) {
    draw -= profile.weight;
    if (draw < 0) return profile;
  }
  throw new RangeError(`no profile fits ${institution.name}`);
}

const REFUND_PERMILLE = 4;

function refunds(seed: number, claims: readonly DemoClaim[]): DemoClaim[] {
  const random = randomStream(seed, 'refunds');
  return claims.flatMap((claim) => {
    const wanted = random.chance(REFUND_PERMILLE);
    const delay = random.between(1, 20);
    const day = claim.settledDay + delay;
    if (!wanted || claim.institution.level === 'village' || day >= daysInYear()) return [];
    return [refundOf(claim, day)];
  });
}
