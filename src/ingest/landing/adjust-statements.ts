import type { Stream } from '../fields.js';
import { CLAIM_CONTENT, TARGETS } from './merge-statements.js';

/**
 * Changes of claims whose month is closed, as SQL text. The row that was settled is never touched: what stands is taken back by a
 * reversal (红冲) and booked anew (补记), both in the next open month and both on the day of settlement they concern. As long as the
 * new booking's own month is open it is edited in place. Parameters: $1 consortium, $2 institution, $3 batch, $4 settling unit,
 * $5 level. `staging_closed` holds the claims concerned, one row each.
 */

export type AttachedStream = Exclude<Stream, 'persons' | 'claims'>;

export const CREATE_CLOSED = `
  CREATE TEMP TABLE IF NOT EXISTS staging_closed (
    claim_no text PRIMARY KEY,            -- as the source knows it
    adjustment integer NOT NULL,          -- the last one so far; 0: none
    standing_no text,                     -- row that stands; null: deleted
    standing_on date,
    is_closed boolean NOT NULL,           -- the month of what stands
    differs boolean NOT NULL
  ) ON COMMIT DELETE ROWS`;

export const CLEAR_CLOSED = 'DELETE FROM staging_closed';

/** Whether any month from a day on is closed: without one there is nothing to adjust. */
export const ANY_CLOSED = `
  SELECT EXISTS (SELECT FROM settlement_period WHERE consortium = $1 AND month >= left($2, 7)) AS closed`;

export const LAST_ADJUSTMENT = `
  SELECT DISTINCT ON (claim_no) claim_no, adjustment, standing_no, standing_on FROM claim_adjustment
  WHERE consortium = $1 AND institution = $2 ORDER BY claim_no, adjustment DESC`;

const isClosed = (period: string): string =>
  `EXISTS (SELECT FROM settlement_period q WHERE q.consortium = $1 AND q.month = ${period})`;

const STANDING_ROW = (closed: string): string =>
  `v.consortium = $1 AND v.institution = $2 AND v.settled_on = ${closed}.standing_on AND v.claim_no = ${closed}.standing_no`;

/** Staged claims that were adjusted before, or differ from what a closed month holds. */
export const FIND_CLAIMS = `
  INSERT INTO staging_closed
  SELECT s.claim_no, coalesce(k.adjustment, 0), k.standing_no, k.standing_on, coalesce(${isClosed('v.period')}, false),
         v.claim_no IS NULL OR v.content_hash <> s.content_hash
  FROM staging_claims s
  JOIN (
    SELECT t.claim_no, a.adjustment, CASE WHEN a.claim_no IS NULL THEN t.claim_no ELSE a.standing_no END AS standing_no,
           CASE WHEN a.claim_no IS NULL THEN t.settled_on ELSE a.standing_on END AS standing_on
    FROM staging_claims s JOIN claim t ON t.consortium = $1 AND t.institution = $2 AND t.claim_no = s.claim_no
    LEFT JOIN (${LAST_ADJUSTMENT}) a ON a.claim_no = t.claim_no
    WHERE ${isClosed('t.period')} AND (a.claim_no IS NOT NULL OR t.content_hash <> s.content_hash)
  ) k ON k.claim_no = s.claim_no
  LEFT JOIN claim v ON ${STANDING_ROW('k')}`;

