import { auditClaims, byId, digestOf } from '../../src/audit/audit-claims.js';
import { auditPerson, EVERYTHING } from '../../src/audit/audit-person.js';
import type { CompiledAudit } from '../../src/audit/compile.js';
import { Coverage } from '../../src/audit/coverage.js';
import { factsOf, type MutableClaim } from '../../src/audit/facts.js';
import { PersonPass, type Suspects } from '../../src/audit/pass/person-pass.js';
import type { Claim } from '../../src/claims/claim.js';
import { copyRow } from '../../src/database/copy-text.js';
import { decimal } from '../../src/kernel/decimal.js';
import { yuan } from '../../src/kernel/money.js';
import { monthOf } from '../../src/kernel/period.js';

/** An audit by the pass over texts as COPY writes them, and by the facts of everybody, to be held against each other. */

const encoder = new TextEncoder();

/** A claim as COPY would write it for the pass. */
function claimText(claim: Claim): string {
  const fen = (text: string) => yuan(text);
  return copyRow([
    ...[claim.performedAt, claim.claimNo, claim.settledBy, claim.level, monthOf(claim.settledAt)],
    ...[claim.refundOf, claim.personId, claim.sex, claim.birthDate, claim.pool, claim.careType],
    ...[claim.settledAt.slice(0, 10), claim.admittedAt, claim.dischargedAt, claim.dischargeMode],
    ...[claim.totalFee, claim.fundPaid, claim.accountPaid, claim.cashPaid].map(fen),
    ...[claim.pooledFundPaid, claim.criticalIllnessPaid].map(fen),
    ...[claim.largeExpensePaid, claim.medicalAidPaid].map(fen),
  ]).slice(0, -1);
}

function lineTexts(claim: Claim): string {
  return claim.lines
    .map((line) =>
      copyRow([
        ...[claim.performedAt, claim.claimNo, line.lineNo, line.itemCode],
        line.chargedAt.slice(0, 10),
        decimal(line.quantity).toFixed(4),
        decimal(line.unitPrice).toFixed(6),
        ...[yuan(line.lineAmount), yuan(line.eligibleAmount)],
        ...[line.itemKind, line.feeClass, line.prescriptionNo, line.daysSupply],
      ]),
    )
    .join('');
}

/**
 * @param cut  the bytes of the lines come in pieces of so many
 * @param parts  the claims whose lines come, where they are not the claims as they stand
 */
export function passed(
  audit: CompiledAudit,
  claims: readonly Claim[],
  { cut, parts = claims }: { readonly cut: number; readonly parts?: readonly Claim[] },
): { pass: PersonPass; suspects: Suspects; coverage: Coverage } {
  const pass = new PersonPass(audit);
  const ordered = claims.toSorted((a, b) => (a.personId < b.personId ? -1 : 1));
  for (const claim of ordered) pass.claims.add(claimText(claim));
  const bytes = encoder.encode(parts.map(lineTexts).join(''));
  for (let at = 0; at < bytes.length; at += cut) pass.scanner.feed(bytes.subarray(at, at + cut));
  const coverage = new Coverage(null);
  return { pass, suspects: pass.finish(coverage), coverage };
}

/** The whole way: pass, then the facts of those it named. */
export function auditByPass(
  audit: CompiledAudit,
  claims: readonly Claim[],
  order: Parameters<typeof passed>[2] = { cut: 997 },
) {
  const { suspects, coverage } = passed(audit, claims, order);
  const named = new Set(
    suspects.claims.map(([institution, claimNo]) => `${institution}/${claimNo}`),
  );
  const histories = [
    ...suspects.persons.map((person) => ({
      of: (claim: MutableClaim) => claim.personId === person,
      linesAlone: false,
    })),
    { of: (claim: MutableClaim) => named.has(claim.key), linesAlone: true },
  ];
  const findings = histories.flatMap(({ of, linesAlone }) =>
    [...byPerson(claims.map(factsOf).filter(of))].flatMap((history) =>
      auditPerson(audit, history, { ...EVERYTHING, linesAlone }, coverage),
    ),
  );
  const sorted = findings.toSorted(byId);
  return {
    digest: digestOf(sorted),
    coverage: coverage.rows(),
    rules: sorted.map(({ rule }) => rule.id),
  };
}

function byPerson(claims: readonly MutableClaim[]): Iterable<readonly MutableClaim[]> {
  const persons = new Map<string, MutableClaim[]>();
  for (const claim of claims)
    persons.set(claim.personId, [...(persons.get(claim.personId) ?? []), claim]);
  return persons.values();
}

export function auditByFacts(audit: CompiledAudit, claims: readonly Claim[]) {
  const { digest, coverage, findings } = auditClaims(audit, claims.map(factsOf));
  return { digest, coverage, rules: findings.map(({ rule }) => rule.id) };
}
