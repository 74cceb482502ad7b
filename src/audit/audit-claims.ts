import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/hash.js';
import { type AuditScope, auditPerson, EVERYTHING } from './audit-person.js';
import type { CompiledAudit } from './compile.js';
import { Coverage, type CoverageCount } from './coverage.js';
import type { MutableClaim } from './facts.js';
import { type Finding, findingJson } from './finding.js';
import type { PersonRegisters } from './register-rows.js';
import { NOTHING_REGISTERED } from './registers.js';
import { reusedTraceCodes } from './trace-reuse.js';

export interface AuditedClaims {
  /** By id. */
  readonly findings: readonly Finding[];
  readonly coverage: readonly CoverageCount[];
  readonly digest: string;
}

/** Audits claims at hand, in any order: they are brought together by person first. */
export function auditClaims(
  audit: CompiledAudit,
  claims: Iterable<MutableClaim>,
  scope: AuditScope = EVERYTHING,
  registers: PersonRegisters = () => NOTHING_REGISTERED,
): AuditedClaims {
  const persons = new Map<string, MutableClaim[]>();
  const all = [...claims];
  const reused = reusedTraceCodes(all);
  for (const claim of all) {
    const known = persons.get(claim.personId);
    if (known === undefined) persons.set(claim.personId, [claim]);
    else known.push(claim);
  }
  const coverage = new Coverage(scope.months);
  const findings = [...persons.values()]
    .flatMap((history) =>
      auditPerson(audit, history, scope, coverage, {
        ...registers(history),
        reusedTraceCodes: reused.get(history[0]?.personId ?? '') ?? [],
      }),
    )
    .sort(byId);
  return { findings, coverage: coverage.rows(audit.unavailable), digest: digestOf(findings) };
}

export function byId(a: Finding, b: Finding): number {
  return a.findingId < b.findingId ? -1 : 1;
}

/** SHA-256 over the findings' canonical JSON, one a line, in the order of their ids. */
export function digestOf(sorted: Iterable<Finding>): string {
  const hash = createHash('sha256');
  for (const finding of sorted) hash.update(`${canonicalJson(findingJson(finding))}\n`);
  return hash.digest('hex');
}
