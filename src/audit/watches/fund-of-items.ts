import type { LineWatcher, SuspectQuestion } from '../pass/line-watch.js';
import { ROW } from '../screen/positional-row.js';
import { ClaimSums } from './by-claim.js';
import { KeptLines } from './kept-lines.js';

/**
 * Keeps what the funds may have paid for items under a cap: of a claim whose eligible amounts come to no less than what was paid, at most the
 * eligible amount of the line. Claims to which more was paid are suspected outright.
 */
export class FundOfItems implements LineWatcher {
  private readonly eligible = new ClaimSums();
  private readonly capped = new Set<number>();
  private readonly kept: KeptLines;

  /** @param capsOf  positions of the caps that an item is under */
  constructor(private readonly capsOf: (item: number) => readonly number[]) {
    this.kept = new KeptLines((from, kept, keep) => {
      kept[ROW.quantity] = eligibleOf(from);
      for (const cap of capsOf(from[ROW.item] ?? 0)) {
        kept[ROW.code] = cap;
        keep();
      }
    });
  }

  see(claim: number, row: Float64Array): void {
    this.eligible.add(claim, eligibleOf(row));
    if (this.capsOf(row[ROW.item] ?? 0).length === 0) return;
    this.capped.add(claim);
    this.kept.see(claim, row);
  }

  suspects(question: SuspectQuestion): void {
    const { claims, tell } = question;
    this.kept.suspects(question);
    for (const claim of this.capped)
      if (claims.totalsOf(claim).fundsFen > this.eligible.at(claim)) tell(claims.person.at(claim));
  }
}

function eligibleOf(row: Float64Array): number {
  return Math.max(0, row[ROW.eligible] ?? 0);
}
