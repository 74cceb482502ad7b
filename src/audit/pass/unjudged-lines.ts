import type { NotApplicableReason } from '../not-applicable.js';
import type { Screen } from '../screen/compile-screen.js';

/** What a rule cannot judge of claims that nobody has to look at, and why. */
export interface Unjudged {
  /** Of the rule. */
  readonly position: number;
  readonly reason: NotApplicableReason;
  times(claim: number): number;
}

/** Lines of which the compiled function says why they cannot be judged, by check and claim. */
export class UnjudgedLines {
  private readonly byCheck = new Map<number, Uint16Array>();

  constructor(
    private readonly screen: Pick<Screen, 'ruleOfCheck' | 'reasonOfCheck'>,
    private readonly claims: { readonly size: number },
  ) {}

  /** @returns false where somebody has to look at the line */
  note(check: number, claim: number): boolean {
    if (this.screen.reasonOfCheck[check] === null) return false;
    // Claims are read before their lines, so their number stands.
    const known = this.byCheck.get(check) ?? new Uint16Array(this.claims.size);
    known[claim] = (known[claim] ?? 0) + 1;
    this.byCheck.set(check, known);
    return true;
  }

  *all(): Generator<Unjudged> {
    const { ruleOfCheck, reasonOfCheck } = this.screen;
    for (const [check, counts] of this.byCheck) {
      const reason = reasonOfCheck[check] ?? null;
      if (reason === null) continue;
      yield { position: ruleOfCheck[check] ?? 0, reason, times: (claim) => counts[claim] ?? 0 };
    }
  }
}