/** The claims of staged rows that hang on a closed or adjusted claim; they differ when one of the rows does. */
export function findAttached(stream: AttachedStream): string {
  const { table, changed, keys } = TARGETS[stream];
  const rest = keys.filter((key) => key !== 'claim_no').map((key) => `t.${key} = s.${key}`);
  return `
    INSERT INTO staging_closed
    WITH staged AS (SELECT DISTINCT claim_no, settled_at::date AS settled_on FROM staging_${stream}),
    concerned AS (
      SELECT DISTINCT ON (g.claim_no) g.claim_no, coalesce(a.adjustment, 0) AS adjustment,
             CASE WHEN a.claim_no IS NULL THEN t.claim_no ELSE a.standing_no END AS standing_no,
             CASE WHEN a.claim_no IS NULL THEN t.settled_on ELSE a.standing_on END AS standing_on
      FROM staged g LEFT JOIN (${LAST_ADJUSTMENT}) a ON a.claim_no = g.claim_no
      LEFT JOIN claim t ON t.consortium = $1 AND t.institution = $2 AND t.settled_on = g.settled_on AND t.claim_no = g.claim_no
        AND ${isClosed('t.period')}
      WHERE a.claim_no IS NOT NULL OR t.claim_no IS NOT NULL),
    judged AS (
      SELECT c.*, coalesce(${isClosed('v.period')}, false) AS is_closed
      FROM concerned c LEFT JOIN claim v ON ${STANDING_ROW('c')})
    SELECT j.claim_no, j.adjustment, j.standing_no, j.standing_on, j.is_closed,
           EXISTS (SELECT FROM staging_${stream} s LEFT JOIN ${table} t ON t.consortium = $1 AND t.institution = $2
                     AND t.settled_on = j.standing_on AND t.claim_no = j.standing_no AND ${rest.join(' AND ')}
                   WHERE s.claim_no = j.claim_no AND (t.claim_no IS NULL OR ${changed}))
    FROM judged j`;
}

/** Claims of rows that the source no longer has; `missing` names a table with their `claim_no`. */
export function findMissing(missing: string): string {
  return `
    INSERT INTO staging_closed
    SELECT k.claim_no, k.adjustment, k.standing_no, k.standing_on, ${isClosed('v.period')}, true
    FROM (
      SELECT DISTINCT ON (m.claim_no) m.claim_no, coalesce(a.adjustment, 0) AS adjustment,
             CASE WHEN a.claim_no IS NULL THEN t.claim_no ELSE a.standing_no END AS standing_no,
             CASE WHEN a.claim_no IS NULL THEN t.settled_on ELSE a.standing_on END AS standing_on
      FROM ${missing} m JOIN claim t ON t.consortium = $1 AND t.institution = $2 AND t.claim_no = m.claim_no
      LEFT JOIN (${LAST_ADJUSTMENT}) a ON a.claim_no = m.claim_no) k
    JOIN claim v ON ${STANDING_ROW('k')}`;
}

/** What moves when a closed claim changes; what its group stands for is no money of the claim. */
const AMOUNTS = CLAIM_CONTENT.filter(
  (column) => column.endsWith('_fen') && column !== 'group_standard_fen',
);
const reversalNo = `k.claim_no || '~' || to_char(k.adjustment + 1, 'FM000') || '-'`;
const bookingNo = `k.claim_no || '~' || to_char(k.adjustment + 1, 'FM000')`;
const bookedIn = (from: string): string => `open_period($1, ${from})`;

/** Where the new content of a claim comes from: the staged row, a copy of what stands, or nowhere. */
export type NewContent = 'staged' | 'copied' | 'none';

/** One record an adjustment: what it changes, fund by fund. Written before anything is changed. */
export function record(content: NewContent): string {
  const joined = content === 'staged' ? 'JOIN staging_claims s ON s.claim_no = k.claim_no' : '';
  const difference = (column: string): string => {
    const stood = `coalesce(v.${column}, 0)`;
    if (content === 'copied') return '0';
    return content === 'none' ? `-${stood}` : `s.${column} - ${stood}`;
  };
  const of = (column: string): string => (content === 'staged' ? `s.${column}` : `v.${column}`);
  const stays = `k.standing_no IS NOT NULL AND NOT k.is_closed`;
  const [standingNo, standingOn] =
    content === 'none'
      ? ['NULL', 'NULL::date']
      : [
          `CASE WHEN ${stays} THEN k.standing_no ELSE ${bookingNo} END`,
          `${of('settled_at')}::date`,
        ];
  const reason =
    content === 'none'
      ? `'deleted'`
      : `CASE WHEN k.standing_no IS NULL THEN 'late' ELSE 'changed' END`;
  return `
    INSERT INTO claim_adjustment (consortium, institution, claim_no, adjustment, reason, settled_on, settled_by, pool, person_id,
      former_period, period, former_version, standing_no, standing_on, batch_id, ${AMOUNTS.join(', ')})
    SELECT $1, $2, k.claim_no, k.adjustment + 1, ${reason}, ${of('settled_at')}::date,
           ${content === 'staged' ? '$4' : 'v.settled_by'}, ${of('pool')}, ${of('person_id')}, coalesce(v.period, ${FORMER}),
           ${periodOf(content)}, coalesce(v.version, 0), ${standingNo}, ${standingOn}, $3::bigint,
           ${AMOUNTS.map(difference).join(', ')}
    FROM staging_closed k ${joined} LEFT JOIN claim v ON ${STANDING_ROW('k')}
    WHERE k.differs AND ${content === 'copied' ? 'k.is_closed' : '(k.is_closed OR k.adjustment > 0)'}`;
}

