import type { Stream } from '../fields.js';
import { stagingTable } from './staging.js';

/**
 * The set-based merge by natural key, as SQL text. Parameters: $1 consortium, $2 institution, $3 batch, and for
 * claims $4 settling unit, $5 level. A row is new, changed (its
 * content hash differs) or the same; the same is left untouched.
 */
export interface MergeStatements {
  /** Deletes all but the last of each natural key. */
  readonly dropRepeats: string;
  /** Counts new and changed rows, and claims that moved to another day. */
  readonly classify: string;
  /** What hangs on a claim follows it to another day. */
  readonly move: readonly string[];
  readonly insert: string;
  readonly update: string;
  /** Entries of the quarantine that a good row with the same key now resolves. */
  readonly resolve: string;
}

export interface Target {
  readonly table: string;
  readonly keys: readonly string[];
  /** Joins the existing row `t` to the staged row `s`. */
  readonly join: string;
  readonly changed: string;
  readonly amount: string | null;
  readonly insert: string;
  readonly update: string;
}

/** What a staged claim carries over, beside its key. */
export const CLAIM_CONTENT = [
  'refund_of',
  'person_id',
  'sex',
  'birth_date',
  'pool',
  'care_type',
  'treatment_area',
  'channel',
  'cause',
  'settled_at',
  'admitted_at',
  'discharged_at',
  'discharge_mode',
  'department',
  'total_fee_fen',
  'eligible_fen',
  'deductible_fen',
  'pooled_fund_paid_fen',
  'critical_illness_paid_fen',
  'large_expense_paid_fen',
  'medical_aid_paid_fen',
  'fund_paid_fen',
  'account_paid_fen',
  'cash_paid_fen',
  'agency_group_code',
  'group_standard_fen',
  'content_hash',
  'raw_row',
] as const;

const LINE_CONTENT = [
  'item_name',
  'item_kind',
  'quantity',
  'unit_price',
  'line_amount_fen',
  'line_eligible_fen',
  'prescription_no',
  'department',
  'doctor',
  'fee_class',
  'days_supply',
  'trace_codes',
  'institution_item_code',
  'content_hash',
  'raw_row',
] as const;

const SETTLED_ON = 's.settled_at::date';
const ATTACHED = `t.consortium = $1 AND t.institution = $2 AND t.settled_on = ${SETTLED_ON} AND t.claim_no = s.claim_no`;

const staged = (columns: readonly string[]): string =>
  columns.map((each) => `s.${each}`).join(', ');
const assigned = (columns: readonly string[]): string =>
  columns.map((each) => `${each} = s.${each}`).join(', ');

/** The national code of a local one on a day; `national` in code_map_release says that local codes are national. */
function mapped(kind: 'item' | 'diagnosis' | 'procedure', local: string, day: string): string {
  return `LEFT JOIN code_map m ON m.consortium = $1 AND m.institution = $2 AND m.kind = '${kind}' AND m.local_code = ${local}
      AND m.valid_from <= ${day} AND (m.valid_to IS NULL OR ${day} < m.valid_to)
    LEFT JOIN code_map_release r ON r.consortium = $1 AND r.institution = $2 AND r.kind = '${kind}' AND r.digest = 'national'`;
}

const CHARGED_ON = `left(s.charged_at, 10)::date`;
const ITEM_MAP = mapped('item', 's.institution_item_code', CHARGED_ON);
const ITEM_CODE = `coalesce(s.item_code, m.national_code, CASE WHEN r.digest IS NOT NULL THEN s.institution_item_code END)`;
const CHARGED_TIME = `nullif(substr(s.charged_at, 12), '')::time`;

