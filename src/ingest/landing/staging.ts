import type { Stream } from '../fields.js';

/**
 * Staging tables: one a stream and connection, temporary (so unlogged, and private to the transaction), emptied at commit. Their
 * columns stand in the order of FIELDS, then the content hash and the row's number in the raw batch.
 */

const CODED = `claim_no text, settled_at timestamp, sequence integer, code text, is_principal boolean`;

const COLUMNS: Readonly<Record<Stream, string>> = {
  persons: 'person_id text, certificate_hash text, sex text, birth_date date',
  claims: `claim_no text, refund_of text, person_id text, certificate_hash text, sex text, birth_date date, pool text,
    care_type text, treatment_area text, channel text, cause text, settled_at timestamp, admitted_at text, discharged_at text,
    discharge_mode text, department text, total_fee_fen bigint, eligible_fen bigint, deductible_fen bigint,
    pooled_fund_paid_fen bigint, critical_illness_paid_fen bigint, large_expense_paid_fen bigint, medical_aid_paid_fen bigint,
    fund_paid_fen bigint, account_paid_fen bigint, cash_paid_fen bigint, agency_group_code text,
    group_standard_fen bigint`,
  lines: `claim_no text, settled_at timestamp, line_no text, charged_at text, institution_item_code text, item_code text,
    item_name text, item_kind text, quantity numeric(18,4), unit_price numeric(18,6), line_amount_fen bigint,
    line_eligible_fen bigint, prescription_no text, department text, doctor text, fee_class text, days_supply smallint,
    trace_codes text`,
  diagnoses: CODED,
  procedures: `${CODED}, performed_on date`,
};

export function stagingTable(stream: Stream): string {
  return `staging_${stream}`;
}

export function createStaging(stream: Stream): string {
  return `CREATE TEMP TABLE IF NOT EXISTS ${stagingTable(stream)} (${COLUMNS[stream]},
    content_hash text, raw_row integer) ON COMMIT DELETE ROWS`;
}

export function copyStatement(stream: Stream): string {
  return `COPY ${stagingTable(stream)} FROM STDIN`;
}
