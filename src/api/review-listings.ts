import type { Listing } from './listing.js';

/** A claim of the viewer's institutions, or one that they settle for: by the share of its money, or by the claim itself. */
const own = (at: 'c' | 'l'): string => `(${at}.institution = ANY($2::text[])
  OR EXISTS (SELECT FROM finding_share x WHERE x.consortium = c.consortium AND x.month = c.month AND x.finding_id = c.finding_id
    AND x.institution = ${at}.institution AND x.settled_by = ANY($2::text[]))
  OR EXISTS (SELECT FROM finding_claim x JOIN claim m ON m.consortium = x.consortium AND m.settled_on = x.settled_on
      AND m.institution = x.institution AND m.claim_no = x.claim_no
    WHERE x.consortium = c.consortium AND x.month = c.month AND x.finding_id = c.finding_id
    AND x.institution = ${at}.institution AND x.claim_no = ${at}.claim_no AND m.settled_by = ANY($2::text[])))`;

const OWN_LINE = own('l');

/** Nobody else answers to the case or is spoken of in it: the viewer sees all of it. */
const WHOLE = `($2::text[] IS NULL OR (cardinality(c.parties) > 0 AND c.parties <@ $2::text[] AND ${own('c')}
  AND NOT EXISTS (SELECT FROM review_line l WHERE l.consortium = c.consortium AND l.finding_id = c.finding_id AND NOT ${OWN_LINE})))`;

/** What reviewers hold of it is not on its way to the members yet; these see it once it is fed back, or decided. */
const UNSENT = `($2::text[] IS NOT NULL AND c.state IN ('FIRST_REVIEW', 'SECOND_REVIEW', 'PANEL'))`;

/** A person may decide at once against a finding of a rule on trial: its case is for those who see all. */
const SHOWN = `($2::text[] IS NULL OR c.route = 'process' OR EXISTS (SELECT FROM finding x
  WHERE x.consortium = c.consortium AND x.finding_id = c.finding_id AND x.mode = 'active'))`;

const OWN_CASE = `
  SELECT true AS whole, c.institution, c.claim_no, coalesce(($2::text[])[1], c.institution) AS shown_to,
    c.flagged_fen::numeric AS flagged, c.proposed_fen::numeric AS proposed, c.appealed_fen::numeric AS appealed,
    c.confirmed_fen::numeric AS confirmed WHERE ${WHOLE}
  UNION ALL
  SELECT false, min(l.institution), (array_agg(l.claim_no ORDER BY l.institution, l.claim_no))[1], ($2::text[])[1], sum(l.flagged_fen),
    sum(l.proposed_fen), sum(l.appealed_fen), sum(l.confirmed_fen)
  FROM review_line l WHERE NOT ${WHOLE} AND l.consortium = c.consortium AND l.finding_id = c.finding_id AND ${OWN_LINE}
  HAVING count(*) > 0`;

const MONEY = `
  SELECT coalesce(sum(d.posted_monthly_fen + d.posted_annual_fen), 0) AS taken, coalesce(sum(v.amount_fen), 0) AS back
  FROM deduction d LEFT JOIN deduction_reversal v USING (consortium, deduction_id)
  WHERE d.consortium = c.consortium AND d.finding_id = c.finding_id
    AND (own.whole OR d.institution = ANY($2::text[]) OR d.settled_by = ANY($2::text[]))`;

const CASE = `review_case c JOIN LATERAL (${OWN_CASE}) own ON ${SHOWN}`;

const yuan = (fen: string, name: string): string => `round(${fen} / 100.0, 2) AS "${name}"`;

