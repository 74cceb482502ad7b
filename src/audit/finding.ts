import type { Claim } from '../claims/claim.js';
import type { IsoDate } from '../kernel/dates.js';
import { type Canonical, digest } from '../kernel/hash.js';
import { type Fen, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import { type ClaimFacts, FUNDS, lineKey } from './facts.js';
import type { TableCells } from './local-table.js';
import { type DeductionBasis, type Rule, type RuleClass, ruleVersion } from './rule.js';
import { quantityText } from './scaled.js';
import type { Hit } from './template.js';

/**
 * What a finding's amount is: `exact` computed here · `panel` 0 until people decide · `record-only` 0 because the region takes no item money
 * out of packaged cases · `none` the rule never touches money.
 */
export type MoneyState = 'exact' | 'panel' | 'record-only' | 'none';

/** A claim a finding is about: type 1 violating or type 2 involved. */
export interface FindingClaim {
  readonly claim: ClaimFacts;
  readonly role: 'violating' | 'involved';
}

export interface FindingLine {
  readonly institution: string;
  readonly claimNo: string;
  readonly settledOn: IsoDate;
  readonly lineNo: string;
  readonly role: 'violating' | 'involved';
  readonly chargedOn: IsoDate;
  readonly itemCode: string | null;
  readonly itemName: string;
  /** Ten-thousandths of a unit; of a violating line the units at stake. */
  readonly quantity: number;
  readonly amountFen: Fen;
}

/** What one institution and pool would give back. */
export interface FindingShare {
  readonly institution: string;
  readonly settledBy: string;
  readonly pool: Claim['pool'];
  readonly amountFen: Fen;
  /** In the order of FUNDS. */
  readonly fundsFen: readonly Fen[];
}

/** A finding (疑点): what a rule found, with its place among the others and the money it may claim. */
export interface Finding {
  /** The same violation under the same rule version keeps its id from run to run. */
  readonly findingId: string;
  readonly rule: Rule;
  readonly class: RuleClass;
  /** A shadow finding is on trial; a dismissed one was decided against by a person. Neither carries money. */
  readonly mode: 'active' | 'shadow' | 'dismissed';
  readonly role: 'primary' | 'corroboration';
  /** The finding that already claims the money; null for a primary one. */
  readonly primaryFindingId: string | null;
  readonly certainty: Hit['certainty'];
  readonly basis: DeductionBasis;
  readonly money: MoneyState;
  /** Latest accounting month among the claims involved: the month in which the violation was complete. */
  readonly month: Month;
  readonly personId: string;
  readonly claims: readonly FindingClaim[];
  readonly lines: readonly FindingLine[];
  readonly amountFen: Fen;
  readonly shares: readonly FindingShare[];
  readonly facts: Hit['facts'];
  readonly message: string;
  readonly point: Hit['point'];
  readonly tableRow: { readonly table: string; readonly cells: TableCells } | null;
}

/** 32 hex digits over rule version, violating lines or claims, and window. */
export function findingIdOf(rule: Rule, hit: Hit): string {
  return digest({
    rule: ruleVersion(rule),
    lines: hit.violating.map(({ line }) => lineKey(line)).sort(),
    claims: hit.violatingClaims.map(({ claim }) => claim.key).sort(),
    window: hit.windowKey,
  }).slice(0, 32);
}

/** The rule's sentence with its values filled in; an unknown placeholder stays visible. */
export function messageOf(template: string, facts: Hit['facts']): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

/** A finding as `heyi audit --json` prints it and as its digest is taken: no surrogate ids, no instants, no person. */
export function findingJson(finding: Finding): Readonly<Record<string, Canonical>> {
  const { rule, point } = finding;
  return {
    findingId: finding.findingId,
    rule: rule.id,
    version: rule.version,
    title: rule.title,
    class: finding.class,
    mode: finding.mode,
    role: finding.role,
    primaryFindingId: finding.primaryFindingId,
    certainty: finding.certainty,
    month: finding.month,
    claims: finding.claims.map(({ claim, role }) => ({
      performedAt: claim.institution,
      settledBy: claim.settledBy,
      claimNo: claim.claimNo,
      role,
    })),
    lines: finding.lines.map((line) => ({
      performedAt: line.institution,
      claimNo: line.claimNo,
      lineNo: line.lineNo,
      role: line.role,
      chargedOn: line.chargedOn,
      itemCode: line.itemCode,
      itemName: line.itemName,
      quantity: quantityText(line.quantity),
      amount: toYuan(line.amountFen),
    })),
    amount: toYuan(finding.amountFen),
    deduction: finding.basis,
    money: finding.money,
    shares: finding.shares.map((share) => ({
      institution: share.institution,
      settledBy: share.settledBy,
      pool: share.pool,
      amount: toYuan(share.amountFen),
      funds: Object.fromEntries(
        FUNDS.map((fund, i) => [fund, toYuan(share.fundsFen[i] ?? (0n as Fen))]),
      ),
    })),
    facts: finding.facts,
    message: finding.message,
    evidence: evidenceOf(point),
    tableRow: finding.tableRow,
    basis: rule.basis,
    legal: rule.legal,
    official: rule.official,
  };
}

function evidenceOf(point: Hit['point']): Canonical {
  if (point === null) return null;
  const { id, batch, publishedOn, officialCode, ruleClass, name, text, source } = point;
  return { knowledgePoint: id, batch, publishedOn, officialCode, ruleClass, name, text, source };
}
