import { type Fen, fen, sum, ZERO_FEN } from '../kernel/money.js';
import { blameSame, byStrength, type Draft, involvedClaimsOf, violatingClaimsOf } from './draft.js';
import { type ClaimFacts, FUNDS, type LineFacts } from './facts.js';
import {
  type Finding,
  type FindingLine,
  type FindingShare,
  type MoneyState,
  messageOf,
} from './finding.js';
import { CaseLedger, type Taken } from './ledger.js';
import type { AuditSettings } from './settings.js';

export interface Consolidation {
  readonly findings: readonly Finding[];
  /** Drafts that are not worth raising. */
  readonly belowMinimum: readonly Draft[];
}

/**
 * From hits to findings (合并计费): every fen is claimed once. The strongest finding claims its units first; the others on the same units
 * corroborate it with 0, or claim what is left. What a person dismissed stays on record and claims nothing, so the next one takes its
 * place.
 *
 * @param drafts     all hits of one person, also of months whose findings stand already
 * @param dismissed  ids of findings a person decided against
 */
export function consolidate(
  drafts: readonly Draft[],
  settings: AuditSettings,
  dismissed: ReadonlySet<string>,
): Consolidation {
  const ledgers = new Map<ClaimFacts, CaseLedger>();
  const ledgerOf = (claim: ClaimFacts): CaseLedger => {
    const ledger = ledgers.get(claim) ?? new CaseLedger(claim, settings.funds);
    ledgers.set(claim, ledger);
    return ledger;
  };
  const ranked = drafts.toSorted(byStrength);
  const standing = ranked.filter(({ id }) => !dismissed.has(id));
  const belowMinimum = standing.filter((draft) => isBelowMinimum(draft, settings, ledgerOf));
  const raised = standing.filter((draft) => !belowMinimum.includes(draft));
  const findings: Finding[] = [];
  for (const draft of raised) {
    const overruledBy = raised.find((other) => overrules(other, draft, raised));
    const claimed = overruledBy === undefined ? claimMoney(draft, settings, ledgerOf) : NOTHING;
    findings.push(findingOf(draft, settings, claimed, overruledBy?.id ?? null));
  }
  for (const draft of ranked) {
    if (!dismissed.has(draft.id)) continue;
    findings.push({
      ...findingOf(draft, settings, NOTHING, null),
      mode: 'dismissed',
      money: 'none',
    });
  }
  return { findings, belowMinimum };
}

/** Money claimed by a finding, by line and by claim. */
interface Claimed {
  readonly byLine: ReadonlyMap<LineFacts, Taken>;
  readonly byClaim: ReadonlyMap<ClaimFacts, Taken>;
}
const NOTHING: Claimed = { byLine: new Map(), byClaim: new Map() };

function moneyStateOf({ rule, class: ruleClass, hit }: Draft, settings: AuditSettings): MoneyState {
  if (rule.status === 'SHADOW' || rule.deduction === 'NONE') return 'none';
  if (ruleClass !== 'HARD' && ruleClass !== 'SUSP') return 'none';
  if (hit.awaitsPanel === true) return 'panel';
  const lines = hit.violating.map(({ line }) => line);
  if (lines.length > 0 && lines.every((line) => isRecordOnly(line, settings))) return 'record-only';
  return 'exact';
}

function isRecordOnly({ claim }: LineFacts, { packagedCase }: AuditSettings): boolean {
  return packagedCase.itemHit !== 'ITEM_FUND' && packagedCase.careTypes.includes(claim.careType);
}

function isBelowMinimum(
  draft: Draft,
  settings: AuditSettings,
  ledgerOf: (claim: ClaimFacts) => CaseLedger,
): boolean {
  if (moneyStateOf(draft, settings) !== 'exact') return false;
  const { violating, violatingClaims } = draft.hit;
  const worth = sum([
    ...violating.map((range) => ledgerOf(range.line.claim).worthOf(range)),
    ...violatingClaims.map((part) => ledgerOf(part.claim).worthOfCase(part)),
  ]);
  return worth < settings.minAmount;
}

/** Subsumption always, exclusion by strength; both only where the two blame the same thing. */
function overrules(other: Draft, draft: Draft, ranked: readonly Draft[]): boolean {
  if (other === draft || other.rule.status === 'SHADOW') return false;
  const { subsumes, mutuallyExclusive } = other.rule.relations;
  const excludes =
    (mutuallyExclusive.includes(draft.rule.id) ||
      draft.rule.relations.mutuallyExclusive.includes(other.rule.id)) &&
    ranked.indexOf(other) < ranked.indexOf(draft);
  return (subsumes.includes(draft.rule.id) || excludes) && blameSame(other, draft);
}

