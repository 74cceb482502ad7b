import type { Listing } from './listing.js';

const SAME = 'x.consortium = f.consortium AND x.month = f.month AND x.finding_id = f.finding_id';

/** The part of institutions that the caller sees. */
const AMOUNT_FEN = `(CASE WHEN $2::text[] IS NULL THEN f.amount_fen::numeric ELSE
  (SELECT coalesce(sum(x.amount_fen), 0) FROM finding_share x WHERE ${SAME} AND x.institution = ANY($2::text[])) END)`;

/** A finding may span members. Findings of rules on trial are for those who see all. Who is bound to institutions sees it by their own violating claim, their own money, and no word on the rest. */
export const FINDINGS: Listing = {
  select: `f.finding_id AS "findingId", f.month, f.rule_id AS "ruleId", f.rule_version AS "ruleVersion",
    f.class, f.role, f.certainty, own.institution, own.claim_no AS "claimNo",
    round(${AMOUNT_FEN} / 100.0, 2) AS "amountYuan",
    CASE WHEN $2::text[] IS NULL OR NOT EXISTS
      (SELECT 1 FROM finding_claim x WHERE ${SAME} AND x.institution <> ALL($2::text[]))
      THEN f.message ELSE '涉及其他成员单位的就诊，说明请向牵头医院了解' END AS message,
    d.outcome`,
  from: `finding f
    LEFT JOIN review_decision d ON d.consortium = f.consortium AND d.finding_id = f.finding_id
    JOIN LATERAL (
      SELECT f.institution, f.claim_no WHERE $2::text[] IS NULL OR f.institution = ANY($2::text[])
      UNION ALL
      (SELECT x.institution, x.claim_no FROM finding_claim x
        WHERE ${SAME} AND x.role = 'violating' AND f.institution <> ALL($2::text[]) AND x.institution = ANY($2::text[])
        ORDER BY x.institution, x.claim_no LIMIT 1)
    ) own ON ($2::text[] IS NULL OR f.mode <> 'shadow')`,
  consortium: 'f.consortium',
  institution: 'own.institution',
  key: [
    { by: 'f.month', type: 'text' },
    { by: 'f.finding_id', type: 'text' },
  ],
  sorts: { amount: { by: AMOUNT_FEN, type: 'numeric' } },
  filters: {
    id: 'f.finding_id = ?',
    month: 'f.month = ?',
    rule: 'f.rule_id = ?',
    class: 'f.class = ?',
    role: 'f.role = ?',
    institution: 'own.institution = ?',
    state: `coalesce(d.outcome, 'open') = ?`,
  },
};

export const FINDING_LINES: Listing = {
  select: `l.institution, l.claim_no AS "claimNo", l.line_no AS "lineNo", l.settled_on AS "settledOn", l.role,
    l.quantity, round(l.amount_fen / 100.0, 2) AS "amountYuan"`,
  from: 'finding_line l',
  consortium: 'l.consortium',
  institution: 'l.institution',
  key: ['l.institution', 'l.claim_no', 'l.line_no'].map((by) => ({ by, type: 'text' })),
  order: 'ASC',
  filters: { id: 'l.finding_id = ?', month: 'l.month = ?' },
};
