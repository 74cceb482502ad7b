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

/** A mark on each of a growing number of claims. */
export class ClaimMarks {
  private marks = new Uint8Array(1024);

  at(claim: number): number {
    return this.marks[claim] ?? 0;
  }

  set(claim: number, mark: number): void {
    if (claim >= this.marks.length) {
      const marks = new Uint8Array(Math.max(claim + 1, this.marks.length * 2));
      marks.set(this.marks);
      this.marks = marks;
    }
    this.marks[claim] = mark;
  }
}
