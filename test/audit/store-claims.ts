import type pg from 'pg';
import type { Claim } from '../../src/claims/claim.js';
import { yuan } from '../../src/kernel/money.js';
import { monthOf } from '../../src/kernel/period.js';

/** Puts claims into the store as ingest would leave them. */
export async function storeClaims(
  pool: pg.Pool,
  consortium: string,
  claims: readonly Claim[],
): Promise<void> {
  for (const month of new Set(claims.map(({ settledAt }) => monthOf(settledAt)))) {
    await pool.query('SELECT ensure_claim_partitions($1)', [month]);
  }
  for (const claim of claims) await storeClaim(pool, consortium, claim);
}

async function storeClaim(pool: pg.Pool, consortium: string, claim: Claim): Promise<void> {
  const key = {
    consortium,
    settled_on: claim.settledAt.slice(0, 10),
    institution: claim.performedAt,
    claim_no: claim.claimNo,
    batch_id: 1,
    raw_row: 1,
  };
  await insert(pool, 'claim', {
    ...key,
    content_hash: '',
    settled_by: claim.settledBy,
    level: claim.level,
    period: monthOf(claim.settledAt),
    refund_of: claim.refundOf,
    person_id: claim.personId,
    sex: claim.sex,
    birth_date: claim.birthDate,
    pool: claim.pool,
    care_type: claim.careType,
    treatment_area: claim.treatmentArea,
    channel: claim.channel,
    cause: claim.cause,
    settled_at: claim.settledAt,
    admitted_at: claim.admittedAt,
    discharged_at: claim.dischargedAt,
    discharge_mode: claim.dischargeMode,
    department: claim.department,
    total_fee_fen: yuan(claim.totalFee),
    eligible_fen: yuan(claim.eligible),
    deductible_fen: yuan(claim.deductible),
    pooled_fund_paid_fen: yuan(claim.pooledFundPaid),
    critical_illness_paid_fen: yuan(claim.criticalIllnessPaid),
    large_expense_paid_fen: yuan(claim.largeExpensePaid),
    medical_aid_paid_fen: yuan(claim.medicalAidPaid),
    fund_paid_fen: yuan(claim.fundPaid),
    account_paid_fen: yuan(claim.accountPaid),
    cash_paid_fen: yuan(claim.cashPaid),
    agency_group_code: claim.agencyGroupCode,
    group_standard_fen: yuan(claim.groupStandard ?? '0.00'),
  });
  for (const line of claim.lines) {
    await insert(pool, 'claim_line', {
      ...key,
      content_hash: '',
      line_no: line.lineNo,
      charged_on: line.chargedAt.slice(0, 10),
      charged_time: line.chargedAt.length === 10 ? null : line.chargedAt.slice(11),
      item_code: line.itemCode,
      institution_item_code: line.institutionItemCode,
      item_name: line.itemName,
      item_kind: line.itemKind,
      quantity: line.quantity,
      unit_price: line.unitPrice,
      line_amount_fen: yuan(line.lineAmount),
      line_eligible_fen: yuan(line.eligibleAmount),
      prescription_no: line.prescriptionNo,
      department: line.department,
      doctor: line.doctor,
      fee_class: line.feeClass,
      days_supply: line.daysSupply,
      trace_codes: line.traceCodes.length === 0 ? null : line.traceCodes.join(','),
    });
  }
  for (const { sequence, code, isPrincipal } of claim.diagnoses) {
    await insert(pool, 'claim_diagnosis', {
      ...key,
      sequence,
      code,
      institution_code: code,
      is_principal: isPrincipal,
    });
  }
  for (const { sequence, code, isPrincipal, performedOn } of claim.procedures) {
    await insert(pool, 'claim_procedure', {
      ...key,
      sequence,
      code,
      institution_code: code,
      is_principal: isPrincipal,
      performed_on: performedOn,
    });
  }
}

async function insert(pool: pg.Pool, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  const values = columns.map((_, index) => `$${index + 1}`);
  await pool.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`,
    Object.values(row).map((value) => (typeof value === 'bigint' ? value.toString() : value)),
  );
}
