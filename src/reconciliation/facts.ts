import type { Pool } from '../claims/claim.js';
import type { Fen } from '../kernel/money.js';

/** What the three sides say about one month (对账: source ↔ gateway ↔ agency), as read from the database. */

/** One current read of one window or file of the claims stream. `null`: the source could not tell. */
export interface BatchFacts {
  readonly institution: string;
  /** File name, or the window's days. */
  readonly unit: string;
  readonly state: string;
  readonly sourceRows: number | null;
  readonly sourceFen: Fen | null;
  readonly landedRows: number;
  readonly landedFen: Fen;
  readonly quarantinedRows: number;
  readonly quarantinedFen: Fen;
  /** Natural keys given twice in one read: two rows landed as one claim. */
  readonly repeatedRows: number;
}

/** Claims that stand in the books from the month's reads, by institution. */
export interface StandingFacts {
  readonly institution: string;
  readonly claims: number;
  readonly totalFeeFen: Fen;
}

export interface QuarantineFacts {
  readonly institution: string;
  /** Null for an institution without a single claim in the books. */
  readonly settledBy: string | null;
  readonly stream: string;
  readonly rowHash: string;
  readonly rule: string;
  readonly message: string;
  readonly amountFen: Fen;
  readonly naturalKey: string | null;
}

/** A claim of our books, as far as reconciliation needs it. */
export interface ClaimFacts {
  readonly institution: string;
  readonly settledBy: string;
  readonly claimNo: string;
  readonly isRefund: boolean;
  readonly pool: Pool;
  readonly period: string;
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
  readonly accountPaidFen: Fen;
}

/** What our books hold now for one settlement unit and pool, by the month of settlement, as the agency counts. */
export interface BookFacts {
  readonly institution: string;
  readonly pool: Pool;
  readonly claims: number;
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
}

/** The newest declaration of one settlement unit, pool and clearing type. */
export interface DeclarationFacts {
  readonly institution: string;
  readonly pool: Pool;
  readonly clearingType: string;
  readonly claims: number;
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
  readonly accountPaidFen: Fen;
  /** The agency's verdict; null while it has given none. */
  readonly balanced: boolean | null;
}

/** A row of the agency's detail result that does not balance. */
export interface UnbalancedFacts {
  readonly institution: string;
  readonly clearingType: string;
  readonly claimNo: string | null;
  readonly senderMessageId: string | null;
  readonly isRefund: boolean;
  readonly totalFeeFen: Fen | null;
  readonly fundPaidFen: Fen | null;
  readonly accountPaidFen: Fen | null;
}

/** The newest message of a business key that has not ended well. */
export interface UnsettledMessage {
  readonly businessKey: string;
  readonly institution: string;
  readonly clearingType: string | null;
  readonly transactionCode: string;
  readonly state: string;
  readonly outcome: 'accepted' | 'rejected' | null;
}

/** A change of a claim of a closed month, carried by a later one. */
export interface AdjustmentFacts {
  readonly institution: string;
  readonly settledBy: string;
  readonly claimNo: string;
  readonly adjustment: number;
  readonly reason: string;
  readonly pool: Pool;
  readonly period: string;
  readonly fundPaidFen: Fen;
}

/** A refund that does not fit the claim it names. */
export interface RefundFacts {
  readonly institution: string;
  readonly claimNo: string;
  readonly refundOf: string;
  readonly pool: Pool;
  readonly state: 'unpaired' | 'over-refund' | 'other-person' | 'other-pool';
  readonly totalFeeFen: Fen;
}

export interface MonthFacts {
  readonly batches: readonly BatchFacts[];
  readonly standing: readonly StandingFacts[];
  readonly quarantined: readonly QuarantineFacts[];
  /** Claims settled in the month and accounted in a later one. */
  readonly late: readonly ClaimFacts[];
  /** Changes of claims settled in the month, made after it was closed. */
  readonly adjusted: readonly AdjustmentFacts[];
  /** Refunds settled in the month that do not fit. */
  readonly refunds: readonly RefundFacts[];
  readonly books: readonly BookFacts[];
  readonly declarations: readonly DeclarationFacts[];
  readonly unbalanced: readonly UnbalancedFacts[];
  /** Our claims that unbalanced rows speak of. */
  readonly disputed: readonly ClaimFacts[];
  readonly unsettled: readonly UnsettledMessage[];
}
