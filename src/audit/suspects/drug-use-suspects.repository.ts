import type { SuspectQuery } from './suspicion.js';

/** Lines as charged; what was taken back stands in negative lines and claims of their own, whose persons are looked at anyway. */
const LINES = `FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)
    WHERE l.consortium = $1 AND l.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL AND l.quantity > 0`;

/** Persons who on a day got more units of a drug than so many a day for the days it is for. */
export const beyondDailyDose: SuspectQuery = ({ careTypes, codes, perDay }) => ({
  text: `WITH k AS (SELECT code, min(per_day) AS per_day FROM unnest($5::text[], $6::numeric[]) AS u(code, per_day) GROUP BY code),
      l AS (SELECT c.person_id, c.period, l.institution, l.claim_no, l.settled_on, l.charged_on, l.item_code,
          sum(l.quantity) AS units, max(l.days_supply) AS days ${LINES}
        AND c.care_type = ANY($4::text[]) AND l.item_code = ANY($5) AND l.days_supply IS NOT NULL
        GROUP BY c.person_id, c.period, l.institution, l.claim_no, l.settled_on, l.charged_on, l.item_code)
    SELECT l.person_id, l.period FROM l JOIN k ON k.code = l.item_code WHERE l.units > l.days * k.per_day`,
  values: [careTypes, codes, perDay],
  ofOneClaim: true,
});

/** Claims with such a drug of which the source does not say for how many days it is. */
export const dosesWithoutDays: SuspectQuery = ({ careTypes, codes }) => ({
  text: `SELECT c.person_id, c.period, c.institution ${LINES} AND c.care_type = ANY($4::text[]) AND l.item_code = ANY($5::text[])
    AND l.days_supply IS NULL GROUP BY c.person_id, c.period, c.institution, c.settled_on, c.claim_no`,
  values: [careTypes, codes],
  ofOneClaim: true,
});

/** Persons with a drug and what is said against it: a diagnosis, another drug of the claim, an age; what is not known counts as said. */
export const drugsOfCaution: SuspectQuery = ({ codes, diagnoses, others, minYears }) => ({
  text: `WITH k AS (SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::int[]) AS u(code, diagnoses, others, years)),
      l AS (SELECT c.consortium, c.person_id, c.period, c.birth_date, l.settled_on, l.institution, l.claim_no, l.line_no, l.charged_on,
        l.item_code ${LINES} AND l.item_code = ANY($4))
    SELECT l.person_id, l.period FROM l JOIN k ON k.code = l.item_code
    WHERE (k.years < 0 OR l.birth_date IS NULL OR l.charged_on >= l.birth_date + k.years * interval '1 year')
      AND (k.others = '' OR EXISTS (SELECT 1 FROM claim_line o WHERE (o.consortium, o.settled_on, o.institution, o.claim_no)
        = (l.consortium, l.settled_on, l.institution, l.claim_no) AND o.line_no <> l.line_no
        AND o.item_code ^@ ANY(string_to_array(k.others, ' '))))
      AND (k.diagnoses = ''
        OR EXISTS (SELECT 1 FROM claim_diagnosis d WHERE (d.consortium, d.settled_on, d.institution, d.claim_no)
          = (l.consortium, l.settled_on, l.institution, l.claim_no) AND d.code ^@ ANY(string_to_array(k.diagnoses, ' ')))
        OR NOT EXISTS (SELECT 1 FROM claim_diagnosis d WHERE (d.consortium, d.settled_on, d.institution, d.claim_no)
          = (l.consortium, l.settled_on, l.institution, l.claim_no)))`,
  values: [codes, diagnoses, others, minYears],
  ofOneClaim: true,
});

/** Persons with an antibiotic whose doctor is not surely one who may prescribe it. */
export const antibioticsBeyondRight: SuspectQuery = ({
  careTypes,
  codes,
  codeRanks,
  doctors,
  doctorRanks,
}) => ({
  text: `WITH k AS (SELECT code, max(rank) AS rank FROM unnest($5::text[], $6::int[]) AS u(code, rank) GROUP BY code),
      r AS (SELECT * FROM unnest($7::text[], $8::int[]) AS u(doctor, rank)),
      l AS (SELECT c.person_id, c.period, l.item_code, l.doctor ${LINES}
        AND c.care_type = ANY($4::text[]) AND l.item_code = ANY($5) AND l.doctor IS NOT NULL)
    SELECT l.person_id, l.period FROM l JOIN k ON k.code = l.item_code
    WHERE NOT EXISTS (SELECT 1 FROM r WHERE r.doctor = l.doctor AND r.rank >= k.rank)`,
  values: [careTypes, codes, codeRanks, doctors, doctorRanks],
  ofOneClaim: true,
});

/** Claims with such an antibiotic that names no doctor. */
export const antibioticsWithoutDoctor: SuspectQuery = ({ careTypes, codes }) => ({
  text: `SELECT c.person_id, c.period, c.institution ${LINES} AND c.care_type = ANY($4::text[]) AND l.item_code = ANY($5::text[])
    AND l.doctor IS NULL GROUP BY c.person_id, c.period, c.institution, c.settled_on, c.claim_no`,
  values: [careTypes, codes],
  ofOneClaim: true,
});
