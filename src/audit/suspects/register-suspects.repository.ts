import type { SuspectQuery } from './suspicion.js';

const CLAIMS = `FROM claim c WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL`;
const LINES = `FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)
    WHERE l.consortium = $1 AND l.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL AND l.quantity > 0`;
const PERIODS = `SELECT subject AS person_id, (cells->>'from')::date AS since, (cells->>'until')::date AS until
    FROM audit_register_row WHERE consortium = $1 AND name = 'coverage'`;

/** Nobody: who is to be looked at is known otherwise. */
export const nobody: SuspectQuery = () => ({
  text: `SELECT c.person_id ${CLAIMS} AND false`,
  values: [],
});

/** Persons of the register with a claim whose charges do not all lie in one period of insurance. */
export const outsideCoverage: SuspectQuery = ({ graceDays }) => ({
  text: `WITH k AS MATERIALIZED (${PERIODS}),
      d AS (SELECT c.person_id, min(l.charged_on) AS first, max(l.charged_on) AS last ${LINES} AND l.line_eligible_fen > 0
        GROUP BY c.person_id, c.institution, c.claim_no, c.settled_on)
    SELECT d.person_id FROM d WHERE d.person_id IN (SELECT person_id FROM k) AND NOT EXISTS (
      SELECT 1 FROM k WHERE k.person_id = d.person_id AND k.since <= d.first AND (k.until IS NULL OR d.last < k.until + $4::int))`,
  values: [graceDays],
});

/** Claims of persons who are not in the register. */
export const notInCoverage: SuspectQuery = ({ graceDays }) => ({
  text: `SELECT c.person_id, c.period, c.institution ${CLAIMS} AND $4::int >= 0
    AND NOT EXISTS (SELECT 1 FROM audit_register_row k WHERE k.consortium = $1 AND k.name = 'coverage' AND k.subject = c.person_id)`,
  values: [graceDays],
});

/** Persons who died, by the register or by a way of discharge. */
export const ofTheDead: SuspectQuery = () => ({
  text: `SELECT c.person_id ${CLAIMS} AND (c.discharge_mode = 'died' AND c.discharged_at IS NOT NULL
    OR c.person_id IN (SELECT subject FROM audit_register_row WHERE consortium = $1 AND name = 'deaths'))`,
  values: [],
});

/** Persons with two settlements of one institution, care type, sum and dates. */
export const equalClaims: SuspectQuery = () => ({
  text: `SELECT c.person_id ${CLAIMS} AND c.fund_paid_fen > 0
    GROUP BY c.person_id, c.institution, c.care_type, c.total_fee_fen, c.admitted_at, c.discharged_at,
      CASE WHEN c.admitted_at IS NULL THEN c.settled_on END
    HAVING count(*) > 1`,
  values: [],
});

/** Persons with a line of a doctor whose payment right stood suspended on the day. */
export const ofSuspendedDoctors: SuspectQuery = ({ exceptCareTypes }) => ({
  text: `SELECT c.person_id FROM audit_register_row r
      JOIN claim_line l ON l.consortium = r.consortium AND l.doctor = r.subject AND l.charged_on >= (r.cells->>'from')::date
        AND (r.cells->>'until' IS NULL OR l.charged_on < (r.cells->>'until')::date)
      JOIN claim c ON (c.consortium, c.settled_on, c.institution, c.claim_no) = (l.consortium, l.settled_on, l.institution, l.claim_no)
    WHERE r.consortium = $1 AND r.name = 'doctor-rights' AND l.settled_on >= $2 AND c.period <= $3
      AND NOT c.care_type = ANY($4::text[])`,
  values: [exceptCareTypes],
});

/** Claims with a charge that names no doctor. */
export const withoutDoctor: SuspectQuery = ({ exceptCareTypes }) => ({
  text: `SELECT c.person_id, c.period, c.institution ${LINES} AND l.line_eligible_fen > 0 AND l.doctor IS NULL
    AND NOT c.care_type = ANY($4::text[])
    GROUP BY c.person_id, c.period, c.institution, c.settled_on, c.claim_no`,
  values: [exceptCareTypes],
});

/** Claims of a time when drugs carry trace codes with a drug that carries none. */
export const drugsWithoutTrace: SuspectQuery = ({ codesSince }) => ({
  text: `SELECT c.person_id, c.period, c.institution ${LINES} AND l.item_kind = 'drug' AND l.trace_codes IS NULL
    AND l.settled_on >= $4::date GROUP BY c.person_id, c.period, c.institution, c.settled_on, c.claim_no`,
  values: [codesSince],
});
