import type { Claim } from '../claims/claim.js';
import { type Fen, fen } from '../kernel/money.js';
import type { ClaimFacts, ClaimFields, MutableLine } from './facts.js';
import { parseScaled } from './scaled.js';

/** Columns of `claim c` and `claim_line l` that the engine reads, and facts from their texts. */
export type Cells = readonly (string | null)[];

/** A refund comes off the booking that stood when it was booked: after a change of a closed month that is the new one. */
const REFUND_OF = `CASE WHEN c.refund_of IS NULL OR c.reverses IS NOT NULL THEN c.refund_of ELSE coalesce((
    SELECT n.claim_no FROM claim n WHERE n.consortium = c.consortium AND n.institution = c.institution AND n.adjusts = c.refund_of
      AND n.reverses IS NULL AND n.period <= c.period ORDER BY n.adjustment DESC LIMIT 1), c.refund_of) END`;

export const CLAIM_COLUMNS = `c.institution, c.claim_no, c.settled_by, c.level, c.period, ${REFUND_OF}, c.person_id, c.sex,
  c.birth_date, c.pool, c.care_type, c.settled_on, c.admitted_at, c.discharged_at, c.discharge_mode,
  c.total_fee_fen, c.fund_paid_fen, c.account_paid_fen, c.cash_paid_fen,
  c.pooled_fund_paid_fen, c.critical_illness_paid_fen, c.large_expense_paid_fen, c.medical_aid_paid_fen,
  c.department, c.agency_group_code, c.group_standard_fen`;
const FIRST_AMOUNT = 15;
const AFTER_AMOUNTS = 23;

export function claimOf(cells: Cells): ClaimFields {
  const text = (index: number): string => cells[index] ?? '';
  const known = (index: number): string | null => cells[index] ?? null;
  const [totalFeeFen, fundPaidFen, accountPaidFen, cashPaidFen, ...fundsFen] = cells
    .slice(FIRST_AMOUNT, AFTER_AMOUNTS)
    .map(amountOf) as [Fen, Fen, Fen, Fen, ...Fen[]];
  return {
    institution: text(0),
    claimNo: text(1),
    settledBy: text(2),
    level: text(3) as Claim['level'],
    period: text(4),
    refundOf: known(5),
    personId: text(6),
    sex: text(7) as Claim['sex'],
    birthDate: known(8),
    pool: text(9) as Claim['pool'],
    careType: text(10) as Claim['careType'],
    settledOn: text(11),
    admittedAt: known(12),
    dischargedAt: known(13),
    dischargeMode: known(14) as Claim['dischargeMode'],
    totalFeeFen,
    fundPaidFen,
    accountPaidFen,
    cashPaidFen,
    fundsFen,
    department: known(AFTER_AMOUNTS),
    agencyGroupCode: known(AFTER_AMOUNTS + 1),
    groupStandardFen: knownAmount(cells[AFTER_AMOUNTS + 2]),
    principalDiagnosis: null,
    diagnoses: [],
    procedures: [],
  };
}

export const LINE_COLUMNS = `l.institution, l.claim_no, l.line_no, l.charged_on, l.charged_time, l.item_code, l.item_name,
  l.quantity, l.unit_price, l.line_amount_fen, l.line_eligible_fen, l.item_kind, l.fee_class, l.prescription_no,
  l.department, l.doctor, l.days_supply, l.trace_codes`;

/** One of these is made for every fee line there is: no copies on the way. */
export function lineOf(cells: Cells, claim: ClaimFacts): MutableLine {
  return {
    claim,
    lineNo: cells[2] ?? '',
    chargedOn: cells[3] ?? '',
    minute: minuteOfTime(cells[4] ?? null),
    itemCode: cells[5] ?? null,
    itemName: cells[6] ?? '',
    quantity: parseScaled(cells[7] ?? '', 4),
    unitPrice: parseScaled(cells[8] ?? '', 6),
    amountFen: amountOf(cells[9]),
    eligibleFen: amountOf(cells[10]),
    kind: cells[11] as MutableLine['kind'],
    feeClass: (cells[12] ?? null) as MutableLine['feeClass'],
    prescriptionNo: cells[13] ?? null,
    department: cells[14] ?? null,
    doctor: cells[15] ?? null,
    daysSupply: wholeOrNull(cells[16]),
    traceCodes: listOf(cells[17]),
  };
}

function wholeOrNull(cell: string | null | undefined): number | null {
  return cell == null ? null : Number(cell);
}

const NO_CODES: readonly string[] = [];

function listOf(cell: string | null | undefined): readonly string[] {
  return cell == null ? NO_CODES : cell.split(',');
}

function minuteOfTime(time: string | null): number | null {
  return time === null ? null : Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function knownAmount(cell: string | null | undefined): Fen | null {
  return cell == null || cell === '0' ? null : amountOf(cell);
}

function amountOf(cell: string | null | undefined): Fen {
  return fen(BigInt(cell ?? '0'));
}
