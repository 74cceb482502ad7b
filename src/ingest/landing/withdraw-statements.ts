import type { Stream } from '../fields.js';
import { type AttachedStream, findMissing, LAST_ADJUSTMENT } from './adjust-statements.js';
import { TARGETS } from './merge-statements.js';

/**
 * Rows that stand in the books and that their source no longer has, as SQL text. `staging_missing` names them by what the source calls
 * them. Parameters: $1 consortium, $2 institution, $3 batch.
 */

export type ComparedStream = Exclude<Stream, 'persons'>;

export const CREATE_MISSING = `
  CREATE TEMP TABLE IF NOT EXISTS staging_missing (claim_no text NOT NULL, item text NOT NULL, amount_fen bigint NOT NULL,
    settled_on date NOT NULL) ON COMMIT DELETE ROWS`;
export const FIND_WITHDRAWN = findMissing('staging_missing');

const CHILDREN = [
  ['lines', 'claim_line', 'l.line_no', 'l.line_amount_fen'],
  ['diagnoses', 'claim_diagnosis', 'l.sequence', '0'],
  ['procedures', 'claim_procedure', 'l.sequence', '0'],
] as const;

const STANDS = `consortium = $1 AND %.institution = $2 AND %.settled_on = k.standing_on AND %.claim_no = k.standing_no`;
const stands = (alias: string): string => `${alias}.${STANDS.replaceAll('%', alias)}`;
const TOMBSTONE = `INSERT INTO withdrawn_row (consortium, institution, stream, natural_key, settled_on, period, person_id, amount_fen,
    content, landed_batch_id, raw_row, batch_id)`;

/** Buries claims of open months with all that hangs on them: what stood is kept aside, then taken out of the books. */
export const BURY_CLAIMS: readonly string[] = [
  `${TOMBSTONE}
   SELECT $1, $2, 'claims', k.claim_no, v.settled_on, v.period, v.person_id, v.total_fee_fen, to_jsonb(v), v.batch_id, v.raw_row, $3::bigint
   FROM staging_closed k JOIN claim v ON ${stands('v')} WHERE NOT k.is_closed`,
  ...CHILDREN.flatMap(([stream, table, item, amount]) => [
    `${TOMBSTONE}
     SELECT $1, $2, '${stream}', concat_ws(E'\\x1f', k.claim_no, ${item}), v.settled_on, v.period, v.person_id, ${amount}, to_jsonb(l),
       l.batch_id, l.raw_row, $3::bigint
     FROM staging_closed k JOIN claim v ON ${stands('v')} JOIN ${table} l ON ${stands('l')} WHERE NOT k.is_closed`,
    `DELETE FROM ${table} l USING staging_closed k WHERE NOT k.is_closed AND ${stands('l')}`,
  ]),
  `DELETE FROM claim v USING staging_closed k WHERE NOT k.is_closed AND ${stands('v')}`,
];

/** Buries single rows of claims that stay. By now what stands of each claim is in an open month, or there is no claim. */
export function buryAttached(stream: AttachedStream): string {
  const { table, keys, amount } = TARGETS[stream];
  const item = keys.find((key) => key !== 'claim_no') ?? '';
  return `
    WITH now AS (
      SELECT m.claim_no, m.item, coalesce(a.standing_no, k.standing_no, m.claim_no) AS standing_no,
        coalesce(a.standing_on, k.standing_on, m.settled_on) AS standing_on
      FROM staging_missing m LEFT JOIN staging_closed k USING (claim_no) LEFT JOIN (${LAST_ADJUSTMENT}) a USING (claim_no)),
    gone AS (
      DELETE FROM ${table} l USING now n
      WHERE l.consortium = $1 AND l.institution = $2 AND l.settled_on = n.standing_on AND l.claim_no = n.standing_no AND l.${item}::text = n.item
      RETURNING n.claim_no AS source_no, n.item, l.settled_on, l.claim_no, ${amount === null ? '0::bigint' : `l.${amount}`} AS fen,
        to_jsonb(l) AS content, l.batch_id, l.raw_row)
    ${TOMBSTONE}
    SELECT $1, $2, '${stream}', concat_ws(E'\\x1f', g.source_no, g.item), g.settled_on, v.period, v.person_id, g.fen, g.content,
      g.batch_id, g.raw_row, $3::bigint
    FROM gone g LEFT JOIN claim v ON v.consortium = $1 AND v.institution = $2 AND v.settled_on = g.settled_on AND v.claim_no = g.claim_no`;
}

/** What stands of a window or of a file, by the names of the source. $3 from and $4 to, or $3 the file's name. */
export function standingRows(stream: ComparedStream, scope: 'window' | 'file'): string {
  const { table, keys, amount } = TARGETS[stream];
  const item = keys.find((key) => key !== 'claim_no');
  const within =
    scope === 'window'
      ? 't.settled_on >= $3::date AND t.settled_on < $4::date'
      : `t.batch_id IN (SELECT b.batch_id FROM batch b WHERE b.consortium = $1 AND b.institution = $2 AND b.stream = '${stream}' AND b.unit = $3)`;
  const gone = `SELECT FROM claim r WHERE r.consortium = $1 AND r.institution = $2 AND r.settled_on = t.settled_on`;
  return `
    SELECT coalesce(c.adjusts, t.claim_no) AS claim_no, ${item === undefined ? `''` : `t.${item}::text`} AS item,
           ${amount === null ? '0::bigint' : `t.${amount}`} AS amount_fen, t.settled_on, t.claim_no AS row_no
    FROM ${table} t LEFT JOIN claim c ON c.consortium = $1 AND c.institution = $2 AND c.settled_on = t.settled_on
      AND c.claim_no = t.claim_no AND c.adjusts IS NOT NULL
    WHERE t.consortium = $1 AND t.institution = $2 AND ${within}
      AND NOT EXISTS (${gone} AND r.reverses = t.claim_no)
      AND NOT EXISTS (${gone} AND r.claim_no = t.claim_no AND r.reverses IS NOT NULL)`;
}
