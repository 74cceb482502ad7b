/** What the generator knows, written beside the data as `truth.json`. Money is yuan text. */
export interface Truth {
  readonly seed: number;
  readonly claims: number;
  readonly planted: number;
  readonly consortium: string;
  /** Rows and money at the source, by member and stream, for the whole year. */
  readonly sources: readonly SourceTruth[];
  /** What lies in the gateway's books, by accounting month. */
  readonly landed: readonly LandedTruth[];
  readonly quarantine: readonly QuarantineTruth[];
  /** Batches that cannot be complete at first, and files that come twice. */
  readonly files: readonly FileTruth[];
  readonly unmapped: readonly UnmappedTruth[];
  readonly violations: readonly ViolationTruth[];
  readonly twins: readonly TwinTruth[];
  readonly figures: readonly FigureTruth[];
  readonly reconciliation: readonly ReconciliationTruth[];
}

export interface SourceTruth {
  readonly institution: string;
  readonly stream: string;
  readonly rows: number;
  readonly amount: string | null;
}

export interface LandedTruth {
  readonly period: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly pool: string;
  readonly careType: string;
  readonly claims: number;
  readonly lines: number;
  readonly total: string;
  readonly booked: string;
}

export interface QuarantineTruth {
  readonly institution: string;
  readonly stream: string;
  readonly rule: string;
  readonly rows: number;
}

export interface FileTruth {
  readonly institution: string;
  readonly file: string;
  readonly expected: string;
}

export interface UnmappedTruth {
  readonly institution: string;
  readonly code: string;
  readonly lines: number;
  readonly amount: string;
}

export interface ViolationTruth {
  readonly rule: string;
  readonly certainty: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly pool: string;
  readonly month: string;
  readonly claimNo: string;
  readonly lines: readonly string[];
  /** Fund money of the violating lines; null where a person must decide. */
  readonly amount: string | null;
  readonly note: string;
}

export interface TwinTruth {
  readonly twinOf: string;
  readonly claims: readonly string[];
}

export interface FigureTruth {
  readonly id: string;
  readonly value: string;
}

export interface ReconciliationTruth {
  readonly kind: 'agency-extra' | 'gateway-extra' | 'amount-differs';
  readonly month: string;
  readonly settledBy: string;
  readonly claimNo: string;
  readonly pool: string;
  /** Fund money in dispute; of differing amounts, the agency's minus ours. */
  readonly amount: string;
}
