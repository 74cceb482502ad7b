import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { CaseState } from './review-states.js';

/** A finding on the worklist. Amounts in fen as text. */
export interface ListedFinding {
  readonly month: Month;
  readonly findingId: string;
  readonly ruleId: string;
  readonly class: string;
  readonly role: string;
  readonly certainty: string;
  readonly money: string;
  readonly institution: string;
  readonly claimNo: string;
  readonly amountFen: string;
  readonly message: string;
  readonly state: 'open' | 'confirmed' | 'dismissed';
}

export interface FindingFilter {
  readonly consortium: string;
  readonly months: readonly Month[] | null;
  readonly class: string | null;
  readonly state: ListedFinding['state'] | null;
}

const LIST = `
  SELECT f.month, f.finding_id AS "findingId", f.rule_id AS "ruleId", f.class, f.role, f.certainty, f.money,
    f.institution, f.claim_no AS "claimNo", f.amount_fen AS "amountFen", f.message, coalesce(d.outcome, 'open') AS state
  FROM finding f LEFT JOIN review_decision d USING (consortium, finding_id)
  WHERE f.consortium = $1 AND ($2::text[] IS NULL OR f.month = ANY($2)) AND ($3::text IS NULL OR f.class = $3)
    AND ($4::text IS NULL OR coalesce(d.outcome, 'open') = $4)
  ORDER BY f.month, f.rule_id, f.institution, f.claim_no, f.finding_id`;

export async function listFindings(
  client: pg.Pool | pg.ClientBase,
  filter: FindingFilter,
): Promise<readonly ListedFinding[]> {
  const { rows } = await client.query<ListedFinding>(LIST, [
    filter.consortium,
    filter.months,
    filter.class,
    filter.state,
  ]);
  return rows;
}

/** One part of a confirmed finding: what one institution and pool gives back. */
export interface ConfirmableShare {
  readonly findingId: string;
  readonly month: Month;
  readonly deductionId: string;
  readonly amountFen: string;
  readonly confirmed: boolean;
}

/** Shares of primary findings with exact money that nobody decided against, of those that `which` names. */
const confirmable = (which: string): string => `
  SELECT f.finding_id AS "findingId", f.month, s.amount_fen AS "amountFen",
    f.finding_id || '.' || row_number() OVER (PARTITION BY f.month, f.finding_id ORDER BY s.institution, s.settled_by, s.pool)
      AS "deductionId",
    d.outcome IS NOT NULL AS confirmed
  FROM finding f
  JOIN finding_share s USING (consortium, month, finding_id)
  LEFT JOIN review_decision d USING (consortium, finding_id)
  LEFT JOIN review_case c USING (consortium, finding_id)
  WHERE f.consortium = $1 AND ${which} AND (d.outcome IS NOT NULL OR c.state IS NULL OR c.state = 'DETECTED') AND f.mode = 'active' AND f.role = 'primary'
    AND f.money = 'exact' AND d.outcome IS DISTINCT FROM 'dismissed'
  ORDER BY f.month, f.finding_id, "deductionId"`;

const CONFIRMABLE = confirmable(`f.month = ANY($2) AND f.class = 'HARD'`);
const CONFIRMABLE_ONE = confirmable('f.finding_id = $2');

/** HARD primary findings with money, share by share. */
export async function confirmableShares(
  client: pg.ClientBase,
  request: { readonly consortium: string; readonly months: readonly Month[] },
): Promise<readonly ConfirmableShare[]> {
  const { rows } = await client.query<ConfirmableShare>(CONFIRMABLE, [
    request.consortium,
    request.months,
  ]);
  return rows;
}

/** One finding of any class, share by share; empty when it carries no money of its own. */
export async function sharesOfFinding(
  client: pg.ClientBase,
  { consortium, findingId }: { readonly consortium: string; readonly findingId: string },
): Promise<readonly ConfirmableShare[]> {
  const { rows } = await client.query<ConfirmableShare>(CONFIRMABLE_ONE, [consortium, findingId]);
  return rows;
}

