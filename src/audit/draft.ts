import type { Month } from '../kernel/period.js';
import type { ClaimFacts, LineFacts } from './facts.js';
import { findingIdOf } from './finding.js';
import { RULE_CLASSES, type Rule, type RuleClass } from './rule.js';
import type { Hit } from './template.js';

/** A hit that will become a finding: identified and ranked, not yet priced. */
export interface Draft {
  readonly id: string;
  readonly rule: Rule;
  readonly class: RuleClass;
  readonly hit: Hit;
  readonly month: Month;
}

export function draftOf(rule: Rule, hit: Hit): Draft {
  return {
    id: findingIdOf(rule, hit),
    rule,
    class: hit.class ?? rule.class,
    hit,
    month: claimsOf(hit).reduce((latest, { period }) => (period > latest ? period : latest), ''),
  };
}

/** Claims a hit violates, each once. */
export function violatingClaimsOf(hit: Hit): ClaimFacts[] {
  const claims = new Set(hit.violatingClaims.map(({ claim }) => claim));
  for (const { line } of hit.violating) claims.add(line.claim);
  return [...claims];
}

/** Claims a hit refers to without blaming them. */
export function involvedClaimsOf(hit: Hit): ClaimFacts[] {
  const violating = new Set(violatingClaimsOf(hit));
  const claims = new Set(hit.involvedClaims);
  for (const { claim } of hit.involvedLines) claims.add(claim);
  return [...claims].filter((claim) => !violating.has(claim));
}

function claimsOf(hit: Hit): ClaimFacts[] {
  return [...violatingClaimsOf(hit), ...involvedClaimsOf(hit)];
}

/**
 * Strongest first: the earlier month (its money may be settled already), then class, certainty, severity; rule and finding id make the
 * order total, so that it never depends on the order of the input.
 */
export function byStrength(a: Draft, b: Draft): number {
  return (
    compare(a.month, b.month) ||
    RULE_CLASSES.indexOf(a.class) - RULE_CLASSES.indexOf(b.class) ||
    compare(a.hit.certainty, b.hit.certainty) ||
    b.rule.severity - a.rule.severity ||
    compare(a.rule.id, b.rule.id) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two drafts blame the same thing: a line both name, or a claim one of them blames as a whole. */
export function blameSame(a: Draft, b: Draft): boolean {
  const lines = new Set<LineFacts>(a.hit.violating.map(({ line }) => line));
  if (b.hit.violating.some(({ line }) => lines.has(line))) return true;
  return blamesClaimOf(a, b) || blamesClaimOf(b, a);
}

function blamesClaimOf(whole: Draft, other: Draft): boolean {
  const blamed = new Set(whole.hit.violatingClaims.map(({ claim }) => claim));
  return blamed.size > 0 && violatingClaimsOf(other.hit).some((claim) => blamed.has(claim));
}
