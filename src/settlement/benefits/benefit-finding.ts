import type { Claim } from '../../claims/claim.js';
import type { Fen } from '../../kernel/money.js';

/** A settlement record, or several of one referral, where what was paid is not what the benefit rules say (待遇核对差异). */
export interface BenefitFinding {
  /** Row of the policy register. */
  readonly row: string;
  readonly clause: string;
  /** `institution/claimNo` of each record; never a person. */
  readonly claims: readonly string[];
  readonly what: string;
  readonly expected: Fen;
  readonly found: Fen;
}

/** Records that count: neither taken back nor taking back. */
export function standing(claims: readonly Claim[]): readonly Claim[] {
  const refunded = new Set(
    claims.flatMap(({ performedAt, refundOf }) =>
      refundOf === null ? [] : [keyOf({ performedAt, claimNo: refundOf })],
    ),
  );
  return claims.filter((claim) => claim.refundOf === null && !refunded.has(keyOf(claim)));
}

export function keyOf({ performedAt, claimNo }: Pick<Claim, 'performedAt' | 'claimNo'>): string {
  return `${performedAt}/${claimNo}`;
}