export interface Decision {
  readonly consortium: string;
  readonly decidedBy: string;
  readonly reason: string;
}

/** @returns how many were decided by this call: somebody else may have been quicker */
export async function insertDecisions(
  client: pg.ClientBase,
  decision: Decision & { readonly outcome: 'confirmed' | 'dismissed' },
  findingIds: readonly string[],
): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO review_decision (consortium, finding_id, outcome, decided_by, reason, decided_at)
     SELECT $1, id, $2, $3, $4, now() FROM unnest($5::text[]) AS id ON CONFLICT DO NOTHING`,
    [decision.consortium, decision.outcome, decision.decidedBy, decision.reason, findingIds],
  );
  return rowCount ?? 0;
}

/** @param months  the month each deduction is posted to, by position of its share */
export async function insertDeductions(
  client: pg.ClientBase,
  { consortium, decidedBy, reason }: Decision,
  shares: readonly (ConfirmableShare & { readonly postingMonth: Month })[],
): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO deduction (consortium, deduction_id, finding_id, rule_id, rule_title, institution, settled_by, pool, month, amount_fen,
       pooled_fund_fen, critical_illness_fen, large_expense_fen, medical_aid_fen, confirmed_at, confirmed_by, reason)
     SELECT f.consortium, w.deduction_id, f.finding_id, f.rule_id, f.content ->> 'title', s.institution, s.settled_by, s.pool,
       w.posting_month, s.amount_fen, s.pooled_fund_fen, s.critical_illness_fen, s.large_expense_fen, s.medical_aid_fen, now(), $2, $3
     FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS w (finding_id, month, deduction_id, posting_month)
     JOIN finding f ON f.consortium = $1 AND f.month = w.month AND f.finding_id = w.finding_id
     JOIN (SELECT *, finding_id || '.' || row_number() OVER (PARTITION BY month, finding_id ORDER BY institution, settled_by, pool)
             AS deduction_id
           FROM finding_share WHERE consortium = $1 AND finding_id = ANY($4)) s
       ON s.month = w.month AND s.deduction_id = w.deduction_id
     ON CONFLICT DO NOTHING`,
    [
      consortium,
      decidedBy,
      reason,
      shares.map(({ findingId }) => findingId),
      shares.map(({ month }) => month),
      shares.map(({ deductionId }) => deductionId),
      shares.map(({ postingMonth }) => postingMonth),
    ],
  );
  return rowCount ?? 0;
}

export async function closedMonths(
  client: pg.ClientBase,
  consortium: string,
): Promise<ReadonlySet<Month>> {
  const { rows } = await client.query<{ month: Month }>(
    'SELECT month FROM settlement_period WHERE consortium = $1',
    [consortium],
  );
  return new Set(rows.map(({ month }) => month));
}

export interface StandingFinding {
  readonly months: readonly Month[];
  readonly outcome: 'confirmed' | 'dismissed' | null;
  /** Null: no case yet. */
  readonly caseState: CaseState | null;
}

/** Null when no month holds such a finding. */
export async function standingFinding(
  client: pg.ClientBase,
  { consortium, findingId }: { readonly consortium: string; readonly findingId: string },
): Promise<StandingFinding | null> {
  const { rows } = await client.query<{
    months: Month[] | null;
    outcome: StandingFinding['outcome'];
    caseState: CaseState | null;
  }>(
    `SELECT (SELECT array_agg(month ORDER BY month) FROM finding WHERE consortium = $1 AND finding_id = $2) AS months,
       (SELECT outcome FROM review_decision WHERE consortium = $1 AND finding_id = $2) AS outcome,
       (SELECT state FROM review_case WHERE consortium = $1 AND finding_id = $2) AS "caseState"`,
    [consortium, findingId],
  );
  const [row] = rows;
  if (row?.months == null) return null;
  const { months, outcome, caseState } = row;
  return { months, outcome, caseState };
}
