import type pg from 'pg';
import type { Month } from '../../kernel/period.js';
import type { Aspect, RuleRecord } from './lifecycle.js';
import { readUpheldAppeals } from './upheld-appeals.repository.js';

type Client = pg.Pool | pg.ClientBase;

/** What stands noted of one rule here. */
export interface NotedRule {
  readonly approvals: readonly {
    readonly aspect: Aspect;
    readonly by: string;
    readonly version: string;
  }[];
  /** When the trial began, and how many whole months ago. */
  readonly monthsOnTrial: number | null;
  /** Month whose appeals opened the review again; null: not open. */
  readonly reopened: Month | null;
}

export const NOT_NOTED: NotedRule = { approvals: [], monthsOnTrial: null, reopened: null };
export const NO_RECORD: RuleRecord = {
  ...{ hits: 0, reviewed: 0, confirmed: 0, dismissed: 0, appealsUpheld: 0 },
};

/** Findings of each rule in the months (null: all), and what people said of them: decisions, and verdicts on trial findings. */
const RECORDS = `
  WITH hit AS (
    SELECT DISTINCT rule_id, finding_id FROM finding WHERE consortium = $1 AND ($2::text[] IS NULL OR month = ANY($2))),
  judged AS (
    SELECT h.rule_id, h.finding_id, coalesce(d.outcome = 'confirmed', v.is_right) AS is_right
    FROM hit h
    LEFT JOIN review_decision d ON d.consortium = $1 AND d.finding_id = h.finding_id
    LEFT JOIN rule_trial_verdict v ON v.consortium = $1 AND v.finding_id = h.finding_id)
  SELECT rule_id AS "ruleId", count(*)::int AS hits, count(is_right)::int AS reviewed,
    (count(*) FILTER (WHERE is_right))::int AS confirmed, (count(*) FILTER (WHERE NOT is_right))::int AS dismissed
  FROM judged GROUP BY rule_id`;

export async function readRecords(
  client: Client,
  consortium: string,
  months: readonly Month[] | null,
): Promise<ReadonlyMap<string, RuleRecord>> {
  const { rows } = await client.query<Omit<RuleRecord, 'appealsUpheld'> & { ruleId: string }>(
    RECORDS,
    [consortium, months],
  );
  const upheld = await readUpheldAppeals(client, consortium, months);
  const found = new Map(rows.map(({ ruleId, ...record }) => [ruleId, record]));
  const ids = new Set([...found.keys(), ...upheld.keys()]);
  return new Map(
    [...ids].map((id) => [
      id,
      { ...NO_RECORD, ...found.get(id), appealsUpheld: upheld.get(id) ?? 0 },
    ]),
  );
}

/** A rule that came on trial with its file has no decision: its trial counts from the first verdict on a finding of it. */
const NOTED = `
  WITH decided AS (SELECT DISTINCT ON (rule_id) * FROM rule_state WHERE consortium = $1 ORDER BY rule_id, decision_id DESC),
  begun AS (
    SELECT rule_id, decided_at AS since FROM decided WHERE status = 'SHADOW'
    UNION ALL
    SELECT rule_id, min(judged_at) FROM rule_trial_verdict v
    WHERE consortium = $1 AND NOT EXISTS (SELECT FROM decided d WHERE d.rule_id = v.rule_id) GROUP BY rule_id)
  SELECT rule_id AS "ruleId", extract(year FROM age(now(), since)) * 12 + extract(month FROM age(now(), since)) AS months FROM begun`;

export async function readNoted(
  client: Client,
  consortium: string,
): Promise<ReadonlyMap<string, NotedRule>> {
  const trials = await client.query<{ ruleId: string; months: string }>(NOTED, [consortium]);
  const approvals = await client.query<{
    ruleId: string;
    aspect: Aspect;
    by: string;
    version: string;
  }>(
    `SELECT rule_id AS "ruleId", aspect, approved_by AS by, rule_version AS version FROM rule_approval
     WHERE consortium = $1 ORDER BY rule_id, aspect`,
    [consortium],
  );
  const reopened = await client.query<{ ruleId: string; month: Month }>(
    `SELECT rule_id AS "ruleId", max(month) AS month FROM rule_reopened
     WHERE consortium = $1 AND closed_at IS NULL GROUP BY rule_id`,
    [consortium],
  );
  const all = new Map<string, { -readonly [K in keyof NotedRule]: NotedRule[K] }>();
  const at = (ruleId: string) => {
    const noted = all.get(ruleId) ?? { ...NOT_NOTED };
    all.set(ruleId, noted);
    return noted;
  };
  for (const { ruleId, months } of trials.rows) at(ruleId).monthsOnTrial = Number(months);
  for (const { ruleId, ...approval } of approvals.rows)
    at(ruleId).approvals = [...at(ruleId).approvals, approval];
  for (const { ruleId, month } of reopened.rows) at(ruleId).reopened = month;
  return all;
}
