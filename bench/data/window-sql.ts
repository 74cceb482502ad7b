import { once } from '../harness/database.js';
import { DAY_LIMIT, pairs, windowItems } from './window-rules.js';

/** The four window rules by hand, one statement each, in the form that ran fastest; no index is made for them. */

export async function windowTables(url: string): Promise<void> {
  const items = windowItems().map((code) => `('${code}', ${DAY_LIMIT})`);
  const contained = pairs().map(([primary, item]) => `('${primary}', '${item}')`);
  await once(
    url,
    `CREATE TABLE bench_limit (code text PRIMARY KEY, units numeric NOT NULL);
     INSERT INTO bench_limit VALUES ${items.join(', ')};
     CREATE TABLE bench_pair (primary_code text PRIMARY KEY, contained_code text NOT NULL);
     INSERT INTO bench_pair VALUES ${contained.join(', ')};
     ANALYZE bench_limit; ANALYZE bench_pair`,
  );
}

export function windowsScript(consortium: string): string {
  const statements = [readmission, overlap, dayLimit, withinTheHour];
  return `SET enable_nestloop = off; ${statements.map((make) => `INSERT INTO hit ${make(consortium)}`).join('; ')}`;
}

const STAYS = (consortium: string) => `
  SELECT c.institution, c.claim_no, c.person_id, c.settled_on, c.admitted_at::date AS admitted, c.discharged_at::date AS discharged
  FROM claim c WHERE c.consortium = '${consortium}' AND c.care_type = 'inpatient'`;

/** INP-01: another stay at the same member at most 15 days before, under a diagnosis of the same class. */
const readmission = (consortium: string) => `
  SELECT DISTINCT 'INP-01', b.institution, b.claim_no, NULL::text
  FROM (${STAYS(consortium)}) a JOIN (${STAYS(consortium)}) b ON b.person_id = a.person_id AND b.institution = a.institution AND b.claim_no <> a.claim_no
  JOIN claim_diagnosis d ON d.consortium = '${consortium}' AND d.settled_on = a.settled_on AND d.institution = a.institution AND d.claim_no = a.claim_no AND d.is_principal
  JOIN claim_diagnosis e ON e.consortium = '${consortium}' AND e.settled_on = b.settled_on AND e.institution = b.institution AND e.claim_no = b.claim_no AND e.is_principal
  WHERE b.admitted - a.discharged BETWEEN 0 AND 15 AND left(d.code, 3) = left(e.code, 3) AND ${BEFORE}`;

/** The first of the two, as stays are ordered. */
const BEFORE = `(a.admitted, a.settled_on, a.institution || '/' || a.claim_no) < (b.admitted, b.settled_on, b.institution || '/' || b.claim_no)`;

/** ELG-04: an earlier stay at another institution that ends more than a day after this one began. */
const overlap = (consortium: string) => `
  SELECT DISTINCT 'ELG-04', b.institution, b.claim_no, NULL::text
  FROM (${STAYS(consortium)}) a JOIN (${STAYS(consortium)}) b ON b.person_id = a.person_id AND b.institution <> a.institution
  WHERE least(a.discharged, b.discharged) - b.admitted > 1 AND ${BEFORE}`;

/** QTY-01: the units paid last, beyond the limit of an item, institution and day. */
const dayLimit = (consortium: string) => `
  WITH charged AS (
    SELECT l.institution, c.person_id, l.item_code, l.charged_on, l.charged_time, l.claim_no, l.line_no, l.quantity
    FROM claim_line l JOIN claim c ON c.consortium = l.consortium AND c.settled_on = l.settled_on AND c.institution = l.institution AND c.claim_no = l.claim_no
    WHERE l.consortium = '${consortium}'),
  over AS (
    SELECT institution, person_id, item_code, charged_on, sum(quantity) AS units, b.units AS most FROM charged
    JOIN bench_limit b ON b.code = item_code GROUP BY 1, 2, 3, 4, b.units HAVING sum(quantity) > b.units)
  SELECT 'QTY-01', institution, claim_no, line_no FROM (
    SELECT x.*, sum(x.quantity) OVER (PARTITION BY x.institution, x.person_id, x.item_code, x.charged_on
        ORDER BY extract(epoch FROM date_trunc('minute', x.charged_time)), x.institution || '/' || x.claim_no COLLATE "C", x.line_no COLLATE "C") AS running, o.most
    FROM charged x JOIN over o USING (institution, person_id, item_code, charged_on)) r
  WHERE running > most`;

/** CHG-02: a contained item within the clock hour of the one that contains it. */
const withinTheHour = (consortium: string) => `
  WITH charged AS (
    SELECT l.institution, c.person_id, l.item_code, l.charged_on, extract(hour FROM l.charged_time) AS hour, l.claim_no, l.line_no
    FROM claim_line l JOIN claim c ON c.consortium = l.consortium AND c.settled_on = l.settled_on AND c.institution = l.institution AND c.claim_no = l.claim_no
    WHERE l.consortium = '${consortium}')
  SELECT DISTINCT 'CHG-02', x.institution, x.claim_no, x.line_no
  FROM bench_pair p JOIN charged x ON x.item_code = p.contained_code
  JOIN charged y ON y.item_code = p.primary_code AND y.institution = x.institution AND y.person_id = x.person_id
    AND y.charged_on = x.charged_on AND y.hour = x.hour`;
