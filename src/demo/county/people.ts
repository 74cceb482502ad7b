import { ageInYears, type IsoDate } from '../../kernel/dates.js';
import { dateOfDay, demoYear, movedDate } from './calendar.js';
import { CLINICS } from './institutions.js';
import { randomStream } from './random.js';

/** An invented insured person. Nothing here belongs to anyone: the divisions 461000 to 468999 of the certificates do not exist. */
export interface Person {
  /** Insured-person number (人员编号). */
  readonly id: string;
  readonly certificate: string;
  readonly sex: 'male' | 'female';
  readonly birthDate: IsoDate;
  readonly pool: 'employee' | 'resident';
  /** Index of the home village's clinic. */
  readonly clinic: number;
  readonly hypertension: boolean;
  readonly diabetes: boolean;
  /** Receives medical aid (医疗救助). */
  readonly aided: boolean;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';
/** With 500 sequence numbers of either sex in each, no two people of a county share a certificate. */
const FIRST_DIVISION = 461_000;
const DIVISIONS = 8_000;
const PEOPLE_PER_DIVISION = 500;

export function makePeople(seed: number, count: number, prefix = '4602'): readonly Person[] {
  const random = randomStream(seed, `people-${prefix}`);
  return Array.from({ length: count }, (_, index) => {
    const employee = random.chance(300);
    const sex = random.chance(500) ? ('male' as const) : ('female' as const);
    const birthDate = dateOfDay(0).replace(
      /^\d{4}-\d{2}-\d{2}$/,
      birthText(
        employee ? random.between(24, 84) : ageOfResident(random.below(1000), random),
        random,
      ),
    );
    const age = ageInYears(birthDate, dateOfDay(0));
    return {
      id: `${prefix}${String(10_000_000 + index * 7 + random.below(7)).padStart(8, '0')}`,
      certificate: certificateOf(birthDate, index, sex),
      sex,
      birthDate,
      pool: employee ? 'employee' : 'resident',
      clinic: random.below(CLINICS.length),
      hypertension: age >= 45 && random.chance(320),
      diabetes: age >= 45 && random.chance(160),
      aided: !employee && random.chance(25),
    };
  });
}

/** A person of given sex and birth date (as of the shipped year), for a planted case. */
export function makePerson(index: number, wanted: Partial<Person>): Person {
  const birthDate = movedDate(wanted.birthDate ?? '1970-06-15');
  const sex = wanted.sex ?? 'male';
  return {
    id: `4603${String(20_000_000 + index * 3)}`,
    certificate: certificateOf(birthDate, 500_000 + index, sex),
    pool: 'resident',
    clinic: index % CLINICS.length,
    hypertension: false,
    diabetes: false,
    aided: false,
    ...wanted,
    birthDate,
    sex,
  };
}

/** 18 characters: division, birth date, sequence (odd for men), check digit. */
export function certificateOf(birthDate: IsoDate, index: number, sex: 'male' | 'female'): string {
  const sequence = (index % PEOPLE_PER_DIVISION) * 2 + (sex === 'male' ? 1 : 0);
  const division = FIRST_DIVISION + (Math.trunc(index / PEOPLE_PER_DIVISION) % DIVISIONS);
  const body = `${division}${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  const total = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(body[place]), 0);
  return `${body}${CHECK_DIGITS[total % 11]}`;
}

function ageOfResident(
  draw: number,
  random: { between(low: number, high: number): number },
): number {
  if (draw < 210) return random.between(1, 13);
  if (draw < 300) return random.between(14, 23);
  if (draw < 620) return random.between(24, 59);
  return random.between(60, 92);
}

function birthText(age: number, random: { between(low: number, high: number): number }): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${Number(demoYear()) - 1 - age}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
}
