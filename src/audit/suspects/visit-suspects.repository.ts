import type { SuspectQuery } from './suspicion.js';

const CLAIMS = `FROM claim c WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL`;

/** Persons with a claim, or a year of claims, on which the pooled fund paid more than a cap of its care type. */
export const fundOverCap: SuspectQuery = ({ careTypes, scopes, caps }) => ({
  text: `WITH k AS (SELECT care_type, scope, cap FROM unnest($4::text[], $5::text[], $6::bigint[]) AS u(care_type, scope, cap)),
      c AS (SELECT c.person_id, c.care_type, c.pooled_fund_paid_fen AS paid, date_trunc('year', c.settled_on) AS year ${CLAIMS})
    SELECT c.person_id FROM c JOIN k USING (care_type) WHERE k.scope = 'visit' AND c.paid > k.cap
    UNION ALL
    SELECT c.person_id FROM (SELECT person_id, care_type, year, sum(paid) AS paid FROM c GROUP BY person_id, care_type, year) c
      JOIN k USING (care_type) WHERE k.scope = 'year' AND c.paid > k.cap`,
  values: [careTypes, scopes, caps],
});

/** Persons with so many visits on one day at one member, or more than so many in a month. */
export const manyVisits: SuspectQuery = ({ careTypes, sameDay, perMonth }) => ({
  text: `WITH c AS (SELECT c.person_id, c.institution, c.settled_on ${CLAIMS} AND c.care_type = ANY($4) AND c.pooled_fund_paid_fen > 0)
    SELECT person_id FROM c GROUP BY person_id, institution, settled_on HAVING count(*) >= $5
    UNION ALL
    SELECT person_id FROM c GROUP BY person_id, date_trunc('month', settled_on) HAVING count(*) > $6`,
  values: [careTypes, sameDay, perMonth],
});

/** Persons with more than so many claims of some care types in a month. */
export const manyClaims: SuspectQuery = ({ careTypes, perMonth }) => ({
  text: `SELECT c.person_id ${CLAIMS} AND c.care_type = ANY($4)
    GROUP BY c.person_id, date_trunc('month', c.settled_on) HAVING count(*) > $5`,
  values: [careTypes, perMonth],
});
