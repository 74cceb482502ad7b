import type pg from 'pg';
import type { RuleStatus } from '../rule.js';
import { scopedExemptionSchema } from '../scoped-exemption.js';
import type { Governance } from './governed.js';

type Client = pg.Pool | pg.ClientBase;

/** What stands decided here: the last status of each rule, and exemptions approved and not ended. */
export async function readGovernance(client: Client, consortium: string): Promise<Governance> {
  const statuses = await client.query<{ rule_id: string; status: RuleStatus }>(
    `SELECT DISTINCT ON (rule_id) rule_id, status FROM rule_state WHERE consortium = $1
     ORDER BY rule_id, decision_id DESC`,
    [consortium],
  );
  const exemptions = await client.query<{ name: string; content: object; approved_by: string }>(
    `SELECT name, content, approved_by FROM audit_exemption
     WHERE consortium = $1 AND approved_by IS NOT NULL AND ended_at IS NULL ORDER BY name`,
    [consortium],
  );
  return {
    statuses: new Map(statuses.rows.map(({ rule_id, status }) => [rule_id, status])),
    exemptions: new Map(
      exemptions.rows.map(({ name, content, approved_by: approvedBy }) => [
        name,
        scopedExemptionSchema.parse({ ...content, approvedBy }),
      ]),
    ),
  };
}
