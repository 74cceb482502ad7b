import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { StoredCoverage } from './coverage-report.js';

/** Coverage of months, by rule and institution, as the last whole audit of each left it. */
export async function readCoverage(
  pool: pg.Pool,
  { consortium, months }: { readonly consortium: string; readonly months: readonly Month[] },
): Promise<readonly StoredCoverage[]> {
  const { rows } = await pool.query<StoredCoverage>(
    `SELECT month, rule_id AS "ruleId", institution, examined::float8 AS examined, hits::float8 AS hits,
       exempted::float8 AS exempted, below_minimum::float8 AS "belowMinimum", not_applicable AS "notApplicable"
     FROM audit_coverage WHERE consortium = $1 AND month = ANY($2) ORDER BY month, rule_id, institution COLLATE "C"`,
    [consortium, months],
  );
  return rows;
}