/** Cases of review. Who is bound to institutions sees those that speak of them, of shared ones their own part and no other party. */
export const REVIEWS: Listing = {
  select: `c.finding_id AS "findingId", c.month, c.rule_id AS "ruleId", c.class, c.money, own.institution,
    own.claim_no AS "claimNo", NOT own.whole AS "ownPartOnly", c.state, c.route,
    CASE WHEN NOT ${UNSENT} THEN c.outcome END AS outcome,
    ARRAY(SELECT p FROM unnest(c.parties) p WHERE $2::text[] IS NULL OR p = ANY($2::text[]) ORDER BY p) AS parties,
    ${yuan('own.flagged', 'flaggedYuan')}, ${yuan(`(CASE WHEN NOT ${UNSENT} THEN own.proposed END)`, 'proposedYuan')},
    ${yuan('own.appealed', 'appealedYuan')},
    ${yuan('own.confirmed', 'confirmedYuan')}, ${yuan('money.taken', 'deductedYuan')}, ${yuan('money.back', 'compensatedYuan')},
    c.entered_on AS "enteredOn", c.due_on AS "dueOn", c.escalated,
    CASE WHEN $2::text[] IS NULL THEN c.assignee END AS assignee`,
  from: `${CASE} CROSS JOIN LATERAL (${MONEY}) money`,
  consortium: 'c.consortium',
  institution: 'own.shown_to',
  key: [
    { by: 'c.month', type: 'text' },
    { by: 'c.finding_id', type: 'text' },
  ],
  sorts: {
    amount: { by: 'own.flagged', type: 'numeric' },
    due: { by: `coalesce(c.due_on, '9999-12-31'::date)`, type: 'date' },
  },
  filters: {
    id: 'c.finding_id = ?',
    month: 'c.month = ?',
    state: 'c.state = ?',
    class: 'c.class = ?',
    rule: 'c.rule_id = ?',
    institution: 'own.institution = ? OR ? = ANY(c.parties) OR ? = ANY(c.institutions)',
    overdueOn: 'c.due_on < ?::date',
    escalated: 'c.escalated = ?::boolean',
    assignee: '$2::text[] IS NULL AND c.assignee = ?',
  },
};

/** The lines at stake with the amount of each stage; `lineNo` '' is the claim beyond its lines. */
export const REVIEW_LINES: Listing = {
  select: `l.institution, l.claim_no AS "claimNo", l.line_no AS "lineNo", ${yuan('l.flagged_fen', 'flaggedYuan')},
    ${yuan(`(CASE WHEN NOT ${UNSENT} THEN l.proposed_fen END)`, 'proposedYuan')},
    ${yuan('l.appealed_fen', 'appealedYuan')}, ${yuan('l.confirmed_fen', 'confirmedYuan')}`,
  from: `${CASE} JOIN review_line l ON l.consortium = c.consortium AND l.finding_id = c.finding_id AND (own.whole OR ${OWN_LINE})`,
  consortium: 'c.consortium',
  institution: 'own.shown_to',
  key: ['l.institution', 'l.claim_no', 'l.line_no'].map((by) => ({ by, type: 'text' })),
  order: 'ASC',
  filters: { id: 'c.finding_id = ?' },
};

const FOR_OTHERS = `'涉及其他成员单位，意见请向牵头医院了解'`;

/** What reviewers do among themselves, votes above all, is not for members, nor what another member said. */
export const REVIEW_STEPS: Listing = {
  select: `s.action, s.from_state AS "from", s.to_state AS "to", s.actor, s.role, s.institution, s.outcome,
    s.reason_code AS "reasonCode", CASE WHEN own.whole OR s.role = 'member' THEN s.opinion ELSE ${FOR_OTHERS} END AS opinion,
    CASE WHEN own.whole THEN round(s.amount_fen / 100.0, 2) END AS "amountYuan", s.attachments, s.at`,
  from: `${CASE} JOIN review_step s ON s.consortium = c.consortium AND s.finding_id = c.finding_id
    AND ($2::text[] IS NULL OR s.action NOT IN ('vote', 'assign', 'escalate'))
    AND (NOT ${UNSENT} OR s.role <> 'reviewer' OR EXISTS (SELECT FROM review_step sent WHERE sent.consortium = s.consortium
      AND sent.finding_id = s.finding_id AND sent.action = 'feedback' AND sent.step_id >= s.step_id))`,
  consortium: 'c.consortium',
  institution: 'coalesce(s.institution, own.shown_to)',
  key: [{ by: 's.step_id', type: 'bigint' }],
  order: 'ASC',
  filters: { id: 'c.finding_id = ?' },
};
