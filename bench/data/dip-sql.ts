import type { CatalogueEntry } from '../../src/grouping/dip/catalogue.js';
import { once } from '../harness/database.js';
import { COEFFICIENTS, DEVIATION, DIP, UNGROUPED } from './dip-books.js';

/** The same settlement as a script in PostgreSQL's numeric: sets all the way, each part in the form that ran fastest. */

/** Catalogue and coefficients as tables. */
export async function dipTables(url: string, entries: readonly CatalogueEntry[]): Promise<void> {
  const rows = entries.map(
    ({ code, diagnosis, operations, score, mean }) =>
      `('${code}', '${diagnosis}', ${operations[0] === undefined ? 'NULL' : `'${operations[0][0]}'`}, ${score}, ${mean})`,
  );
  const coefficients = Object.entries(COEFFICIENTS).map(([unit, value]) => `('${unit}', ${value})`);
  await once(
    url,
    `CREATE TABLE bench_entry (code text, diagnosis text, operation text, score numeric, mean numeric);
     INSERT INTO bench_entry VALUES ${rows.join(', ')};
     CREATE TABLE bench_coefficient (institution text, coefficient numeric);
     INSERT INTO bench_coefficient VALUES ${coefficients.join(', ')};
     ANALYZE bench_entry; ANALYZE bench_coefficient`,
  );
}

/** Cases as they lie ready; only the first operation counts in this catalogue. */
export const READY_CASES = `
    CREATE TEMP VIEW stay AS
    SELECT institution, case_no, pool, settled_by, cost, booked, code AS diagnosis, operations AS operation FROM bench_case`;

/** Cases net of refunds with their codes. */
export const CASES_OF_BOOKS = `
    CREATE TEMP TABLE stay AS
    SELECT k.*, d.code AS diagnosis, p.operation FROM (
      SELECT institution, coalesce(refund_of, claim_no) AS case_no, pool, min(settled_on) AS settled_on, min(settled_by) AS settled_by,
        sum(total_fee_fen) AS cost, sum(pooled_fund_paid_fen) AS booked
      FROM claim WHERE consortium = '${DIP.consortium}' AND period = '${DIP.months[0]}' AND care_type = 'inpatient'
      GROUP BY 1, 2, 3 HAVING sum(total_fee_fen) > 0) k
    LEFT JOIN (SELECT DISTINCT ON (settled_on, institution, claim_no) settled_on, institution, claim_no, code FROM claim_diagnosis
               WHERE consortium = '${DIP.consortium}' AND is_principal ORDER BY settled_on, institution, claim_no, sequence) d
      ON d.settled_on = k.settled_on AND d.institution = k.institution AND d.claim_no = k.case_no
    LEFT JOIN (SELECT settled_on, institution, claim_no, min(code) AS operation FROM claim_procedure
               WHERE consortium = '${DIP.consortium}' GROUP BY 1, 2, 3) p
      ON p.settled_on = k.settled_on AND p.institution = k.institution AND p.claim_no = k.case_no;
    ANALYZE stay`;

/** What each pair of diagnosis and operation is grouped to; points; the pools' shares. */
export function dipScript(
  runId: string,
  pools: Readonly<Record<string, bigint>>,
  cases: string,
): string {
  return `${cases};
    CREATE TEMP TABLE pick AS
    SELECT DISTINCT ON (s.diagnosis, s.operation) s.diagnosis, s.operation, e.code, e.score, e.mean
    FROM (SELECT DISTINCT diagnosis, operation FROM stay) s
    JOIN bench_entry e ON e.diagnosis = left(s.diagnosis, 5) AND (e.operation IS NULL OR starts_with(s.operation, e.operation))
    ORDER BY s.diagnosis, s.operation, e.operation IS NULL, e.code;
    ANALYZE pick;
    INSERT INTO dip_case
    SELECT ${runId}, s.institution, s.case_no, s.pool, s.settled_by, s.cost, s.booked, p.code,
      CASE WHEN p.code IS NULL THEN round(s.cost * ${UNGROUPED.score} * ${UNGROUPED.coefficient} / (${UNGROUPED.mean} * 100), 4)
           WHEN p.score = 0 THEN NULL ELSE ${points()} END,
      p.code IS NULL OR p.score = 0 OR s.cost > 5 * p.mean
    FROM stay s LEFT JOIN pick p ON p.diagnosis = s.diagnosis AND p.operation IS NOT DISTINCT FROM s.operation
    JOIN bench_coefficient c ON c.institution = s.institution;
    ${shares(runId, pools)}`;
}

function points(): string {
  const rows = DEVIATION.map(({ slope, constant, ...bound }) => {
    const value = `round((${slope} * s.cost + ${constant} * p.mean) * p.score * c.coefficient / p.mean, 4)`;
    if (!('upTo' in bound)) return `ELSE ${value}`;
    return `WHEN s.cost ${bound.inclusive === 'true' ? '<=' : '<'} ${bound.upTo} * p.mean THEN ${value}`;
  });
  return `CASE ${rows.join(' ')} END`;
}

/** The roll-up, and the pool split by points with the largest remainder. */
function shares(runId: string, pools: Readonly<Record<string, bigint>>): string {
  const amounts = Object.entries(pools).map(([pool, amount]) => `('${pool}', ${amount}::numeric)`);
  return `
    INSERT INTO bench_rollup
    WITH unit AS (
      SELECT pool, settled_by, count(*) AS cases, coalesce(sum(points), 0) AS points,
        coalesce(sum(booked_fen) FILTER (WHERE points IS NULL), 0) AS paid
      FROM dip_case WHERE run_id = ${runId} GROUP BY 1, 2),
    exact AS (
      SELECT u.*, (a.amount - sum(paid) OVER w) * points / sum(points) OVER w AS share, a.amount - sum(paid) OVER w AS whole
      FROM unit u JOIN (VALUES ${amounts.join(', ')}) a(pool, amount) USING (pool) WINDOW w AS (PARTITION BY pool)),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY pool ORDER BY share - floor(share) DESC, settled_by) AS place,
        whole - sum(floor(share)) OVER (PARTITION BY pool) AS over FROM exact)
    SELECT pool, settled_by, cases, points, paid + floor(share) + CASE WHEN place <= over THEN 1 ELSE 0 END FROM ranked`;
}
