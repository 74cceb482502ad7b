import type { SuspectQuery } from './suspicion.js';

/** What every question about stays begins with; refunds are counted with what they take back by whoever asks on. */
const STAYS = `FROM claim c
  WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL
    AND c.admitted_at IS NOT NULL AND c.discharged_at IS NOT NULL`;
const ADMITTED = 'left(c.admitted_at, 10)::date';
const DISCHARGED = 'left(c.discharged_at, 10)::date';
const DAYS = `(${DISCHARGED} - ${ADMITTED})`;
const INPATIENT = `c.care_type = 'inpatient'`;

/** Lines of the claim `c`, found by their key: stays are few. */
const LINES = `FROM claim_line l WHERE (l.consortium, l.settled_on, l.institution, l.claim_no)
  = (c.consortium, c.settled_on, c.institution, c.claim_no)`;

/**
 * Stays of so many days; where mean days of groups are held, also stays of more days than the bound of their group, or, where the claim
 * names no group, than the least of the bounds.
 */
export const staysOfLength: SuspectQuery = ({ atLeast, atMost, groups, bounds }) => ({
  text: `WITH g AS (SELECT * FROM unnest($6::text[], $7::numeric[]) AS u(code, days))
    SELECT c.person_id, c.period FROM (SELECT c.person_id, c.period, c.agency_group_code, ${DAYS} AS days ${STAYS} AND ${INPATIENT}) c
      LEFT JOIN g ON g.code = c.agency_group_code
    WHERE c.days BETWEEN $4::int AND $5::int OR greatest(c.days, 1)
      > CASE WHEN c.agency_group_code IS NULL THEN (SELECT min(g.days) FROM g) ELSE g.days END`,
  values: [atLeast, atMost, groups, bounds],
  ofOneClaim: true,
});

/** Stays without an operation that are over within so many hours, or within as many days where an hour is not known. */
export const shortStays: SuspectQuery = ({ hours, hoursPerDay, notModes }) => ({
  text: `SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT} AND ${DAYS} * $5::int < $4::int + $5::int
    AND (c.discharge_mode IS NULL OR NOT c.discharge_mode = ANY($6::text[]))
    AND (length(c.admitted_at) = 10 OR length(c.discharged_at) = 10
      OR left(c.discharged_at, 16)::timestamp - left(c.admitted_at, 16)::timestamp < $4 * interval '1 hour')
    AND NOT EXISTS (SELECT 1 FROM claim_procedure p WHERE (p.consortium, p.settled_on, p.institution, p.claim_no)
      = (c.consortium, c.settled_on, c.institution, c.claim_no))`,
  values: [hours, hoursPerDay, notModes],
  ofOneClaim: true,
});

/** Stays that cost more or less than such a multiple of their standard, or whose standard is to be looked up. */
export const dearOrCheapStays: SuspectQuery = ({ above, below, tableHeld }) => ({
  text: `SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT} AND CASE WHEN c.group_standard_fen IS NULL
    THEN c.agency_group_code IS NOT NULL OR $6::boolean
    ELSE c.total_fee_fen > c.group_standard_fen * $4::numeric OR c.total_fee_fen < c.group_standard_fen * $5::numeric END`,
  values: [above, below, tableHeld],
  ofOneClaim: true,
});

/** Stays with a procedure like one of the patterns, or one of the diagnoses. */
export const codedStays: SuspectQuery = ({ procedures, diagnoses }) => ({
  text: `SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT} AND (
      EXISTS (SELECT 1 FROM claim_procedure p WHERE (p.consortium, p.settled_on, p.institution, p.claim_no)
        = (c.consortium, c.settled_on, c.institution, c.claim_no) AND p.code LIKE ANY($4::text[]))
      OR EXISTS (SELECT 1 FROM claim_diagnosis d WHERE (d.consortium, d.settled_on, d.institution, d.claim_no)
        = (c.consortium, c.settled_on, c.institution, c.claim_no) AND d.code = ANY($5::text[])))`,
  values: [procedures, diagnoses],
  ofOneClaim: true,
});

/**
 * Stays with a procedure that begins otherwise than all of the prefixes and no line that the source says is of one of the fee classes, or
 * with one of the diagnoses.
 */
export const codedWithoutCharge: SuspectQuery = ({ prefixes, classes, diagnoses }) => ({
  text: `SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT} AND (
      EXISTS (SELECT 1 FROM claim_procedure p WHERE (p.consortium, p.settled_on, p.institution, p.claim_no)
        = (c.consortium, c.settled_on, c.institution, c.claim_no) AND NOT p.code LIKE ANY($4::text[]))
        AND NOT EXISTS (SELECT 1 ${LINES} AND l.fee_class = ANY($5::text[]))
      OR EXISTS (SELECT 1 FROM claim_diagnosis d WHERE (d.consortium, d.settled_on, d.institution, d.claim_no)
        = (c.consortium, c.settled_on, c.institution, c.claim_no) AND d.code = ANY($6::text[])))`,
  values: [(prefixes as readonly string[]).map((prefix) => `${prefix}%`), classes, diagnoses],
  ofOneClaim: true,
});

