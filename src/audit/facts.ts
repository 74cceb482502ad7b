import type { Claim, ClaimLine, FeeClass } from '../claims/claim.js';
import { dateOf, type IsoDate, type IsoDateTime } from '../kernel/dates.js';
import { type Fen, yuan } from '../kernel/money.js';
import { type Month, monthOf } from '../kernel/period.js';
import type { PersonRegister } from './registers.js';
import { parseScaled } from './scaled.js';

/** The funds a deduction is spread over, in the order of `ClaimFacts.fundsFen`. */
export const FUNDS = ['pooledFund', 'criticalIllness', 'largeExpense', 'medicalAid'] as const;
export type Fund = (typeof FUNDS)[number];

/** What the engine reads of a claim. The same shape comes from `claims.ndjson` and from the claim store. */
export interface ClaimFacts {
  /** `institution/claimNo`: unique in the consortium. */
  readonly key: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly level: Claim['level'];
  readonly claimNo: string;
  readonly refundOf: string | null;
  readonly personId: string;
  readonly sex: Claim['sex'];
  readonly birthDate: IsoDate | null;
  readonly pool: Claim['pool'];
  readonly careType: Claim['careType'];
  /** Accounting month. */
  readonly period: Month;
  readonly settledOn: IsoDate;
  readonly admittedAt: IsoDate | IsoDateTime | null;
  readonly dischargedAt: IsoDate | IsoDateTime | null;
  readonly dischargeMode: Claim['dischargeMode'];
  readonly totalFeeFen: Fen;
  readonly fundPaidFen: Fen;
  readonly accountPaidFen: Fen;
  readonly cashPaidFen: Fen;
  /** By fund, in the order of FUNDS; after netting, what is left of them once refunds are taken back. */
  readonly fundsFen: readonly Fen[];
  readonly department: string | null;
  readonly agencyGroupCode: string | null;
  /** What the group of a packaged case stands for; null = not said. */
  readonly groupStandardFen: Fen | null;
  readonly principalDiagnosis: string | null;
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
  readonly lines: readonly LineFacts[];
}

export interface LineFacts {
  readonly claim: ClaimFacts;
  readonly lineNo: string;
  readonly chargedOn: IsoDate;
  /** Minute of the day; null = the source gives no hour. */
  readonly minute: number | null;
  readonly itemCode: string | null;
  readonly itemName: string;
  readonly kind: ClaimLine['itemKind'];
  readonly feeClass: FeeClass | null;
  readonly prescriptionNo: string | null;
  readonly department: string | null;
  readonly doctor: string | null;
  readonly daysSupply: number | null;
  readonly traceCodes: readonly string[];
  /** Ten-thousandths of a unit; after netting, what is left once refunded units are taken off. */
  readonly quantity: number;
  /** Millionths of a yuan. */
  readonly unitPrice: number;
  readonly amountFen: Fen;
  readonly eligibleFen: Fen;
}

/** Fields a reader supplies; the builder links the lines to their claim. */
export type ClaimFields = Omit<ClaimFacts, 'key' | 'lines' | 'settledOn'> & {
  readonly settledOn: IsoDate;
};
export type LineFields = Omit<LineFacts, 'claim'>;

/** Facts that netting may still change; nobody else writes to them. */
export type MutableClaim = {
  -readonly [K in keyof ClaimFacts]: K extends 'lines' ? MutableLine[] : ClaimFacts[K];
};
export type MutableLine = { -readonly [K in keyof LineFacts]: LineFacts[K] };

export function claimKey(institution: string, claimNo: string): string {
  return `${institution}/${claimNo}`;
}

export function lineKey(line: LineFacts): string {
  return `${line.claim.key}/${line.lineNo}`;
}

/** An empty claim to hang lines on. */
export function openClaim(fields: ClaimFields): MutableClaim {
  return { ...fields, key: claimKey(fields.institution, fields.claimNo), lines: [] };
}

export function addLine(claim: MutableClaim, fields: LineFields): void {
  claim.lines.push({ ...fields, claim });
}

/** Facts of a claim as `claims.ndjson` carries it (already checked by `claimSchema`). */
export function factsOf(claim: Claim): MutableClaim {
  const facts = openClaim({
    institution: claim.performedAt,
    settledBy: claim.settledBy,
    level: claim.level,
    claimNo: claim.claimNo,
    refundOf: claim.refundOf,
    personId: claim.personId,
    sex: claim.sex,
    birthDate: claim.birthDate,
    pool: claim.pool,
    careType: claim.careType,
    period: monthOf(claim.settledAt),
    settledOn: dateOf(claim.settledAt),
    admittedAt: claim.admittedAt,
    dischargedAt: claim.dischargedAt,
    dischargeMode: claim.dischargeMode,
    totalFeeFen: yuan(claim.totalFee),
    fundPaidFen: yuan(claim.fundPaid),
    accountPaidFen: yuan(claim.accountPaid),
    cashPaidFen: yuan(claim.cashPaid),
    fundsFen: [
      yuan(claim.pooledFundPaid),
      yuan(claim.criticalIllnessPaid),
      yuan(claim.largeExpensePaid),
      yuan(claim.medicalAidPaid),
    ],
    department: claim.department,
    agencyGroupCode: claim.agencyGroupCode,
    groupStandardFen: claim.groupStandard === null ? null : yuan(claim.groupStandard),
    principalDiagnosis: claim.diagnoses.find(({ isPrincipal }) => isPrincipal)?.code ?? null,
    diagnoses: claim.diagnoses.map(({ code }) => code),
    procedures: claim.procedures.map(({ code }) => code),
  });
  for (const line of claim.lines) {
    addLine(facts, {
      lineNo: line.lineNo,
      chargedOn: dateOf(line.chargedAt),
      minute: minuteOf(line.chargedAt),
      itemCode: line.itemCode,
      itemName: line.itemName,
      kind: line.itemKind,
      feeClass: line.feeClass,
      prescriptionNo: line.prescriptionNo,
      department: line.department,
      doctor: line.doctor,
      daysSupply: line.daysSupply,
      traceCodes: line.traceCodes,
      quantity: parseScaled(line.quantity, 4),
      unitPrice: parseScaled(line.unitPrice, 6),
      amountFen: yuan(line.lineAmount),
      eligibleFen: yuan(line.eligibleAmount),
    });
  }
  return facts;
}

/** Minute of the day of a date-time, null for a bare date. */
export function minuteOf(moment: IsoDate | IsoDateTime): number | null {
  return moment.length === 10
    ? null
    : Number(moment.slice(11, 13)) * 60 + Number(moment.slice(14, 16));
}

/** A stay with both ends known: what interval rules compare. */
export interface Stay {
  readonly claim: ClaimFacts;
  readonly admittedAt: IsoDate | IsoDateTime;
  readonly dischargedAt: IsoDate | IsoDateTime;
}

/** Everything known of one person, oldest claim first. */
export interface PersonHistory {
  readonly personId: string;
  readonly claims: readonly ClaimFacts[];
  /** Inpatient claims with admission and discharge, by admission. */
  readonly stays: readonly Stay[];
  /** What registers beside the claims say of the person. */
  readonly registered: PersonRegister;
}
