import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { Term } from './case.repository.js';

/** Which findings get a case. */
export interface OpenQuestion {
  readonly consortium: string;
  readonly months: readonly Month[];
  readonly classes: readonly string[];
  /** Only these; null: all. */
  readonly findingIds: readonly string[] | null;
  readonly route: 'process' | 'short';
}

/** Findings of the months that count, nobody decided on, and have no case yet; of a finding in several months the latest. */
const FRESH = `
  SELECT DISTINCT ON (f.finding_id) f.* FROM finding f
  WHERE f.consortium = $1 AND f.month = ANY($2) AND f.class = ANY($3) AND ($4::text[] IS NULL OR f.finding_id = ANY($4))
    AND f.mode = 'active' AND f.role = 'primary'
    AND NOT EXISTS (SELECT FROM review_case c WHERE c.consortium = f.consortium AND c.finding_id = f.finding_id)
    AND NOT EXISTS (SELECT FROM review_decision d WHERE d.consortium = f.consortium AND d.finding_id = f.finding_id)
  ORDER BY f.finding_id, f.month DESC`;

const keyed = (of: OpenQuestion) => [of.consortium, of.months, of.classes, of.findingIds];

export async function countFresh(client: pg.ClientBase, of: OpenQuestion): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    `SELECT count(*) AS n FROM (${FRESH}) fresh`,
    keyed(of),
  );
  return Number(rows[0]?.n ?? 0);
}

const INSERT = `
  WITH fresh AS (${FRESH}), opened AS (
    INSERT INTO review_case (consortium, finding_id, month, rule_id, class, money, institution, claim_no, institutions, parties, state,
      route, flagged_fen, entered_on, due_on)
    SELECT f.consortium, f.finding_id, f.month, f.rule_id, f.class, f.money, f.institution, f.claim_no,
      coalesce(s.institutions, ARRAY[f.institution]), coalesce(s.parties, own.parties, ARRAY[f.institution]),
      'DETECTED', $5::text, f.amount_fen, $6::date, $7::date
    FROM fresh f
    LEFT JOIN LATERAL (
      SELECT array_agg(DISTINCT s.institution) AS institutions, array_agg(DISTINCT s.settled_by) AS parties
      FROM finding_share s WHERE s.consortium = f.consortium AND s.month = f.month AND s.finding_id = f.finding_id) s ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(DISTINCT c.settled_by) AS parties FROM finding_claim v JOIN claim c ON c.consortium = v.consortium
        AND c.settled_on = v.settled_on AND c.institution = v.institution AND c.claim_no = v.claim_no
      WHERE v.consortium = f.consortium AND v.month = f.month AND v.finding_id = f.finding_id AND v.role = 'violating') own ON true
    RETURNING finding_id, month),
  lines AS (
    INSERT INTO review_line (consortium, finding_id, institution, claim_no, line_no, flagged_fen)
    SELECT l.consortium, l.finding_id, l.institution, l.claim_no, l.line_no, l.amount_fen
    FROM opened o JOIN finding_line l ON l.consortium = $1 AND l.month = o.month AND l.finding_id = o.finding_id
      AND l.role = 'violating'),
  steps AS (
    INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, reason_code, opinion)
    SELECT $1::text, finding_id, 'open', 'DETECTED', 'DETECTED', 'system', 'system', 'OPEN', '疑点进入审核' FROM opened)
  SELECT finding_id AS id FROM opened ORDER BY 1`;

/** @returns ids of the findings that have a case now and had none before */
export async function insertCases(
  client: pg.ClientBase,
  of: OpenQuestion,
  { enteredOn, dueOn }: Term,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(INSERT, [
    ...keyed(of),
    ...[of.route, enteredOn, dueOn],
  ]);
  return rows.map(({ id }) => id);
}

/** What one person decided at once: one step for each finding, and its end. Opens cases that are not there yet. */
export async function decideAtOnce(
  client: pg.ClientBase,
  decision: {
    readonly consortium: string;
    readonly by: string;
    readonly reason: string;
    readonly outcome: 'uphold' | 'dismiss';
  },
  findingIds: readonly string[],
): Promise<void> {
  const { consortium, by, reason, outcome } = decision;
  const { rows } = await client.query<{ months: Month[] | null }>(
    'SELECT array_agg(DISTINCT month) AS months FROM finding WHERE consortium = $1 AND finding_id = ANY($2)',
    [consortium, findingIds],
  );
  await client.query(ANY_CASE, [consortium, rows[0]?.months ?? [], findingIds]);
  await client.query(LINES, [consortium, findingIds]);
  const upheld = outcome === 'uphold';
  await client.query(
    `WITH decided AS (
       UPDATE review_case SET state = $6::text, outcome = $3::text, route = 'short', final_by = $4::text, entered_on = current_date, due_on = NULL,
         proposed_fen = CASE WHEN $3::text = 'uphold' THEN flagged_fen END, confirmed_fen = CASE WHEN $3::text = 'uphold' THEN flagged_fen END
       WHERE consortium = $1 AND finding_id = ANY($2) AND state = 'DETECTED' RETURNING finding_id, confirmed_fen),
     lines AS (
       UPDATE review_line l SET proposed_fen = l.flagged_fen, confirmed_fen = l.flagged_fen FROM decided d
       WHERE $3::text = 'uphold' AND l.consortium = $1 AND l.finding_id = d.finding_id)
     INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, outcome, reason_code, opinion, amount_fen)
     SELECT $1::text, finding_id, 'direct', 'DETECTED', $6::text, $4::text, 'reviewer', $3::text, 'DIRECT', $5::text, confirmed_fen FROM decided ORDER BY finding_id`,
    [
      ...[consortium, findingIds, outcome, by, reason.slice(0, 2000)],
      upheld ? 'CONFIRMED' : 'DISMISSED',
    ],
  );
}

/** As `INSERT`, of whatever class and role: a person may decide against a finding that takes no money of its own. */
const ANY_CASE = `
  INSERT INTO review_case (consortium, finding_id, month, rule_id, class, money, institution, claim_no, institutions, parties, state,
    route, flagged_fen, entered_on)
  SELECT DISTINCT ON (f.finding_id) f.consortium, f.finding_id, f.month, f.rule_id, f.class, f.money, f.institution, f.claim_no,
    coalesce(s.institutions, ARRAY[f.institution]), coalesce(s.parties, ARRAY[f.institution]), 'DETECTED', 'short', f.amount_fen, current_date
  FROM finding f LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT s.institution) AS institutions, array_agg(DISTINCT s.settled_by) AS parties
    FROM finding_share s WHERE s.consortium = f.consortium AND s.month = f.month AND s.finding_id = f.finding_id) s ON true
  WHERE f.consortium = $1 AND f.month = ANY($2) AND f.finding_id = ANY($3)
  ORDER BY f.finding_id, f.month DESC ON CONFLICT DO NOTHING`;

const LINES = `
  INSERT INTO review_line (consortium, finding_id, institution, claim_no, line_no, flagged_fen)
  SELECT l.consortium, l.finding_id, l.institution, l.claim_no, l.line_no, l.amount_fen
  FROM review_case c JOIN finding_line l ON l.consortium = c.consortium AND l.month = c.month AND l.finding_id = c.finding_id
  WHERE c.consortium = $1 AND c.finding_id = ANY($2) AND l.role = 'violating' ON CONFLICT DO NOTHING`;
