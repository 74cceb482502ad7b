import { maskIdentifier } from '../kernel/mask.js';
import type { Listing } from './listing.js';

const yuan = (column: string, name: string): string =>
  `round(${column} / 100.0, 2) AS "${name}Yuan"`;

/** Every claim once, as its source tells it now. The person's number is masked by `maskedClaim`. */
export const CLAIMS: Listing = {
  select: `institution, source_claim_no AS "claimNo", settled_on AS "settledOn", settled_by AS "settledBy", period, version,
    person_id AS person, sex, pool, care_type AS "careType", level, department, admitted_at AS "admittedAt",
    discharged_at AS "dischargedAt", refund_of AS "refundOf", ${yuan('total_fee_fen', 'total')},
    ${yuan('eligible_fen', 'eligible')}, ${yuan('pooled_fund_paid_fen', 'pooledFund')}, ${yuan('fund_paid_fen', 'fund')},
    ${yuan('account_paid_fen', 'account')}, ${yuan('cash_paid_fen', 'cash')}, batch_id AS "batchId", raw_row AS "rawRow"`,
  from: 'claim_standing',
  consortium: 'consortium',
  institution: 'institution',
  key: [
    { by: 'settled_on', type: 'date' },
    { by: 'institution', type: 'text' },
    { by: 'claim_no', type: 'text' },
  ],
  sorts: { total: { by: 'total_fee_fen', type: 'bigint' } },
  filters: {
    institution: 'institution = ?',
    claimNo: '(claim_no = ? OR adjusts = ?)',
    from: 'settled_on >= ?::date',
    to: 'settled_on < ?::date',
    period: 'period = ?',
    pool: 'pool = ?',
    careType: 'care_type = ?',
    batch: 'batch_id = ?::bigint',
  },
};

/** What stands under a claim, found by the row's own key. */
const partOf = (table: string, select: string, order: string): string =>
  `SELECT ${select} FROM ${table}
    WHERE consortium = $1 AND settled_on = $2::date AND institution = $3 AND claim_no = $4 ORDER BY ${order} LIMIT 10000`;

export const CLAIM_LINES = partOf(
  'claim_line',
  `line_no AS "lineNo", charged_on AS "chargedOn", charged_time AS "chargedTime", item_code AS "itemCode",
   institution_item_code AS "institutionItemCode", item_name AS "itemName", item_kind AS "itemKind", quantity,
   unit_price AS "unitPrice", ${yuan('line_amount_fen', 'amount')}, ${yuan('line_eligible_fen', 'eligible')},
   department, batch_id AS "batchId", raw_row AS "rawRow"`,
  'line_no',
);

const CODED = `sequence, code, institution_code AS "institutionCode", is_principal AS "isPrincipal"`;
export const CLAIM_DIAGNOSES = partOf('claim_diagnosis', CODED, 'sequence');
export const CLAIM_PROCEDURES = partOf(
  'claim_procedure',
  `${CODED}, performed_on AS "performedOn"`,
  'sequence',
);

/** The claim with nobody's number in it. */
export function maskedClaim(row: Readonly<Record<string, unknown>>) {
  return { ...row, person: maskIdentifier(String(row['person'])) };
}