/** Stays without a procedure and with a line that is, or, for all the source says, may be of one of the fee classes. */
export const chargedWithoutCode: SuspectQuery = ({ classes, prefixes, others }) => ({
  text: `SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT}
    AND NOT EXISTS (SELECT 1 FROM claim_procedure p WHERE (p.consortium, p.settled_on, p.institution, p.claim_no)
      = (c.consortium, c.settled_on, c.institution, c.claim_no))
    AND EXISTS (SELECT 1 ${LINES} AND l.quantity > 0 AND (l.fee_class = ANY($4::text[]) OR l.fee_class IS NULL AND l.item_kind = 'service'
      AND (l.item_code IS NULL OR l.item_code ^@ ANY($5::text[]) OR NOT l.item_code ^@ ANY($6::text[]))))`,
  values: [classes, prefixes, others],
  ofOneClaim: true,
});

/** Persons with stays by the case and by the bed-day at one institution. */
export const staysOfBothModes: SuspectQuery = () => ({
  text: `SELECT c.person_id ${STAYS} AND c.care_type IN ('inpatient', 'bed-day')
    GROUP BY c.person_id, c.institution HAVING count(DISTINCT c.care_type) = 2`,
  values: [],
});

const SAME_DIAGNOSIS = `LEFT JOIN claim_diagnosis d ON d.is_principal
      AND (d.consortium, d.settled_on, d.institution, d.claim_no) = (c.consortium, c.settled_on, c.institution, c.claim_no)
    LEFT JOIN claim_diagnosis e
      ON (e.consortium, e.settled_on, e.institution, e.claim_no) = (v.consortium, v.settled_on, v.institution, v.claim_no)`;

/**
 * Persons with a stay and, on a day of it or within so many days, a claim outside beds that the pooled fund paid; under a diagnosis that begins
 * like the principal one of the stay when `chars` is not 0, or where the stay has none.
 */
export const outpatientNearStay: SuspectQuery = ({ before, after, chars }) => ({
  text: `SELECT c.person_id FROM claim c
    JOIN claim v ON v.consortium = c.consortium AND v.person_id = c.person_id
      AND v.settled_on BETWEEN ${ADMITTED} - $4::int AND ${DISCHARGED} + $5::int
    ${chars === 0 ? '' : SAME_DIAGNOSIS}
    WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL
      AND c.admitted_at IS NOT NULL AND c.discharged_at IS NOT NULL AND ${INPATIENT}
      AND v.settled_on >= $2 AND v.period <= $3 AND v.refund_of IS NULL AND v.admitted_at IS NULL
      AND v.care_type NOT IN ('inpatient', 'bed-day') AND v.pooled_fund_paid_fen > 0
      ${chars === 0 ? '' : 'AND (d.code IS NULL OR left(d.code, $6::int) = left(e.code, $6::int))'}`,
  values: chars === 0 ? [before, after] : [before, after, chars],
});

/**
 * Short stays whose charges may be tests for the most part and care for little: what is surely something else, or surely care, is not too much.
 * Where mean costs of groups are held: every short stay, and stays below the bound of their group, or, where the claim names none, below
 * the highest of the bounds; and stays without lines, of which nothing can be said.
 */
export const stayOfTests: SuspectQuery = ({
  atMost,
  groups,
  bounds,
  tests,
  testsShare,
  care,
  careShare,
}) => ({
  text: `WITH g AS (SELECT * FROM unnest($5::text[], $10::numeric[]) AS u(code, fen))
    SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT} AND (
      cardinality($5::text[]) > 0 AND (${DAYS} <= $4::int
        OR c.agency_group_code IS NULL AND c.total_fee_fen < (SELECT max(g.fen) FROM g)
        OR c.total_fee_fen < (SELECT g.fen FROM g WHERE g.code = c.agency_group_code)
        OR NOT EXISTS (SELECT 1 ${LINES}))
      OR ${DAYS} <= $4::int AND coalesce((SELECT
        coalesce(sum(q.fen) FILTER (WHERE q.class IS NOT NULL AND NOT q.class = ANY($6::text[])), 0) <= (1 - $7::numeric) * sum(q.fen)
          AND coalesce(sum(q.fen) FILTER (WHERE q.class = ANY($8::text[])), 0) <= $9::numeric * sum(q.fen)
        FROM (SELECT l.line_amount_fen AS fen, coalesce(l.fee_class, CASE l.item_kind WHEN 'drug' THEN 'western-drug'
          WHEN 'service' THEN NULL ELSE l.item_kind END) AS class ${LINES}) q), true))`,
  values: [atMost, groups, tests, testsShare, care, careShare, bounds],
  ofOneClaim: true,
});

/**
 * Stays with at least so many days, before that of discharge, on which no charge but automatic ones is certain: of one of the classes, or, where
 * the source gives no class, of a service whose code begins so or is unknown.
 */
export const idleStays: SuspectQuery = ({ idleDays, automatic, prefixes }) => ({
  text: `SELECT c.person_id, c.period ${STAYS} AND ${INPATIENT} AND ${DAYS} >= $4::int AND $4::int <= (
    SELECT count(*) FROM (SELECT l.charged_on ${LINES} AND l.quantity > 0 GROUP BY l.charged_on
      HAVING bool_and(CASE WHEN l.fee_class IS NOT NULL THEN l.fee_class = ANY($5::text[])
        ELSE l.item_kind = 'service' AND (l.item_code IS NULL OR l.item_code LIKE ANY($6::text[])) END)) idle)`,
  values: [idleDays, automatic, (prefixes as readonly string[]).map((prefix) => `${prefix}%`)],
  ofOneClaim: true,
});
