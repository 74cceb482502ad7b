import type { ClaimFacts, LineFacts } from '../facts.js';
import type { Screen } from './compile-screen.js';
import { familyNumber } from './item-table.js';
import { dayNumber, ROW, ROW_WIDTH } from './positional-row.js';
import { Verdict } from './verdict.js';

/** Puts lines as facts through the compiled function. */
export class LineLook {
  readonly verdict: Verdict;
  private readonly row = new Float64Array(ROW_WIDTH);

  constructor(private readonly screen: Screen) {
    this.verdict = new Verdict(screen);
  }

  startClaim(claim: ClaimFacts): void {
    this.row[ROW.profile] = this.screen.profiles.indexOf(claim);
    this.row[ROW.birthDate] = dayNumber(claim.birthDate);
    this.row[ROW.admittedOn] = dayNumber(claim.admittedAt);
    this.row[ROW.dischargedOn] = dayNumber(claim.dischargedAt);
  }

  /** False when no rule is woken by the line; else the verdict says which. */
  at(line: LineFacts): boolean {
    const { row, screen } = this;
    const code = screen.codeOf(line.itemCode);
    if (screen.mayWake[code] !== 1) return false;
    row[ROW.code] = code;
    row[ROW.family] = familyNumber(line.itemCode);
    row[ROW.chargedOn] = dayNumber(line.chargedOn);
    row[ROW.quantity] = line.quantity;
    row[ROW.unitPrice] = line.unitPrice;
    row[ROW.amount] = Number(line.amountFen);
    row[ROW.eligible] = Number(line.eligibleFen);
    const flags = screen.judge(row, 0);
    this.verdict.read(flags);
    return flags !== 0;
  }
}
