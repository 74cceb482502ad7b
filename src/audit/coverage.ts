import type { Month } from '../kernel/period.js';
import type { UnavailableRule } from './compile.js';
import type { ClaimFacts } from './facts.js';
import type { NotApplicableReason } from './not-applicable.js';

/** What of a claim says where it is counted. */
type CountedClaim = Pick<ClaimFacts, 'period' | 'institution'>;

/** What one rule did at one institution in one month. */
export interface CoverageCount {
  readonly month: Month;
  readonly institution: string;
  readonly ruleId: string;
  /** Lines, stays or claims it looked at. */
  examined: number;
  hits: number;
  /** Hits that turned out legitimate, and hits on less money than is worth raising. */
  exempted: number;
  belowMinimum: number;
  readonly notApplicable: Map<NotApplicableReason, number>;
}

/** The coverage report (覆盖情况): executed, skipped and why, by rule and institution; never a silent pass. */
export class Coverage {
  /** By rule, month, institution: asked for line by line. */
  private readonly byRule = new Map<string, Map<Month, Map<string, CoverageCount>>>();
  private readonly claims = new Map<string, { readonly claim: CountedClaim; times: number }>();

  constructor(private readonly months: ReadonlySet<Month> | null) {}

  /** Whether claims of an accounting month are counted at all. */
  counts(month: Month): boolean {
    return this.months === null || this.months.has(month);
  }

  at(ruleId: string, claim: CountedClaim): CoverageCount | null {
    if (!this.counts(claim.period)) return null;
    const ofMonth = within(within(this.byRule, ruleId), claim.period);
    const known = ofMonth.get(claim.institution);
    if (known !== undefined) return known;
    const count: CoverageCount = {
      month: claim.period,
      institution: claim.institution,
      ruleId,
      examined: 0,
      hits: 0,
      exempted: 0,
      belowMinimum: 0,
      notApplicable: new Map(),
    };
    ofMonth.set(claim.institution, count);
    return count;
  }

  /** Claims that any rule might have looked at: what a rule that is not available leaves unchecked. */
  seen(claim: CountedClaim, times = 1): void {
    if (times === 0) return;
    const key = `${claim.period} ${claim.institution}`;
    const known = this.claims.get(key);
    if (known === undefined) this.claims.set(key, { claim, times });
    else known.times += times;
  }

  examined(ruleId: string, claim: CountedClaim, times = 1): void {
    if (times === 0) return;
    const count = this.at(ruleId, claim);
    if (count !== null) count.examined += times;
  }

  hit(ruleId: string, claim: ClaimFacts): void {
    const count = this.at(ruleId, claim);
    if (count !== null) count.hits += 1;
  }

  exempted(ruleId: string, claim: ClaimFacts): void {
    const count = this.at(ruleId, claim);
    if (count !== null) count.exempted += 1;
  }

  belowMinimum(ruleId: string, claim: ClaimFacts): void {
    const count = this.at(ruleId, claim);
    if (count !== null) count.belowMinimum += 1;
  }

  notApplicable(ruleId: string, reason: NotApplicableReason, claim: CountedClaim, times = 1): void {
    const count = this.at(ruleId, claim);
    if (count !== null)
      count.notApplicable.set(reason, (count.notApplicable.get(reason) ?? 0) + times);
  }

  /** By month, rule and institution; rules that are not available stand at each institution with the claims they leave unchecked. */
  rows(unavailable: readonly UnavailableRule[] = []): CoverageCount[] {
    for (const { ruleId, reason } of unavailable)
      for (const { claim, times } of this.claims.values())
        this.at(ruleId, claim)?.notApplicable.set(reason, times);
    return inOrder(
      [...this.byRule.values()].flatMap((months) =>
        [...months.values()].flatMap((ofMonth) => [...ofMonth.values()]),
      ),
    );
  }
}

/** What several counted, of different persons each, as one would have. */
export function mergedCoverage(counts: Iterable<CoverageCount>): CoverageCount[] {
  const merged = new Map<string, CoverageCount>();
  for (const count of counts) {
    const sum = merged.get(keyOf(count));
    if (sum === undefined) merged.set(keyOf(count), copyOf(count));
    else add(sum, count);
  }
  return inOrder([...merged.values()]);
}

function copyOf(count: CoverageCount): CoverageCount {
  return { ...count, notApplicable: new Map(count.notApplicable) };
}

function add(sum: CoverageCount, count: CoverageCount): void {
  sum.examined += count.examined;
  sum.hits += count.hits;
  sum.exempted += count.exempted;
  sum.belowMinimum += count.belowMinimum;
  for (const [reason, times] of count.notApplicable)
    sum.notApplicable.set(reason, (sum.notApplicable.get(reason) ?? 0) + times);
}

function inOrder(counts: readonly CoverageCount[]): CoverageCount[] {
  return counts
    .map((count) => ({ count, key: keyOf(count) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ count }) => count);
}

function keyOf({ month, ruleId, institution }: CoverageCount): string {
  return `${month} ${ruleId} ${institution}`;
}

/** The map that stands in a map under a key, put there where there was none. */
function within<Inner>(maps: Map<string, Map<string, Inner>>, key: string): Map<string, Inner> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, Inner>();
  maps.set(key, made);
  return made;
}
