import type pg from 'pg';
import { Decimal } from '../kernel/decimal.js';
import type { Month } from '../kernel/period.js';
import type { Measure } from './indicator.js';

/** Measures of one settlement unit; `null` institution = the whole consortium. */
export interface UnitMeasures {
  readonly institution: string | null;
  readonly measures: ReadonlyMap<Measure, Decimal>;
}

type Row = { readonly institution: string | null } & Readonly<Record<string, string | null>>;

const PRIMARY = `c.level IN ('village', 'primary')`;
export const STAY = `c.care_type IN ('inpatient', 'bed-day') AND c.discharged_at IS NOT NULL`;
export const VISIT = `c.care_type IN ('outpatient', 'emergency', 'chronic', 'two-disease')`;
/** A refund takes its claim's visit back. */
export const ONE = 'CASE WHEN c.total_fee_fen < 0 THEN -1 ELSE 1 END';
export const DAYS = 'greatest(left(c.discharged_at, 10)::date - left(c.admitted_at, 10)::date, 1)';

const CLAIMS = `
  SELECT c.settled_by AS institution, count(*) AS claims,
    sum(total_fee_fen) AS "fee", sum(total_fee_fen) FILTER (WHERE ${STAY}) AS "fee-inpatient",
    sum(total_fee_fen) FILTER (WHERE ${VISIT}) AS "fee-outpatient", sum(total_fee_fen) FILTER (WHERE ${PRIMARY}) AS "fee-primary",
    sum(total_fee_fen - eligible_fen) AS "fee-outside-scope", sum(fund_paid_fen) AS "fund",
    sum(fund_paid_fen) FILTER (WHERE ${PRIMARY}) AS "fund-primary", sum(cash_paid_fen) AS "cash", sum(account_paid_fen) AS "account",
    sum(${ONE}) FILTER (WHERE ${VISIT}) AS "visits", sum(${ONE}) FILTER (WHERE ${VISIT} AND ${PRIMARY}) AS "visits-primary",
    sum(${ONE}) FILTER (WHERE ${STAY}) AS "admissions", sum(${ONE}) FILTER (WHERE ${STAY} AND ${PRIMARY}) AS "admissions-primary",
    sum(${ONE} * ${DAYS}) FILTER (WHERE ${STAY}) AS "bed-days",
    sum(${ONE}) FILTER (WHERE ${STAY} AND ${DAYS} <= 1) AS "short-stays",
    sum(${ONE}) FILTER (WHERE ${STAY} AND c.discharge_mode = 'transfer') AS "transfers",
    sum(${ONE}) FILTER (WHERE ${STAY} AND c.discharge_mode = 'against-advice') AS "against-advice"
  FROM claim c WHERE c.consortium = $1 AND c.period = ANY($2::text[])
  GROUP BY ROLLUP (c.settled_by)`;

/** Stays of a person in order of admission, and what else the person settled while in hospital. */
const STAYS = `
  WITH stay AS (
    SELECT c.settled_by, c.person_id, left(c.admitted_at, 10)::date AS admitted, left(c.discharged_at, 10)::date AS discharged,
      lag(left(c.discharged_at, 10)::date) OVER (PARTITION BY c.person_id ORDER BY left(c.admitted_at, 10), c.claim_no) AS last_discharged
    FROM claim c WHERE c.consortium = $1 AND c.period = ANY($2::text[]) AND ${STAY} AND c.total_fee_fen > 0)
  SELECT s.settled_by AS institution, count(*) FILTER (WHERE admitted - last_discharged BETWEEN 0 AND 15) AS "readmissions",
    count(*) FILTER (WHERE EXISTS (
      SELECT FROM claim c WHERE c.consortium = $1 AND c.person_id = s.person_id AND c.total_fee_fen > 0
        AND c.settled_on > s.admitted AND c.settled_on < s.discharged AND ${VISIT})) AS "admissions-with-outpatient"
  FROM stay s GROUP BY ROLLUP (s.settled_by)`;

const LINES = `
  SELECT c.settled_by AS institution, sum(line_amount_fen) AS "line-fee",
    sum(line_amount_fen) FILTER (WHERE item_kind = 'drug') AS "drug-fee",
    sum(line_amount_fen) FILTER (WHERE item_kind = 'material') AS "material-fee",
    sum(line_amount_fen) FILTER (WHERE item_kind = 'tcm-piece') AS "tcm-fee"
  FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)
  WHERE c.consortium = $1 AND c.period = ANY($2::text[]) GROUP BY ROLLUP (c.settled_by)`;

const CASES = `
  SELECT d.settled_by AS institution, count(*) AS "cases", count(*) FILTER (WHERE group_code IS NULL) AS "cases-ungrouped",
    count(DISTINCT group_code) AS "case-groups"
  FROM dip_case d JOIN settlement_run r USING (run_id)
  WHERE r.consortium = $1 AND r.current AND r.kind = 'year' AND r.period = ANY($2::text[]) GROUP BY ROLLUP (d.settled_by)`;

const DEDUCTIONS = `
  SELECT settled_by AS institution, sum(amount_fen) AS "deductions"
  FROM deduction WHERE consortium = $1 AND month = ANY($2::text[]) AND confirmed_at IS NOT NULL GROUP BY ROLLUP (settled_by)`;

/** What statistics rules export, of the consortium as a whole: over the month, or over the twelve that end with the last one asked for. */
const EXPORTED = `
  SELECT NULL AS institution, sum(export_fen) AS "out-of-area-increase" FROM statistic_result
  WHERE consortium = $1 AND institution = '' AND rule_id = 'STA-06' AND month = (SELECT max(m) FROM unnest($2::text[]) m)
    AND span = CASE WHEN cardinality($2::text[]) = 1 THEN 'month' ELSE 'rolling-12' END
  HAVING count(*) > 0`;

/** Measures that an absent row leaves at zero; the others are unknown then (no settled year, no cases). */
const COUNTED_ZERO: ReadonlySet<string> = new Set([
  'deductions',
  'readmissions',
  'admissions-with-outpatient',
]);

/**
 * Everything the indicators are computed from, for each settlement unit and the whole, in one snapshot of the caller's transaction.
 * Empty when the months have no claims.
 */
export async function readMeasures(
  client: pg.ClientBase,
  consortium: string,
  months: readonly Month[],
): Promise<readonly UnitMeasures[]> {
  const found = new Map<string | null, Map<Measure, Decimal>>();
  const years = [...new Set(months.map((month) => month.slice(0, 4)))];
  for (const [sql, periods] of [
    [CLAIMS, months],
    [STAYS, months],
    [LINES, months],
    [CASES, years],
    [DEDUCTIONS, months],
    [EXPORTED, months],
  ] as const) {
    const { rows } = await client.query<Row>(sql, [consortium, periods]);
    for (const row of rows) take(found, row);
  }
  const known = [...found].filter(([, measures]) => measures.has('fee'));
  return known.map(([institution, measures]) => {
    for (const name of COUNTED_ZERO)
      if (!measures.has(name as Measure)) measures.set(name as Measure, new Decimal(0));
    return { institution, measures };
  });
}

function take(found: Map<string | null, Map<Measure, Decimal>>, row: Row): void {
  const { institution, claims, ...values } = row;
  if (claims === '0') return; // the grand total of nothing
  const measures = found.get(institution) ?? new Map<Measure, Decimal>();
  for (const [name, value] of Object.entries(values))
    measures.set(name as Measure, new Decimal(value ?? 0));
  found.set(institution, measures);
}
