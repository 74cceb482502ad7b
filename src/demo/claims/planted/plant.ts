import { CLINICS, type Institution, LEAD, TCM, TOWNSHIPS } from '../../county/institutions.js';
import { makePerson, type Person } from '../../county/people.js';
import { type Random, randomStream } from '../../county/random.js';
import { item } from '../../items/catalogue.js';
import { OUTPATIENT_PROFILES } from '../../profiles/outpatient.js';
import type { InpatientProfile, OutpatientProfile } from '../../profiles/profile.js';
import { settleBenefit } from '../benefit.js';
import { makeLine, stayClaim, visitClaim } from '../builder.js';
import type { DemoClaim, DemoLine, Stay } from '../model.js';
import { INPATIENT_PROFILES } from '../ordinary.js';

/** A violation put into the county on purpose: the rule that must find it, where, and the lines whose fund money is lost. */
export interface PlantedViolation {
  readonly rule: string;
  readonly certainty: 'HARD' | 'SUSP' | 'RETURN';
  /** The violating claim, the later one where two take part. */
  readonly claim: DemoClaim;
  /** The violating lines; empty when the whole stay is meant or the amount is for a panel to decide. */
  readonly lines: readonly DemoLine[];
  readonly note: string;
}

/** One planted case: its claims and what must be found in them; nothing for a compliant twin (合规对照). */
export interface PlantedCase {
  readonly claims: readonly DemoClaim[];
  readonly violations: readonly PlantedViolation[];
  /** What a compliant twin shows: close to the limit, or exempt. */
  readonly twinOf?: string;
}

const LIMITED = new Set([
  'butylphthalide-injection',
  'gastrodin',
  'balance-training',
  'electric-upright',
  'hba1c',
  'rehab-assessment',
  'glucose',
  'ecg-monitor',
]);

export interface StayWish {
  readonly profile: string;
  readonly institution: Institution;
  readonly person: Person;
  readonly day: number;
  readonly days: number;
  readonly mode?: Stay['mode'];
}

/** Makes planted people and the claims around a planted fault. Every case has people of its own. */
export class Planter {
  private people = 0;
  private readonly random: Random;

  constructor(seed: number) {
    this.random = randomStream(seed, 'planted');
  }

  person(wanted: Partial<Person> = {}): Person {
    this.people += 1;
    return makePerson(this.people, wanted);
  }

  day(low = 20, high = 300): number {
    return this.random.between(low, high);
  }

  visit(key: string, at: { institution: Institution; person: Person; day: number }): DemoClaim {
    const profile = find(OUTPATIENT_PROFILES, key);
    return visitClaim({ ...at, allowed: allowed }, profile, this.random);
  }

  stay({ profile, ...wish }: StayWish): DemoClaim {
    const chosen = find(INPATIENT_PROFILES, profile);
    return stayClaim({ ...wish, allowed }, chosen, this.random);
  }
}

const allowed = (key: string): boolean => !LIMITED.has(key);

function find<P extends InpatientProfile | OutpatientProfile>(
  profiles: readonly P[],
  key: string,
): P {
  const profile = profiles.find((candidate) => candidate.key === key);
  if (profile === undefined) throw new RangeError(`no profile ${key}`);
  return profile;
}

export interface Extra {
  readonly key: string;
  readonly day: number;
  readonly minute: number;
  readonly quantity?: number;
}

/** The claim with more lines, its benefit settled anew; also returns the new lines in the order asked. */
export function withLines(
  claim: DemoClaim,
  extras: readonly Extra[],
): { readonly claim: DemoClaim; readonly added: readonly DemoLine[] } {
  const added = extras.map(({ key, day, minute, quantity = 1 }) =>
    makeLine({ item: item(key), day, minute, quantity }, claim.department),
  );
  const lines = [...claim.lines, ...added];
  return { claim: { ...claim, lines, money: settleBenefit({ ...claim, lines }) }, added };
}

/** The township centre or clinic number `index`, round and round. */
export const township = (index: number): Institution => TOWNSHIPS[index % TOWNSHIPS.length] ?? LEAD;
export const clinic = (index: number): Institution => CLINICS[index % CLINICS.length] ?? LEAD;
export const hospital = (index: number): Institution => (index % 2 === 0 ? LEAD : TCM);

/** `count` cases, made one by one. */
export function repeat(count: number, make: (index: number) => PlantedCase): PlantedCase[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
