import type pg from 'pg';
import type { Month } from '../../kernel/period.js';

/**
 * How often a member's appeal against a finding of each rule was upheld, wholly or in part, by the month of that decision; null: all
 * months.
 */
export async function readUpheldAppeals(
  client: pg.Pool | pg.ClientBase,
  consortium: string,
  months: readonly Month[] | null,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ ruleId: string; upheld: number }>(UPHELD, [
    consortium,
    months,
  ]);
  return new Map(rows.map(({ ruleId, upheld }) => [ruleId, upheld]));
}

const UPHELD = `
  SELECT c.rule_id AS "ruleId", count(*)::int AS upheld
  FROM review_case c CROSS JOIN LATERAL (
    SELECT max(s.at) AS at FROM review_step s
    WHERE s.consortium = c.consortium AND s.finding_id = c.finding_id AND s.outcome IN ('dismiss', 'partial')
      AND s.action IN ('second-review', 'final') AND s.step_id > (SELECT min(a.step_id) FROM review_step a
        WHERE a.consortium = c.consortium AND a.finding_id = c.finding_id AND a.action = 'appeal')) decided
  WHERE c.consortium = $1 AND c.outcome IN ('dismiss', 'partial') AND decided.at IS NOT NULL
    AND ($2::text[] IS NULL OR to_char(decided.at, 'YYYY-MM') = ANY($2))
  GROUP BY c.rule_id ORDER BY c.rule_id`;
