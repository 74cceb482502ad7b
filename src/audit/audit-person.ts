import type { Month } from '../kernel/period.js';
import {
  appliesOn,
  type CompiledAudit,
  type CompiledRule,
  exempts,
  looksAt,
  serviceDateOf,
} from './compile.js';
import { consolidate } from './consolidate.js';
import type { Coverage } from './coverage.js';
import { type Draft, draftOf, violatingClaimsOf } from './draft.js';
import {
  type ClaimFacts,
  claimKey,
  type LineFacts,
  type MutableClaim,
  type PersonHistory,
} from './facts.js';
import type { Finding } from './finding.js';
import { personHistory } from './netting.js';
import { NOTHING_REGISTERED, type PersonRegister } from './registers.js';
import { LineLook } from './screen/line-look.js';
import type { Verdict } from './screen/verdict.js';
import type { Hit } from './template.js';

export interface AuditScope {
  /** Months whose findings are wanted; null = all. Other claims are history. */
  readonly months: ReadonlySet<Month> | null;
  /** Findings a person decided against. */
  readonly dismissed: ReadonlySet<string>;
  /** The claims given are not all there are of the person, and nothing but their own lines is to be judged. */
  readonly linesAlone?: boolean;
}

export const EVERYTHING: AuditScope = { months: null, dismissed: new Set() };

/**
 * Audits one person's claims: gate, refunds netted, rules, exemptions, consolidation. The only way rules are run, for a whole county as for a
 * single claim. The claims given are changed in place (netting).
 *
 * @returns findings of the months asked for, strongest first
 */
export function auditPerson(
  audit: CompiledAudit,
  claims: readonly MutableClaim[],
  scope: AuditScope,
  coverage: Coverage,
  registered: PersonRegister = NOTHING_REGISTERED,
): readonly Finding[] {
  const personId = claims[0]?.personId ?? '';
  const raw: PersonHistory = { personId, claims, stays: [], registered };
  for (const claim of claims) coverage.seen(claim);
  const returned = audit.gates.flatMap((position) => runRule(audit, position, raw, [], coverage));
  const person = personHistory(personId, judged(claims, returned), registered);
  const drafts = [
    ...returned,
    ...runByCode(audit, person, coverage),
    ...(scope.linesAlone === true
      ? countAlone(audit, person, coverage)
      : runOnPerson(audit, person, coverage)),
  ];
  if (drafts.length === 0) return [];
  const { findings, belowMinimum } = consolidate(drafts, audit.settings, scope.dismissed);
  for (const { rule, hit } of belowMinimum)
    countFor(hit, (claim) => coverage.belowMinimum(rule.id, claim));
  const wanted = findings.filter(({ month }) => scope.months === null || scope.months.has(month));
  for (const {
    rule,
    claims: [first],
  } of wanted)
    if (first !== undefined) coverage.hit(rule.id, first.claim);
  return wanted;
}

/** Without the claims that go back for correction, and without those that such a claim takes back: what is left of them is not known yet. */
function judged(claims: readonly MutableClaim[], returned: readonly Draft[]): MutableClaim[] {
  const held = new Set(returned.flatMap(({ hit }) => violatingClaimsOf(hit)));
  const doubted = new Set(
    [...held].map(({ institution, refundOf }) => claimKey(institution, refundOf ?? '')),
  );
  return claims.filter((claim) => !held.has(claim) && !doubted.has(claim.key));
}

/** Rules that look at claims or stays, whatever lines they hold. */
function runOnPerson(audit: CompiledAudit, person: PersonHistory, coverage: Coverage): Draft[] {
  const positions = [...audit.onClaims, ...(person.stays.length > 1 ? audit.onStays : [])];
  return positions.flatMap((position) => runRule(audit, position, person, [], coverage));
}

/** Of a person of whom only some lines have anything, the rules on claims have nothing to find: they count as having looked. */
function countAlone(audit: CompiledAudit, person: PersonHistory, coverage: Coverage): Draft[] {
  for (const position of audit.onClaims) {
    const compiled = audit.rules[position];
    if (compiled !== undefined) countExamined(compiled, person, coverage);
  }
  return [];
}

/** Hands each rule the lines whose codes it asked for; where the line alone decides, only those that the compiled function picked out. */
function runByCode(audit: CompiledAudit, person: PersonHistory, coverage: Coverage): Draft[] {
  const woken = new Map<number, LineFacts[]>();
  const look = new LineLook(audit.screen);
  for (const claim of person.claims) {
    look.startClaim(claim);
    for (const line of claim.lines) {
      if (look.at(line)) wake(audit, look.verdict, line, { woken, coverage });
    }
  }
  const drafts: Draft[] = [];
  for (const [position, lines] of woken) {
    drafts.push(...runRule(audit, position, person, lines, coverage));
  }
  return drafts;
}

function wake(
  audit: CompiledAudit,
  verdict: Verdict,
  line: LineFacts,
  { woken, coverage }: { readonly woken: Map<number, LineFacts[]>; readonly coverage: Coverage },
): void {
  for (const position of verdict.looking) {
    const compiled = audit.rules[position];
    if (compiled?.bound.trigger !== 'codes') continue;
    coverage.examined(compiled.rule.id, line.claim);
    if (compiled.bound.rowChecks !== null && !verdict.concerns(position)) continue;
    const lines = woken.get(position);
    if (lines === undefined) woken.set(position, [line]);
    else lines.push(line);
  }
}

function runRule(
  audit: CompiledAudit,
  position: number,
  person: PersonHistory,
  lines: readonly LineFacts[],
  coverage: Coverage,
): Draft[] {
  const compiled = audit.rules[position];
  if (compiled === undefined) return [];
  const { rule, bound } = compiled;
  countExamined(compiled, person, coverage);
  const hits = bound.evaluate(person, lines, audit.settings, (reason, claim) => {
    if (looksAt(compiled, claim)) coverage.notApplicable(rule.id, reason, claim);
  });
  return hits.filter((hit) => stands(compiled, hit, coverage)).map((hit) => draftOf(rule, hit));
}

/** Of rules woken by codes, lines are counted one by one. */
function countExamined(compiled: CompiledRule, person: PersonHistory, coverage: Coverage): void {
  for (const claim of claimsExamined(compiled, person)) coverage.examined(compiled.rule.id, claim);
}

function claimsExamined(compiled: CompiledRule, person: PersonHistory): readonly ClaimFacts[] {
  switch (compiled.bound.trigger) {
    case 'codes':
      return [];
    case 'stays':
      return person.stays.map(({ claim }) => claim);
    case 'claims':
      return person.claims.filter((claim) => looksAt(compiled, claim));
    case 'raw-claims':
      return person.claims;
  }
}

/** Drops hits on claims the rule does not look at, and legitimate ones. */
function stands(compiled: CompiledRule, hit: Hit, coverage: Coverage): boolean {
  const blamed = hit.violatingClaims.map(({ claim }) => claim);
  if (
    !blamed.every((claim) => looksAt(compiled, claim) && appliesOn(compiled, serviceDateOf(claim)))
  ) {
    return false;
  }
  if (
    compiled.bound.trigger === 'claims' &&
    !hit.violating.every(
      ({ line }) => looksAt(compiled, line.claim) && appliesOn(compiled, line.chargedOn),
    )
  ) {
    return false;
  }
  if (!exempts(compiled, hit)) return true;
  countFor(hit, (claim) => coverage.exempted(compiled.rule.id, claim));
  return false;
}

function countFor(hit: Hit, count: (claim: ClaimFacts) => void): void {
  const [first] = violatingClaimsOf(hit);
  if (first !== undefined) count(first);
}
