import type pg from 'pg';
import { firstDay, type Month, nextMonth } from '../kernel/period.js';
import type { ListSection } from './field-table.js';
import type { ListKnowledge } from './list-tables.loader.js';
import type { ListCase, ListRow } from './settlement-list.js';

export interface CaseSelection {
  readonly consortium: string;
  /** Month of settlement. */
  readonly month: Month;
  readonly careTypes: readonly string[];
  /** Where the care was given; absent: anywhere. */
  readonly institutions?: readonly string[] | undefined;
  /** As the source numbers it; absent: all. */
  readonly claimNo?: string | undefined;
}

/** A case with the two institutions it belongs to. */
export interface CaseOf {
  readonly performedAt: string;
  readonly settledBy: string;
  readonly case: ListCase;
}

const PAGE = 500;

/**
 * Settlements of a month that need a list, in pages, as their sources tell them now: settled at the point of care, no refunds, and
 * nothing that was refunded wholly.
 */
export async function* listCases(
  db: pg.Pool | pg.PoolClient,
  { consortium, month, careTypes, institutions, claimNo }: CaseSelection,
  names: Pick<ListKnowledge, 'diagnoses' | 'procedures'>,
): AsyncGenerator<readonly CaseOf[]> {
  const span = [firstDay(month), firstDay(nextMonth(month))];
  let after = ['', ''];
  for (;;) {
    const { rows } = await db.query<CaseRow>(CASES, [
      consortium,
      ...span,
      careTypes,
      ...after,
      PAGE,
      institutions ?? null,
      claimNo ?? null,
    ]);
    if (rows.length > 0) yield rows.map((row) => caseOf(row, names));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = [last.institution, last.claimNo];
  }
}

/** Month of settlement of a claim as it stands now; null: it is not on the books. */
export async function settledMonth(
  db: pg.Pool,
  { consortium, institution, claimNo }: ClaimOf,
): Promise<Month | null> {
  const { rows } = await db.query<{ month: Month }>(
    `SELECT to_char(settled_on, 'YYYY-MM') AS month FROM claim_standing
     WHERE consortium = $1 AND institution = $2 AND source_claim_no = $3`,
    [consortium, institution, claimNo],
  );
  return rows[0]?.month ?? null;
}

export interface ClaimOf {
  readonly consortium: string;
  readonly institution: string;
  /** As the source numbers it. */
  readonly claimNo: string;
}

interface CodeRow {
  readonly code: string;
  readonly isPrincipal: boolean;
  readonly performedOn?: string | null;
}

interface CaseRow extends Omit<ListCase, 'diagnoses' | 'procedures' | 'supplement'> {
  readonly institution: string;
  readonly settledBy: string;
  readonly diagnoses: readonly CodeRow[] | null;
  readonly procedures: readonly CodeRow[] | null;
  readonly supplement:
    | readonly { readonly section: ListSection; readonly fields: ListRow }[]
    | null;
}

function caseOf(row: CaseRow, names: Pick<ListKnowledge, 'diagnoses' | 'procedures'>): CaseOf {
  const { institution, settledBy, diagnoses, procedures, supplement, ...rest } = row;
  const bySection: Partial<Record<ListSection, ListRow[]>> = {};
  for (const { section, fields } of supplement ?? []) {
    const rows = bySection[section] ?? [];
    bySection[section] = rows;
    rows.push(fields);
  }
  return {
    performedAt: institution,
    settledBy,
    case: {
      ...rest,
      diagnoses: (diagnoses ?? []).map((each) => ({
        ...each,
        name: names.diagnoses.get(each.code) ?? null,
      })),
      procedures: (procedures ?? []).map((each) => ({
        ...each,
        performedOn: each.performedOn ?? null,
        name: names.procedures.get(each.code) ?? null,
      })),
      supplement: bySection,
    },
  };
}

const attached = (table: string, alias: string): string =>
  `FROM ${table} ${alias} WHERE ${alias}.consortium = c.consortium AND ${alias}.settled_on = c.settled_on
     AND ${alias}.institution = c.institution AND ${alias}.claim_no = c.claim_no`;

const CASES = `
  SELECT c.institution, c.settled_by AS "settledBy", c.source_claim_no AS "claimNo", c.person_id AS "personId",
    to_char(c.settled_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS "settledAt", c.admitted_at AS "admittedAt",
    c.discharged_at AS "dischargedAt", c.discharge_mode AS "dischargeMode",
    (SELECT jsonb_agg(jsonb_build_object('code', d.code, 'isPrincipal', d.is_principal) ORDER BY d.is_principal DESC, d.sequence)
     ${attached('claim_diagnosis', 'd')}) AS diagnoses,
    (SELECT jsonb_agg(jsonb_build_object('code', p.code, 'isPrincipal', p.is_principal, 'performedOn', p.performed_on)
              ORDER BY p.is_principal DESC, p.sequence)
     ${attached('claim_procedure', 'p')}) AS procedures,
    (SELECT jsonb_agg(jsonb_build_object('section', s.section, 'fields', s.fields) ORDER BY s.section, s.row_no)
     FROM settlement_list_supplement s WHERE s.consortium = c.consortium AND s.institution = c.institution
       AND s.claim_no = c.source_claim_no) AS supplement
  FROM claim_standing c
  WHERE c.consortium = $1 AND c.settled_on >= $2::date AND c.settled_on < $3::date AND c.care_type = ANY($4)
    AND c.channel = 'direct' AND c.refund_of IS NULL AND (c.institution, c.source_claim_no) > ($5, $6)
    AND ($8::text[] IS NULL OR c.institution = ANY($8)) AND ($9::text IS NULL OR c.source_claim_no = $9)
    AND c.total_fee_fen + coalesce((SELECT sum(r.total_fee_fen) FROM claim_standing r
      WHERE r.consortium = c.consortium AND r.institution = c.institution AND r.refund_of = c.source_claim_no), 0) > 0
  ORDER BY c.institution, c.source_claim_no LIMIT $7`;