function claimMoney(
  draft: Draft,
  settings: AuditSettings,
  ledgerOf: (claim: ClaimFacts) => CaseLedger,
): Claimed {
  if (moneyStateOf(draft, settings) !== 'exact') return NOTHING;
  const byLine = new Map<LineFacts, Taken>();
  const byClaim = new Map<ClaimFacts, Taken>();
  for (const range of draft.hit.violating) {
    if (isRecordOnly(range.line, settings)) continue;
    const taken = ledgerOf(range.line.claim).takeUnits(range, draft.id);
    byLine.set(range.line, together(byLine.get(range.line), taken));
  }
  for (const part of draft.hit.violatingClaims) {
    byClaim.set(part.claim, ledgerOf(part.claim).takeCase(part, draft.id));
  }
  return { byLine, byClaim };
}

function together(a: Taken | undefined, b: Taken): Taken {
  if (a === undefined) return b;
  return {
    fundsFen: a.fundsFen.map((taken, fund) => fen(taken + (b.fundsFen[fund] ?? 0n))),
    heldBy: a.heldBy ?? b.heldBy,
  };
}

function findingOf(
  draft: Draft,
  settings: AuditSettings,
  claimed: Claimed,
  overruledBy: string | null,
): Finding {
  const { rule, hit } = draft;
  const shares = sharesOf(claimed);
  const amountFen = sum(shares.map((share) => share.amountFen));
  const heldBy = [...claimed.byLine.values(), ...claimed.byClaim.values()].find(
    (taken) => taken.heldBy !== null && taken.heldBy !== draft.id,
  )?.heldBy;
  const primaryFindingId = overruledBy ?? (amountFen === 0n ? (heldBy ?? null) : null);
  return {
    findingId: draft.id,
    rule,
    class: draft.class,
    mode: rule.status === 'SHADOW' ? 'shadow' : 'active',
    role: primaryFindingId === null ? 'primary' : 'corroboration',
    primaryFindingId,
    certainty: hit.certainty,
    basis: rule.deduction,
    money: moneyStateOf(draft, settings),
    month: draft.month,
    personId: violatingClaimsOf(hit)[0]?.personId ?? '',
    claims: [
      ...violatingClaimsOf(hit).map((claim) => ({ claim, role: 'violating' as const })),
      ...involvedClaimsOf(hit).map((claim) => ({ claim, role: 'involved' as const })),
    ],
    lines: linesOf(draft, claimed),
    amountFen,
    shares,
    facts: hit.facts,
    message: messageOf(rule.message, hit.facts),
    point: hit.point,
    tableRow: hit.tableRow ?? null,
  };
}

function linesOf({ hit }: Draft, { byLine }: Claimed): FindingLine[] {
  const units = new Map<LineFacts, number>();
  for (const { line, from, to } of hit.violating)
    units.set(line, (units.get(line) ?? 0) + to - from);
  const violating = [...units].map(([line, quantity]) =>
    findingLine(line, 'violating', quantity, sum(byLine.get(line)?.fundsFen ?? [])),
  );
  const involved = [...new Set(hit.involvedLines)]
    .filter((line) => !units.has(line))
    .map((line) => findingLine(line, 'involved', line.quantity, ZERO_FEN));
  return [...violating, ...involved];
}

function findingLine(
  line: LineFacts,
  role: FindingLine['role'],
  quantity: number,
  amountFen: Fen,
): FindingLine {
  const { institution, claimNo, settledOn } = line.claim;
  const { lineNo, chargedOn, itemCode, itemName } = line;
  return {
    institution,
    claimNo,
    settledOn,
    lineNo,
    role,
    chargedOn,
    itemCode,
    itemName,
    quantity,
    amountFen,
  };
}

/** By institution, settling institution and pool, in that order. */
function sharesOf({ byLine, byClaim }: Claimed): FindingShare[] {
  const funds = new Map<string, { claim: ClaimFacts; fundsFen: Fen[] }>();
  for (const [claim, taken] of [
    ...[...byLine].map(([line, taken]) => [line.claim, taken] as const),
    ...byClaim,
  ]) {
    const key = [claim.institution, claim.settledBy, claim.pool].join('\n');
    const known = funds.get(key) ?? { claim, fundsFen: FUNDS.map(() => ZERO_FEN) };
    known.fundsFen = known.fundsFen.map((held, fund) => fen(held + (taken.fundsFen[fund] ?? 0n)));
    funds.set(key, known);
  }
  return [...funds.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { claim, fundsFen }]) => ({
      institution: claim.institution,
      settledBy: claim.settledBy,
      pool: claim.pool,
      amountFen: sum(fundsFen),
      fundsFen,
    }))
    .filter(({ amountFen }) => amountFen > 0n);
}
