import { VISIT } from '../measures.repository.js';

/** Outpatient claims that stand; `$1` consortium, `$2` months. */
const VISITS = `c.consortium = $1 AND c.period = ANY($2::text[]) AND ${VISIT} AND c.refund_of IS NULL AND c.total_fee_fen > 0`;
/** Midnight sharp is what a source without times gives. */
const TIMED = `c.settled_at::time <> '00:00'`;

/** `$3` levels, `$4` claims a doctor may settle in the time. A claim counts for every doctor that its lines name. */
function doctorTime(unit: 'day' | 'hour', timed: string): string {
  return `
  WITH seen AS (
    SELECT DISTINCT c.institution, c.period, date_trunc('${unit}', c.settled_at) AS at, l.doctor, c.claim_no
    FROM claim c JOIN claim_line l USING (consortium, settled_on, institution, claim_no)
    WHERE ${VISITS} AND c.level = ANY($3::text[]) AND l.doctor IS NOT NULL ${timed}),
  busy AS (SELECT institution, period FROM seen GROUP BY institution, period, at, doctor HAVING count(*) > $4::int)
  SELECT institution, period AS month, count(*) AS value FROM busy GROUP BY institution, period`;
}

export const DOCTOR_DAYS = doctorTime('day', '');
export const DOCTOR_HOURS = doctorTime('hour', `AND ${TIMED}`);

/** `$3` claims, `$4` minutes. Items are only read of claims whose sum came often enough on the day. */
export const ALIKE_CLAIMS = `
  WITH visit AS (
    SELECT c.consortium, c.institution, c.period, c.settled_on, c.settled_at, c.claim_no, c.total_fee_fen,
      count(*) OVER (PARTITION BY c.institution, c.settled_on, c.total_fee_fen) AS equal
    FROM claim c WHERE ${VISITS} AND ${TIMED}),
  itemised AS (
    SELECT v.*, (SELECT string_agg(coalesce(l.item_code, l.institution_item_code) || ' ' || l.quantity, ','
        ORDER BY coalesce(l.item_code, l.institution_item_code), l.quantity)
      FROM claim_line l WHERE l.consortium = v.consortium AND l.settled_on = v.settled_on
        AND l.institution = v.institution AND l.claim_no = v.claim_no) AS items
    FROM visit v WHERE v.equal >= $3::int),
  rowed AS (
    SELECT institution, period, count(*) OVER (PARTITION BY institution, settled_on, total_fee_fen, items ORDER BY settled_at
      RANGE BETWEEN ($4::int * interval '1 minute') PRECEDING AND CURRENT ROW) AS alike
    FROM itemised WHERE items IS NOT NULL)
  SELECT institution, period AS month, count(*) AS value FROM rowed WHERE alike >= $3::int GROUP BY institution, period`;
