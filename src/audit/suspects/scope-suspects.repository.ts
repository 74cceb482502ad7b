import type { SuspectQuery } from './suspicion.js';

/** Lines as charged; what was taken back stands in negative lines and claims of their own, whose persons are looked at anyway. */
const LINES = `FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)
    WHERE l.consortium = $1 AND l.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL AND l.quantity > 0`;

/** Persons with a drug charged to the chronic outpatient benefit. */
export const chronicDrugs: SuspectQuery = () => ({
  text: `SELECT c.person_id, c.period ${LINES} AND c.care_type = 'chronic' AND l.item_kind = 'drug' AND l.line_eligible_fen > 0`,
  values: [],
  ofOneClaim: true,
});

/** Persons to whom any of some items was charged within the scope of insurance. */
export const buyersOf: SuspectQuery = ({ codes }) => ({
  text: `SELECT c.person_id ${LINES} AND l.item_code = ANY($4::text[]) AND l.line_eligible_fen > 0`,
  values: [codes],
});

/**
 * Persons with a code that is for the other sex, or for another age. Blocks are the first characters of codes: three of a diagnosis, two
 * of a procedure.
 */
export const codesOfOthers: SuspectQuery = ({ blocks, sexes, minDays, maxDays }) => ({
  text: `WITH k AS (SELECT * FROM unnest($4::text[], $5::text[], $6::int[], $7::int[]) AS u(block, sex, min_days, max_days)),
      x AS (SELECT consortium, settled_on, institution, claim_no, left(code, 3) AS block FROM claim_diagnosis
          WHERE consortium = $1 AND settled_on >= $2 AND left(code, 3) = ANY($4)
        UNION ALL SELECT consortium, settled_on, institution, claim_no, left(code, 2) FROM claim_procedure
          WHERE consortium = $1 AND settled_on >= $2 AND left(code, 2) = ANY($4))
    SELECT c.person_id, c.period FROM x JOIN k USING (block) JOIN claim c USING (consortium, settled_on, institution, claim_no)
    WHERE c.period <= $3 AND c.refund_of IS NULL AND (
      k.sex <> '' AND c.sex <> k.sex
      OR k.min_days >= 0 AND (c.birth_date IS NULL
        OR coalesce(left(c.admitted_at, 10)::date, c.settled_on) - c.birth_date NOT BETWEEN k.min_days AND k.max_days))`,
  values: [blocks, sexes, minDays, maxDays],
  ofOneClaim: true,
});

/** Persons with a claim that holds a diagnosis of some blocks and was paid by the fund. */
export const claimsOfDiagnoses: SuspectQuery = ({ blocks }) => ({
  text: `SELECT c.person_id, c.period FROM claim c JOIN claim_diagnosis d USING (consortium, settled_on, institution, claim_no)
    WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL AND c.fund_paid_fen > 0
      AND d.code LIKE ANY($4::text[])`,
  values: [(blocks as readonly string[]).map((block) => `${block}%`)],
  ofOneClaim: true,
});