/** The month of the row that was settled, where nothing stands any more. */
const FORMER = `(SELECT min(t.period) FROM claim t WHERE t.consortium = $1 AND t.institution = $2 AND t.claim_no = k.claim_no)`;

function periodOf(content: NewContent): string {
  const settled = content === 'staged' ? `to_char(s.settled_at, 'YYYY-MM')` : 'v.period';
  return bookedIn(`greatest(${settled}, coalesce(v.period, ${FORMER}))`);
}

const NEGATED: ReadonlySet<string> = new Set(['quantity', 'line_amount_fen', 'line_eligible_fen']);

function lineColumns(of: (column: string) => string = (column) => column): string {
  return LINE_COLUMNS.map(of).join(', ');
}

const LINE_COLUMNS = [
  ...['line_no', 'content_hash', 'batch_id', 'raw_row', 'charged_on', 'charged_time', 'item_code'],
  ...[
    'institution_item_code',
    'item_name',
    'item_kind',
    'quantity',
    'unit_price',
    'line_amount_fen',
  ],
  ...['line_eligible_fen', 'prescription_no', 'department', 'doctor'],
  ...['fee_class', 'days_supply', 'trace_codes'],
];
const CODE_COLUMNS = 'sequence, code, institution_code, is_principal, batch_id, raw_row';
const COPIED = [
  { table: 'claim_line', columns: LINE_COLUMNS.join(', ') },
  { table: 'claim_diagnosis', columns: CODE_COLUMNS },
  { table: 'claim_procedure', columns: `${CODE_COLUMNS}, performed_on` },
] as const;

/** Takes back, with its lines, what stands in a closed month. */
export const REVERSE: readonly string[] = [
  `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, batch_id, adjusts, reverses, adjustment,
     ${CLAIM_CONTENT.join(', ')})
   SELECT $1, v.settled_on, $2, ${reversalNo}, v.settled_by, v.level, ${bookedIn('v.period')}, v.batch_id, k.claim_no, v.claim_no,
     k.adjustment + 1, ${CLAIM_CONTENT.map(reversed).join(', ')}
   FROM staging_closed k JOIN claim v ON ${STANDING_ROW('k')} WHERE k.is_closed AND k.differs`,
  `INSERT INTO claim_line (consortium, settled_on, institution, claim_no, ${lineColumns()})
   SELECT $1, k.standing_on, $2, ${reversalNo}, ${lineColumns((column) => (NEGATED.has(column) ? `-l.${column}` : `l.${column}`))}
   FROM staging_closed k JOIN claim_line l ON l.consortium = $1 AND l.settled_on = k.standing_on AND l.institution = $2
     AND l.claim_no = k.standing_no WHERE k.is_closed AND k.differs`,
];

function reversed(column: string): string {
  if (column === 'refund_of') return 'coalesce(v.refund_of, v.claim_no)';
  return column.endsWith('_fen') ? `-v.${column}` : `v.${column}`;
}

