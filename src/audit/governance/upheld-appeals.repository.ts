import type pg from 'pg';
import type { Month } from '../../kernel/period.js';

/**
 * How often a member's word against a finding of each rule was upheld, by the month of that decision; null: all months. A finding that
 * reviewers decided against counts as such: decisions do not say yet whether an appeal came before them.
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
  SELECT f.rule_id AS "ruleId", count(DISTINCT f.finding_id)::int AS upheld
  FROM review_decision d JOIN finding f USING (consortium, finding_id)
  WHERE d.consortium = $1 AND d.outcome = 'dismissed' AND ($2::text[] IS NULL OR to_char(d.decided_at, 'YYYY-MM') = ANY($2))
  GROUP BY f.rule_id ORDER BY f.rule_id`;
