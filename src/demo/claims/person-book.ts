import type { Person } from '../county/people.js';

/** Items whose national limit counts days or repeats: the county gives each to a person in one claim a year only. */
const ONCE_A_YEAR = new Set([
  'butylphthalide-injection',
  'butylphthalide-capsule',
  'gastrodin',
  'balance-training',
  'electric-upright',
]);
/** Items that may not come again within some weeks; the county keeps a wide margin. */
const SPACED = new Map([
  ['hba1c', 20],
  ['rehab-assessment', 20],
]);
const DAYS_BETWEEN_STAYS = 45;

interface Page {
  readonly stays: [first: number, last: number][];
  readonly visits: Set<number>;
  readonly given: Map<string, number[]>;
  readonly profiles: Set<string>;
}

/** What each person already had, so that ordinary care never breaks a rule by accident. */
export class PersonBook {
  private readonly pages = new Map<string, Page>();

  staysFree(person: Person, first: number, last: number): boolean {
    const { stays, visits } = this.page(person);
    for (let day = first - 1; day <= last + 1; day += 1) if (visits.has(day)) return false;
    return stays.every(
      ([from, to]) => last + DAYS_BETWEEN_STAYS < from || to + DAYS_BETWEEN_STAYS < first,
    );
  }

  visitFree(person: Person, day: number): boolean {
    const { stays, visits } = this.page(person);
    return !visits.has(day) && stays.every(([from, to]) => day < from - 1 || day > to + 1);
  }

  hadProfile(person: Person, profile: string): boolean {
    return this.page(person).profiles.has(profile);
  }

  noteStay(person: Person, stay: { first: number; last: number; profile: string }): void {
    const page = this.page(person);
    page.stays.push([stay.first, stay.last]);
    page.profiles.add(stay.profile);
  }

  noteVisit(person: Person, day: number): void {
    this.page(person).visits.add(day);
  }

  /** Whether a limited item may be given that day; notes it when so. */
  give(person: Person, key: string, day: number): boolean {
    const spacing = ONCE_A_YEAR.has(key) ? 400 : SPACED.get(key);
    if (spacing === undefined) return true;
    const { given } = this.page(person);
    const days = given.get(key) ?? [];
    if (days.some((other) => Math.abs(other - day) < spacing)) return false;
    given.set(key, [...days, day]);
    return true;
  }

  private page(person: Person): Page {
    const existing = this.pages.get(person.id);
    if (existing !== undefined) return existing;
    const page: Page = { stays: [], visits: new Set(), given: new Map(), profiles: new Set() };
    this.pages.set(person.id, page);
    return page;
  }
}
