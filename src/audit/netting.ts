import { abs, type Fen, fen } from '../kernel/money.js';
import {
  type ClaimFacts,
  claimKey,
  type MutableClaim,
  type MutableLine,
  type PersonHistory,
  type Stay,
} from './facts.js';
import type { PersonRegister } from './registers.js';

/**
 * One person's claims as rules shall see them: refunds taken off, oldest first.
 *
 * A refund is a negative claim that names the original, or a negative line within a claim. Refunded units come off the same item, first
 * of the same day, then the latest before it, then the earliest after it: a source may date a refund anyhow. Refunded money comes off the original's funds. Claims refunded whole, and the refund
 * claims themselves, do not appear. A refund whose original is not at hand changes nothing. The claims given are changed in place.
 */
export function personHistory(
  personId: string,
  claims: readonly MutableClaim[],
  registered: PersonRegister,
): PersonHistory {
  const originals = new Map<string, MutableClaim>();
  const refunded = new Set<MutableClaim>();
  for (const claim of claims) if (claim.refundOf === null) originals.set(claim.key, claim);
  for (const refund of claims) {
    if (refund.refundOf === null) continue;
    const original = originals.get(claimKey(refund.institution, refund.refundOf));
    if (original === undefined) continue;
    takeBack(original, refund);
    refunded.add(original);
  }
  const kept = [...originals.values()].filter((claim) => !refunded.has(claim) || isLeft(claim));
  for (const claim of kept) {
    netLines(
      claim,
      claim.lines.filter(({ quantity }) => quantity < 0),
    );
    claim.lines.sort((a, b) => (a.lineNo < b.lineNo ? -1 : 1)); // whatever order they came in
  }
  kept.sort(byTime);
  return { personId, claims: kept, stays: staysOf(kept), registered };
}

/** False for a claim refunded to the last fen and unit: it is as if it had never been. */
function isLeft(claim: MutableClaim): boolean {
  if (claim.totalFeeFen !== 0n || claim.fundPaidFen !== 0n) return true;
  return claim.lines.some(({ quantity }) => quantity > 0);
}

function takeBack(original: MutableClaim, refund: MutableClaim): void {
  original.totalFeeFen = fen(original.totalFeeFen + refund.totalFeeFen);
  original.fundPaidFen = fen(original.fundPaidFen + refund.fundPaidFen);
  original.accountPaidFen = fen(original.accountPaidFen + refund.accountPaidFen);
  original.cashPaidFen = fen(original.cashPaidFen + refund.cashPaidFen);
  original.fundsFen = original.fundsFen.map((paid, index) =>
    fen(paid + (refund.fundsFen[index] ?? 0n)),
  );
  netLines(original, refund.lines);
}

function netLines(claim: MutableClaim, refunds: readonly MutableLine[]): void {
  if (refunds.length === 0) return;
  for (const refund of refunds) netLine(claim, refund);
  claim.lines = claim.lines.filter(({ quantity }) => quantity > 0);
}

function netLine(claim: MutableClaim, refund: MutableLine): void {
  const candidates = claim.lines
    .filter((line) => line.quantity > 0 && sameItem(line, refund))
    .sort((a, b) => compareDays(a, b, refund.chargedOn));
  let units = Math.abs(refund.quantity);
  for (const line of candidates) {
    if (units === 0) break;
    const taken = Math.min(units, line.quantity);
    line.amountFen = remaining(line.amountFen, taken, line.quantity);
    line.eligibleFen = remaining(line.eligibleFen, taken, line.quantity);
    line.quantity -= taken;
    units -= taken;
  }
}

/** Latest first up to the day of the refund, then earliest first. */
function compareDays(a: MutableLine, b: MutableLine, refundedOn: string): number {
  if (a.chargedOn === b.chargedOn) return 0;
  const [aAfter, bAfter] = [a.chargedOn > refundedOn, b.chargedOn > refundedOn];
  if (aAfter !== bAfter) return aAfter ? 1 : -1;
  return a.chargedOn < b.chargedOn === aAfter ? -1 : 1;
}

function sameItem(a: MutableLine, b: MutableLine): boolean {
  return a.itemCode === b.itemCode && (a.itemCode !== null || a.itemName === b.itemName);
}

/** The part of an amount that stays when `taken` of `of` units leave. */
function remaining(amount: Fen, taken: number, of: number): Fen {
  return fen(amount - (abs(amount) * BigInt(taken)) / BigInt(of));
}

function byTime(a: ClaimFacts, b: ClaimFacts): number {
  if (a.settledOn !== b.settledOn) return a.settledOn < b.settledOn ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Inpatient claims with both dates known, by admission. */
export function staysOf(claims: readonly ClaimFacts[]): Stay[] {
  const stays: Stay[] = [];
  for (const claim of claims) {
    const { admittedAt, dischargedAt, careType } = claim;
    if (careType !== 'inpatient' || admittedAt === null || dischargedAt === null) continue;
    stays.push({ claim, admittedAt, dischargedAt });
  }
  return stays.sort((a, b) =>
    a.admittedAt === b.admittedAt ? byTime(a.claim, b.claim) : a.admittedAt < b.admittedAt ? -1 : 1,
  );
}