/** Books a claim anew from the staged row, or as a copy of what stands, with everything that hangs on it so far. */
export function bookAnew(content: 'staged' | 'copied'): readonly string[] {
  const staged = content === 'staged';
  const of = staged ? 's' : 'v';
  const day = staged ? 's.settled_at::date' : 'v.settled_on';
  const joined = staged ? 'JOIN staging_claims s ON s.claim_no = k.claim_no' : '';
  const wanted = `k.differs AND (k.is_closed${staged ? ' OR k.standing_no IS NULL' : ''})`;
  return [
    `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, batch_id, adjusts, adjustment,
       ${CLAIM_CONTENT.join(', ')})
     SELECT $1, ${day}, $2, ${bookingNo}, ${staged ? '$4, $5' : 'v.settled_by, v.level'}, ${periodOf(content)},
       ${staged ? '$3::bigint' : 'v.batch_id'}, k.claim_no, k.adjustment + 1, ${CLAIM_CONTENT.map((column) => `${of}.${column}`).join(', ')}
     FROM staging_closed k ${joined} LEFT JOIN claim v ON ${STANDING_ROW('k')} WHERE ${wanted}`,
    ...COPIED.map(
      ({ table, columns }) => `
      INSERT INTO ${table} (consortium, settled_on, institution, claim_no, ${columns})
      SELECT $1, ${staged ? 's.settled_at::date' : 'k.standing_on'}, $2, ${bookingNo}, ${columns.replaceAll(/(\w+)/g, 'l.$1')}
      FROM staging_closed k ${joined} JOIN ${table} l ON l.consortium = $1 AND l.settled_on = k.standing_on AND l.institution = $2
        AND l.claim_no = k.standing_no WHERE k.is_closed AND k.differs`,
    ),
  ];
}

/** Edits a new booking whose own month is still open; what hangs on it follows it to another day. */
export const EDIT_BOOKING: readonly string[] = [
  ...['claim_line', 'claim_diagnosis', 'claim_procedure'].map(
    (table) => `UPDATE ${table} a SET settled_on = s.settled_at::date
      FROM staging_closed k JOIN staging_claims s ON s.claim_no = k.claim_no
      WHERE k.differs AND NOT k.is_closed AND k.standing_on <> s.settled_at::date AND a.consortium = $1 AND a.institution = $2
        AND a.settled_on = k.standing_on AND a.claim_no = k.standing_no`,
  ),
  `UPDATE claim v SET version = v.version + 1, batch_id = $3::bigint, settled_by = $4, level = $5, settled_on = s.settled_at::date,
     period = ${periodOf('staged')}, ${CLAIM_CONTENT.map((column) => `${column} = s.${column}`).join(', ')}
   FROM staging_closed k JOIN staging_claims s ON s.claim_no = k.claim_no
   WHERE k.differs AND NOT k.is_closed AND ${STANDING_ROW('k')}`,
];

/** Staged claims of a closed month, changed or the same as what stands, are dealt with: the merge does not meet them. */
export const TAKE_STAGED_CLAIMS = `DELETE FROM staging_claims s USING staging_closed k WHERE s.claim_no = k.claim_no`;

/** Rows that hang on an adjusted claim go to the row that stands. */
export function redirect(stream: AttachedStream): string {
  return `UPDATE staging_${stream} s SET claim_no = a.standing_no, settled_at = a.standing_on + s.settled_at::time
    FROM staging_closed k JOIN (${LAST_ADJUSTMENT}) a USING (claim_no)
    WHERE s.claim_no = k.claim_no AND a.standing_no IS NOT NULL`;
}

/** Rows of a claim that the source itself has deleted: nothing they could hang on. */
export function refuseOrphans(stream: AttachedStream): string {
  const { amount, keys } = TARGETS[stream];
  return `DELETE FROM staging_${stream} s USING staging_closed k WHERE s.claim_no = k.claim_no AND k.standing_no IS NULL
    RETURNING s.raw_row, ${amount === null ? '0' : `s.${amount}`} AS fen, concat_ws(E'\\x1f', ${keys.map((key) => `s.${key}`).join(', ')}) AS natural_key`;
}
