import type { LineWatcher, SuspectQuestion } from '../pass/line-watch.js';
import { WokenLines } from '../pass/woken-lines.js';
import { ROW, ROW_WIDTH } from '../screen/positional-row.js';

/**
 * Writes the few numbers that a probe needs of a line into a row: `code` for what belongs together, `quantity` for how much; calls `keep`
 * once for each such group.
 */
export type Choice = (from: Float64Array, kept: Float64Array, keep: () => void) => void;

/** Keeps lines of a person until all are there, then has a probe look at them together. */
export class KeptLines implements LineWatcher {
  private readonly lines = new WokenLines();
  private readonly kept = new Float64Array(ROW_WIDTH);
  private claim = 0;
  private readonly keep = (): void => this.lines.push(this.claim, this.kept);

  constructor(private readonly choose: Choice) {}

  see(claim: number, row: Float64Array): void {
    this.claim = claim;
    this.kept[ROW.chargedOn] = row[ROW.chargedOn] ?? 0;
    this.choose(row, this.kept, this.keep);
  }

  /** What is found is of claims with such lines. */
  suspects({ claims, probe, isWanted, tell }: SuspectQuestion): void {
    this.lines.suspects(claims, { probe: probe ?? (() => true), concerns: isWanted }, tell);
  }
}
