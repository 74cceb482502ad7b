import type { IsoDate, IsoDateTime } from '../kernel/dates.js';
import type { Fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { CareType, FeeClass, InstitutionLevel, Pool, Sex } from './claim.js';

/** A landed claim as engines read it: amounts in fen, everything that hangs on it attached. */
export interface ClaimRecord {
  readonly consortium: string;
  readonly institution: string;
  readonly claimNo: string;
  readonly settledBy: string;
  readonly level: InstitutionLevel;
  /** Accounting month. */
  readonly period: Month;
  readonly refundOf: string | null;
  readonly personId: string;
  readonly sex: Sex;
  readonly birthDate: IsoDate | null;
  readonly pool: Pool;
  readonly careType: CareType;
  readonly treatmentArea: string;
  readonly channel: string;
  readonly cause: string;
  readonly settledAt: IsoDateTime;
  /** As precise as the source: a day or a moment. */
  readonly admittedAt: string | null;
  readonly dischargedAt: string | null;
  readonly dischargeMode: string | null;
  readonly department: string | null;
  readonly totalFeeFen: Fen;
  readonly eligibleFen: Fen;
  readonly deductibleFen: Fen;
  readonly pooledFundPaidFen: Fen;
  readonly criticalIllnessPaidFen: Fen;
  readonly largeExpensePaidFen: Fen;
  readonly medicalAidPaidFen: Fen;
  readonly fundPaidFen: Fen;
  readonly accountPaidFen: Fen;
  readonly cashPaidFen: Fen;
  readonly agencyGroupCode: string | null;
  readonly groupStandardFen: Fen | null;
  readonly lines: readonly LineRecord[];
  readonly diagnoses: readonly DiagnosisRecord[];
  readonly procedures: readonly ProcedureRecord[];
}

export interface LineRecord {
  readonly lineNo: string;
  /** A day, or a moment when the source gives the hour. */
  readonly chargedAt: string;
  readonly itemCode: string | null;
  readonly institutionItemCode: string;
  readonly itemName: string;
  readonly itemKind: 'drug' | 'tcm-piece' | 'service' | 'material';
  /** Decimal text, up to 4 places. */
  readonly quantity: string;
  /** Yuan, decimal text, up to 6 places. */
  readonly unitPrice: string;
  readonly lineAmountFen: Fen;
  readonly eligibleAmountFen: Fen;
  readonly prescriptionNo: string | null;
  readonly department: string | null;
  readonly doctor: string | null;
  readonly feeClass: FeeClass | null;
  readonly daysSupply: number | null;
  readonly traceCodes: readonly string[];
}

export interface DiagnosisRecord {
  readonly sequence: number;
  readonly code: string;
  readonly isPrincipal: boolean;
}

export interface ProcedureRecord extends DiagnosisRecord {
  readonly performedOn: IsoDate | null;
}