const CLAIMS: Target = {
  table: 'claim',
  keys: ['claim_no'],
  join: `t.consortium = $1 AND t.institution = $2 AND t.claim_no = s.claim_no`,
  changed: 't.content_hash <> s.content_hash',
  amount: 'total_fee_fen',
  insert: `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, batch_id,
      ${CLAIM_CONTENT.join(', ')})
    SELECT $1, ${SETTLED_ON}, $2, s.claim_no, $4, $5, o.open, $3::bigint, ${staged(CLAIM_CONTENT)}
    FROM staging_claims s
    JOIN (SELECT month, open_period($1, month) AS open
          FROM (SELECT DISTINCT to_char(settled_at, 'YYYY-MM') AS month FROM staging_claims) months) o
      ON o.month = to_char(s.settled_at, 'YYYY-MM')`,
  update: `UPDATE claim t SET version = t.version + 1, batch_id = $3::bigint, settled_by = $4, level = $5, settled_on = ${SETTLED_ON},
      period = CASE WHEN t.settled_on = ${SETTLED_ON} THEN t.period ELSE open_period($1, to_char(s.settled_at, 'YYYY-MM')) END,
      ${assigned(CLAIM_CONTENT)}
    FROM staging_claims s`,
};

const LINES: Target = {
  table: 'claim_line',
  keys: ['claim_no', 'line_no'],
  join: `${ATTACHED} AND t.line_no = s.line_no`,
  changed: 't.content_hash <> s.content_hash',
  amount: 'line_amount_fen',
  insert: `INSERT INTO claim_line (consortium, settled_on, institution, claim_no, line_no, batch_id, charged_on, charged_time,
      item_code, ${LINE_CONTENT.join(', ')})
    SELECT $1, ${SETTLED_ON}, $2, s.claim_no, s.line_no, $3::bigint, ${CHARGED_ON}, ${CHARGED_TIME}, ${ITEM_CODE}, ${staged(LINE_CONTENT)}
    FROM staging_lines s ${ITEM_MAP}`,
  update: `UPDATE claim_line t SET batch_id = $3::bigint, charged_on = ${CHARGED_ON}, charged_time = ${CHARGED_TIME},
      item_code = n.item_code, ${assigned(LINE_CONTENT)}
    FROM staging_lines s JOIN (SELECT s.claim_no, s.line_no, ${ITEM_CODE} AS item_code FROM staging_lines s ${ITEM_MAP}) n
      USING (claim_no, line_no)`,
};

function coded(stream: 'diagnoses' | 'procedures'): Target {
  const kind = stream === 'diagnoses' ? 'diagnosis' : 'procedure';
  const extra = stream === 'diagnoses' ? [] : ['performed_on'];
  const source = `staging_${stream} s`;
  const more = extra.map((each) => `, ${each}`).join('');
  const changedExtra = extra.map((each) => `, t.${each}`).join('');
  return {
    table: `claim_${kind}`,
    keys: ['claim_no', 'sequence'],
    join: `${ATTACHED} AND t.sequence = s.sequence`,
    changed: `(t.institution_code, t.is_principal${changedExtra}) IS DISTINCT FROM (s.code, s.is_principal${extra.map((each) => `, s.${each}`).join('')})`,
    amount: null,
    insert: `INSERT INTO claim_${kind} (consortium, settled_on, institution, claim_no, sequence, code, institution_code,
        is_principal, batch_id, raw_row${more})
      SELECT $1, ${SETTLED_ON}, $2, s.claim_no, s.sequence, coalesce(m.national_code, s.code), s.code, s.is_principal, $3::bigint,
        s.raw_row${extra.map((each) => `, s.${each}`).join('')}
      FROM ${source} ${mapped(kind, 's.code', SETTLED_ON)}`,
    update: `UPDATE claim_${kind} t SET code = n.code, institution_code = s.code, is_principal = s.is_principal, batch_id = $3::bigint,
        raw_row = s.raw_row${extra.map((each) => `, ${each} = s.${each}`).join('')}
      FROM ${source} JOIN (SELECT s.claim_no, s.sequence, coalesce(m.national_code, s.code) AS code
        FROM ${source} ${mapped(kind, 's.code', SETTLED_ON)}) n USING (claim_no, sequence)`,
  };
}

