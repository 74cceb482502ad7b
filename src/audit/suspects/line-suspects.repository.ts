import type { SuspectQuery } from './suspicion.js';

/** Charged units only: what was taken back stands in claims of its own, or in negative lines, whose persons are looked at anyway. */
const LINES = `FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)
    WHERE l.consortium = $1 AND l.settled_on >= $2 AND c.period <= $3 AND c.refund_of IS NULL AND l.quantity > 0`;

/** Persons whose charges of some items together come to more than a cap: the fund never pays more of a line than was charged. */
export const itemFundOverCap: SuspectQuery = ({ codes, rows, windows, caps }) => ({
  text: `WITH k AS (SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::bigint[]) AS u(code, item_row, span, cap)),
      l AS (SELECT c.person_id, l.institution, l.claim_no, l.item_code, l.charged_on, l.line_amount_fen ${LINES} AND l.item_code = ANY($4))
    SELECT l.person_id FROM l JOIN k ON k.code = l.item_code
    GROUP BY l.person_id, k.item_row, k.cap,
      CASE k.span WHEN 'visit' THEN l.institution || '/' || l.claim_no ELSE to_char(l.charged_on, 'YYYY') END
    HAVING sum(l.line_amount_fen) > k.cap`,
  values: [codes, rows, windows, caps],
});

/** Persons with more general visit fees on a day than the least limit. */
export const generalVisits: SuspectQuery = ({ levels, codes, byFeeClass, perDay }) => ({
  text: `SELECT c.person_id ${LINES} AND c.level = ANY($4) AND (l.item_code = ANY($5) OR ($6::boolean AND l.fee_class = 'general-visit'))
    GROUP BY c.person_id, l.charged_on HAVING sum(l.quantity) > $7`,
  values: [levels, codes, byFeeClass, perDay],
});

/**
 * Persons to whom a drug was given while at least so many days of it were left. What a drug is: the ingredient that its code begins with,
 * and what the table calls it. Supplies are taken to be used up one after the other: with S the days given so far, what was given before
 * a supply lasts until S + max(day − S before that day).
 */
export const overlappingSupply: SuspectQuery = ({ careTypes, codes, classes, days }) => ({
  text: `WITH k AS (SELECT * FROM unnest($5::text[], $6::text[]) AS u(code, drug)),
      l AS (SELECT c.person_id, l.item_code, l.charged_on - DATE '1970-01-01' AS day, l.days_supply AS days ${LINES}
        AND l.days_supply IS NOT NULL AND l.item_kind = 'drug' AND l.item_code IS NOT NULL AND c.care_type = ANY($4)),
      d AS (SELECT person_id, left(item_code, 10) AS drug, day, days FROM l
        UNION ALL SELECT l.person_id, k.drug, l.day, l.days FROM l JOIN k ON k.code = l.item_code),
      s AS (SELECT *, sum(days) OVER (PARTITION BY person_id, drug ORDER BY day ROWS UNBOUNDED PRECEDING) AS given FROM d),
      o AS (SELECT person_id, day, given - days + max(day - (given - days)) OVER (PARTITION BY person_id, drug ORDER BY day, given
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until FROM s)
    SELECT person_id FROM o WHERE until - day >= $7`,
  values: [careTypes, codes, classes, days],
});

/** Claims of some care types with a drug of which the source does not say for how many days it is. */
export const drugsWithoutDays: SuspectQuery = ({ careTypes }) => ({
  text: `SELECT c.person_id, c.period, c.institution FROM claim c
    WHERE c.consortium = $1 AND c.settled_on >= $2 AND c.period <= $3 AND c.care_type = ANY($4)
      AND EXISTS (SELECT 1 FROM claim_line l WHERE l.consortium = c.consortium AND l.settled_on = c.settled_on
        AND l.institution = c.institution AND l.claim_no = c.claim_no AND l.item_kind = 'drug' AND l.days_supply IS NULL)`,
  values: [careTypes],
  ofOneClaim: true,
});
