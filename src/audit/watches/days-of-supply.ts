import type { LineWatcher, SuspectQuestion } from '../pass/line-watch.js';
import { ROW } from '../screen/positional-row.js';
import { ClaimMarks } from './by-claim.js';

/** Hands drugs with their days of supply on, and notes claims with a drug of which the source does not say for how many days it is. */
export class DaysOfSupply implements LineWatcher {
  private readonly unsaid = new ClaimMarks();

  constructor(private readonly given: LineWatcher) {}

  see(claim: number, row: Float64Array): void {
    if (row[ROW.days] === -1) this.unsaid.set(claim, 1);
    else this.given.see(claim, row);
  }

  suspects(question: SuspectQuestion): void {
    this.given.suspects(question);
  }

  isUnjudged(claim: number): boolean {
    return this.unsaid.at(claim) === 1;
  }
}
