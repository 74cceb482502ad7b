import type { Pool, Sex } from '../../claims/claim.js';
import type { Fen } from '../../kernel/money.js';
import type { RuleClass } from '../rule.js';

/** A finding with what an agency's objects want to know of it, as the books have it. */
export interface ExportedFinding {
  readonly findingId: string;
  /** The audit run that found it. */
  readonly task: string;
  /** `2024-04-02 10:30:00`, by the consortium's clock. */
  readonly foundAt: string;
  readonly ruleId: string;
  readonly ruleTitle: string;
  readonly official: string | null;
  readonly class: RuleClass;
  readonly certainty: 'core' | 'watch';
  /** Whether the amount was computed, or waits for a panel. */
  readonly computed: boolean;
  readonly amount: Fen;
  readonly message: string;
  readonly evidence: string;
  readonly personId: string;
  /** Violating ones first. */
  readonly claims: readonly ExportedClaim[];
  readonly lines: readonly ExportedLine[];
  readonly review: ExportedReview | null;
}

export interface ExportedClaim {
  readonly institution: string;
  readonly institutionName: string;
  /** Who settles it: a clinic's township centre. */
  readonly settledBy: string;
  readonly claimNo: string;
  readonly violating: boolean;
  readonly sex: Sex;
  readonly pool: Pool;
  /** As precise as the source; null outside a stay. */
  readonly admittedAt: string | null;
  readonly dischargedAt: string | null;
  readonly settledAt: string;
  readonly principalDiagnosis: string | null;
}

export interface ExportedLine {
  readonly institution: string;
  readonly claimNo: string;
  readonly lineNo: string;
  readonly violating: boolean;
  readonly chargedOn: string;
  readonly itemCode: string | null;
  readonly itemName: string;
  readonly quantity: string;
  /** Of the charge, not of the fund. */
  readonly amount: Fen;
}

/** What one stage decided. */
export interface ExportedStage {
  readonly by: string;
  readonly at: string;
  readonly opinion: string;
  readonly amount: Fen | null;
}

/** What people made of it. */
export interface ExportedReview {
  readonly upheld: boolean;
  readonly first: ExportedStage;
  readonly appeal: ExportedStage | null;
  readonly second: ExportedStage | null;
  readonly panel: ExportedStage | null;
  /** Confirmed as a violation; zero when dismissed. */
  readonly confirmed: Fen;
  readonly deducted: Fen;
  readonly deductedAt: string | null;
  /** Given back later. */
  readonly compensated: Fen;
}
