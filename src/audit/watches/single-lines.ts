import type { LineWatcher, SuspectQuestion } from '../pass/line-watch.js';

/** Suspects whoever has a line for which the question holds. */
export class SingleLines implements LineWatcher {
  private readonly found = new Set<number>();

  constructor(private readonly mayViolate: (row: Float64Array) => boolean) {}

  see(claim: number, row: Float64Array): void {
    if (this.mayViolate(row)) this.found.add(claim);
  }

  suspects({ claims, isWanted, tell }: SuspectQuestion): void {
    for (const claim of this.found) if (isWanted(claim)) tell(claims.person.at(claim));
  }
}
