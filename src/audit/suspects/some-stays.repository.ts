import type { SuspectQuery } from './suspicion.js';

/** Persons with at least `stays` inpatient claims. */
export const someStays: SuspectQuery = ({ stays }) => ({
  text: `SELECT c.person_id FROM claim c
    WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.care_type = 'inpatient' AND c.refund_of IS NULL
    GROUP BY c.person_id HAVING count(*) >= $4`,
  values: [stays],
});
