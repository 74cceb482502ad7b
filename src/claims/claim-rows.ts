import { fen } from '../kernel/money.js';
import type { ClaimRecord, DiagnosisRecord, LineRecord, ProcedureRecord } from './claim-record.js';

/** Columns of a claim as the reader selects them, and how a row of raw texts becomes a record. */

export type Cells = readonly (string | null)[];

export const CLAIM_COLUMNS = `c.institution, c.claim_no, c.settled_by, c.level, c.period, c.refund_of, c.person_id, c.sex,
  c.birth_date, c.pool, c.care_type, c.treatment_area, c.channel, c.cause, to_char(c.settled_at, 'YYYY-MM-DD"T"HH24:MI:SS'),
  c.admitted_at, c.discharged_at, c.discharge_mode, c.department, c.total_fee_fen, c.eligible_fen, c.deductible_fen,
  c.pooled_fund_paid_fen, c.critical_illness_paid_fen, c.large_expense_paid_fen, c.medical_aid_paid_fen, c.fund_paid_fen,
  c.account_paid_fen, c.cash_paid_fen, c.agency_group_code, c.group_standard_fen`;

export const LINE_COLUMNS = `l.line_no, l.charged_on::text || coalesce('T' || l.charged_time::text, ''), l.item_code,
  l.institution_item_code, l.item_name, l.item_kind, l.quantity, l.unit_price, l.line_amount_fen, l.line_eligible_fen,
  l.prescription_no, l.department, l.doctor, l.fee_class, l.days_supply, l.trace_codes`;

export const CODE_COLUMNS = 'l.sequence, l.code, l.is_principal';

/** What hangs on a claim, already in order. */
export interface Attached {
  readonly lines: readonly LineRecord[];
  readonly diagnoses: readonly DiagnosisRecord[];
  readonly procedures: readonly ProcedureRecord[];
}

const text = (cell: string | null | undefined): string => cell ?? '';
const amount = (cell: string | null | undefined) => fen(BigInt(cell ?? '0'));

/** The tables' CHECK constraints hold the enumerations; the casts only repeat them to the compiler. */
export function claimRecord(consortium: string, cells: Cells, attached: Attached): ClaimRecord {
  return {
    consortium,
    institution: text(cells[0]),
    claimNo: text(cells[1]),
    settledBy: text(cells[2]),
    level: text(cells[3]) as ClaimRecord['level'],
    period: text(cells[4]),
    refundOf: cells[5] ?? null,
    personId: text(cells[6]),
    sex: text(cells[7]) as ClaimRecord['sex'],
    birthDate: cells[8] ?? null,
    pool: text(cells[9]) as ClaimRecord['pool'],
    careType: text(cells[10]) as ClaimRecord['careType'],
    treatmentArea: text(cells[11]),
    channel: text(cells[12]),
    cause: text(cells[13]),
    settledAt: text(cells[14]),
    admittedAt: cells[15] ?? null,
    dischargedAt: cells[16] ?? null,
    dischargeMode: cells[17] ?? null,
    department: cells[18] ?? null,
    totalFeeFen: amount(cells[19]),
    eligibleFen: amount(cells[20]),
    deductibleFen: amount(cells[21]),
    pooledFundPaidFen: amount(cells[22]),
    criticalIllnessPaidFen: amount(cells[23]),
    largeExpensePaidFen: amount(cells[24]),
    medicalAidPaidFen: amount(cells[25]),
    fundPaidFen: amount(cells[26]),
    accountPaidFen: amount(cells[27]),
    cashPaidFen: amount(cells[28]),
    agencyGroupCode: cells[29] ?? null,
    groupStandardFen: cells[30] === '0' ? null : amount(cells[30]),
    ...attached,
  };
}

export function lineRecord(cells: Cells): LineRecord {
  return {
    lineNo: text(cells[0]),
    chargedAt: text(cells[1]),
    itemCode: cells[2] ?? null,
    institutionItemCode: text(cells[3]),
    itemName: text(cells[4]),
    itemKind: text(cells[5]) as LineRecord['itemKind'],
    quantity: text(cells[6]),
    unitPrice: text(cells[7]),
    lineAmountFen: amount(cells[8]),
    eligibleAmountFen: amount(cells[9]),
    prescriptionNo: cells[10] ?? null,
    department: cells[11] ?? null,
    doctor: cells[12] ?? null,
    feeClass: (cells[13] ?? null) as LineRecord['feeClass'],
    daysSupply: cells[14] == null ? null : Number(cells[14]),
    traceCodes: cells[15] == null ? [] : cells[15].split(','),
  };
}

export function diagnosisRecord(cells: Cells): DiagnosisRecord {
  return { sequence: Number(cells[0]), code: text(cells[1]), isPrincipal: cells[2] === 't' };
}

export function procedureRecord(cells: Cells): ProcedureRecord {
  return { ...diagnosisRecord(cells), performedOn: cells[3] ?? null };
}