const PERSONS: Target = {
  table: 'person',
  keys: ['person_id'],
  join: 't.consortium = $1 AND t.person_id = s.person_id',
  changed: `(t.certificate_hash IS NULL AND s.certificate_hash IS NOT NULL
    OR t.sex = 'unknown' AND s.sex <> 'unknown' OR t.birth_date IS NULL AND s.birth_date IS NOT NULL)`,
  amount: null,
  insert: `INSERT INTO person (consortium, person_id, certificate_hash, sex, birth_date, first_batch_id)
    SELECT $1, s.person_id, s.certificate_hash, s.sex, s.birth_date, $3::bigint FROM staging_persons s`,
  update: `UPDATE person t SET certificate_hash = coalesce(t.certificate_hash, s.certificate_hash),
      sex = CASE WHEN t.sex = 'unknown' THEN s.sex ELSE t.sex END, birth_date = coalesce(t.birth_date, s.birth_date)
    FROM staging_persons s`,
};

export const TARGETS: Readonly<Record<Stream, Target>> = {
  persons: PERSONS,
  claims: CLAIMS,
  lines: LINES,
  diagnoses: coded('diagnoses'),
  procedures: coded('procedures'),
};

/** Days of settlement in staging: they keep the planner to their partitions. */
export interface DaySpan {
  readonly first: string;
  readonly last: string;
}

/** @param span  null for a stream whose rows have no settlement */
export function mergeStatements(stream: Stream, span: DaySpan | null): MergeStatements {
  const target = within(TARGETS[stream], span);
  const table = stagingTable(stream);
  const same = target.keys.map((key) => `s.${key} = later.${key}`).join(' AND ');
  const existing = `${target.table} t WHERE ${target.join}`;
  const moved = stream === 'claims' ? `t.settled_on <> ${SETTLED_ON}` : 'false';
  return {
    dropRepeats: `DELETE FROM ${table} s USING ${table} later WHERE ${same} AND s.raw_row < later.raw_row`,
    classify: `SELECT count(*) FILTER (WHERE NOT found) AS fresh, count(*) FILTER (WHERE found AND changed) AS changed,
        count(*) FILTER (WHERE found AND moved) AS moved
      FROM (SELECT t.consortium IS NOT NULL AS found, ${target.changed} AS changed, ${moved} AS moved
            FROM ${table} s LEFT JOIN ${target.table} t ON ${target.join}) each`,
    move: stream === 'claims' ? MOVE_ATTACHED : [],
    insert: `${target.insert} WHERE NOT EXISTS (SELECT 1 FROM ${existing})`,
    update: `${target.update} WHERE ${target.join} AND ${target.changed}`,
    resolve: `UPDATE quarantine q SET state = 'resolved', resolved_by_batch = $3::bigint, correction_id = NULL
      FROM ${table} s WHERE q.consortium = $1 AND q.institution = $2 AND q.stream = '${stream}'
        AND (q.state IN ('open', 'proposed') OR q.correction_id IS NOT NULL)
        AND q.natural_key = concat_ws(E'\\x1f', ${target.keys.map((key) => `s.${key}::text`).join(', ')})`,
  };
}

/** Rows, sum in fen, distinct keys and days of settlement in staging: what COPY really brought. */
export function landedStatement(stream: Stream): string {
  const { keys, amount } = TARGETS[stream];
  const day = stream === 'persons' ? 'NULL::timestamp' : 's.settled_at';
  return `SELECT count(*) AS rows, coalesce(sum(${amount ?? '0'}), 0) AS fen, count(DISTINCT (${keys.join(', ')})) AS keys,
      min(${day})::date AS first, max(${day})::date AS last FROM ${stagingTable(stream)} s`;
}

const MOVE_ATTACHED = ['SELECT adopt_fresh_partitions($1, $2)'].concat(
  ['claim_line', 'claim_diagnosis', 'claim_procedure'].map(
    (table) => `UPDATE ${table} a SET settled_on = ${SETTLED_ON}
    FROM staging_claims s JOIN claim t ON ${CLAIMS.join}
    WHERE t.settled_on <> ${SETTLED_ON} AND a.consortium = t.consortium AND a.settled_on = t.settled_on
      AND a.institution = t.institution AND a.claim_no = t.claim_no`,
  ),
);

function within(target: Target, span: DaySpan | null): Target {
  if (span === null || target === CLAIMS) return target;
  return { ...target, join: `${target.join} AND ${daysOf('t', span)}` };
}

function daysOf(alias: string, { first, last }: DaySpan): string {
  return `${alias}.settled_on BETWEEN DATE '${first}' AND DATE '${last}'`;
}
