import type { ClaimFacts, LineFacts, PersonHistory } from '../facts.js';

/** All lines of a person at one institution on one day, or of one visit and of the day besides, whatever rule looks at them. */
export class WindowLines {
  private readonly byDay = new Map<string, LineFacts[]>();

  constructor(person: PersonHistory) {
    for (const claim of person.claims)
      for (const line of claim.lines) {
        const key = dayKey(line);
        const known = this.byDay.get(key);
        if (known === undefined) this.byDay.set(key, [line]);
        else known.push(line);
      }
  }

  around(line: LineFacts, window: 'day' | 'visit'): readonly LineFacts[] {
    const ofDay = this.byDay.get(dayKey(line)) ?? [];
    return window === 'day' ? ofDay : [...new Set([...ofDay, ...line.claim.lines])];
  }
}

function dayKey({ claim, chargedOn }: LineFacts): string {
  return `${claim.institution} ${chargedOn}`;
}

/** Where a service has no national code, nobody can say that another one was not charged. */
export function unmappedClaim(lines: readonly LineFacts[]): ClaimFacts | null {
  return lines.find(({ itemCode, kind }) => itemCode === null && kind === 'service')?.claim ?? null;
}
