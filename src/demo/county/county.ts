import type { DemoClaim, DemoLine } from '../claims/model.js';
import { ordinaryClaims } from '../claims/ordinary.js';
import type { PlantedCase } from '../claims/planted/plant.js';
import { plantedCases } from '../claims/planted/planted.js';
import { demoYear } from './calendar.js';
import { type PlantedDirt, plantDirt, type WrongCertificates } from './dirt.js';
import { INSTITUTIONS, type Institution } from './institutions.js';
import { makePeople, type Person } from './people.js';

export interface CountySize {
  readonly seed: number;
  /** Wanted number of claims; the county has about so many. */
  readonly claims: number;
  /** Planted cases of each kind. */
  readonly planted: number;
}

/** The whole county in memory, numbered and sorted: every source, drop and truth is written from it. */
export interface County {
  readonly size: CountySize;
  /** By institution code, in order of settlement. */
  readonly claims: ReadonlyMap<string, readonly DemoClaim[]>;
  readonly planted: readonly PlantedCase[];
  readonly dirt: readonly PlantedDirt[];
  readonly wrongCertificates: WrongCertificates;
}

const CLAIMS_PER_PERSON = 4;

export function makeCounty(size: CountySize): County {
  const planted = plantedCases(size.seed, size.planted);
  const people = makePeople(size.seed, Math.max(240, Math.trunc(size.claims / CLAIMS_PER_PERSON)));
  const plantedClaims = planted.flatMap((one) => one.claims);
  const ordinary = ordinaryClaims(size.seed, size.claims - plantedClaims.length, people);
  const all = [...ordinary, ...plantedClaims];
  const claims = new Map(
    INSTITUTIONS.map((institution) => [
      institution.code,
      numbered(
        institution,
        all.filter((claim) => claim.institution === institution),
      ),
    ]),
  );
  const clean = new Set(plantedClaims);
  for (const claim of all) {
    if (claim.refunds === null) continue;
    clean.add(claim);
    clean.add(claim.refunds);
  }
  return { size, claims, planted, ...plantDirt(claims, clean) };
}

/** Gives claim and line numbers in order of settlement. */
function numbered(institution: Institution, claims: readonly DemoClaim[]): readonly DemoClaim[] {
  const ordered = [...claims].sort(
    (a, b) =>
      a.settledDay - b.settledDay ||
      a.settledMinute - b.settledMinute ||
      compare(a.person.id, b.person.id) ||
      Number(a.refunds !== null) - Number(b.refunds !== null),
  );
  let charged = 0;
  ordered.forEach((claim, index) => {
    claim.claimNo = claimNumber(institution, index + 1);
    claim.lines.sort((a, b) => a.day - b.day || a.minute - b.minute);
    claim.lines.forEach((line, place) => {
      charged += 1;
      line.lineNo = lineNumber(institution, line, { place: place + 1, charged });
    });
  });
  return ordered;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The lead hospital's ids are 19 digits: more than a double can hold. */
function claimNumber(institution: Institution, sequence: number): string {
  const year = demoYear();
  if (institution.source === 'lead')
    return `70${year.slice(2)}${String(sequence * 37).padStart(15, '0')}`;
  if (institution.source === 'tcm') return `ZY${year}${String(sequence).padStart(6, '0')}`;
  const tail = institution.code.slice(-3);
  const letter = institution.source === 'township' ? 'W' : 'C';
  return `${letter}${tail}${year.slice(2)}${String(sequence).padStart(5, '0')}`;
}

/** Within a claim, lines are ordered by time and their numbers by text alike, but a township's two tables come apart. */
function lineNumber(
  institution: Institution,
  line: DemoLine,
  { place, charged }: { readonly place: number; readonly charged: number },
): string {
  if (institution.source === 'lead')
    return `80${demoYear().slice(2)}${String(charged).padStart(15, '0')}`;
  const text = String(place).padStart(4, '0');
  if (institution.source !== 'township') return text;
  return `${line.item.kind === 'drug' ? 'Y' : 'X'}${text}`;
}

export function allClaims(county: County): DemoClaim[] {
  return [...county.claims.values()].flat();
}

/** Everybody who has a claim at an institution, with the day of the first one. */
export function patientsOf(
  claims: readonly DemoClaim[],
): ReadonlyMap<string, { person: Person; day: number }> {
  const patients = new Map<string, { person: Person; day: number }>();
  for (const { person, settledDay } of claims) {
    if (!patients.has(person.id)) patients.set(person.id, { person, day: settledDay });
  }
  return patients;
}
