import pg from 'pg';
import { INSTITUTION_LEVELS, type InstitutionLevel, type Pool } from '../claims/claim.js';
import { copyLines } from '../database/copy.client.js';
import type { DipCase } from '../grouping/dip/score-case.js';
import { type Fen, fen } from '../kernel/money.js';
import {
  bookedExpression,
  type ClaimQuestion,
  OF_PERIODS,
  SCOPED_CLAIMS,
  scopeValues,
} from './scoped-claims.js';

/** An inpatient case of the books: the stay's claim net of its refunds. */
export interface BookedCase extends DipCase {
  readonly booked: Fen;
  /** Place of treatment, case number, pool, settlement unit, cost, booked: as COPY wrote them, to be written on as they are. */
  readonly copied: string;
}

/** A refund, a reversal and a new booking belong to the case of the claim they concern. */
const CASE_NO = `CASE WHEN c.refund_of = c.reverses THEN c.adjusts ELSE coalesce(c.refund_of, c.adjusts, c.claim_no) END`;
/** The claim as it was booked anew after its month was closed: its diagnoses and operations are those that stand. */
const BOOKED_ANEW = 'c.adjusts IS NOT NULL AND c.reverses IS NULL AND c.refund_of IS NULL';
/** No code holds a control character. */
const SEPARATOR = '\u001f';

/** Cases of the periods in any order, in batches as they come from the wire. The client is busy until the last. */
export async function* readCases(
  client: pg.ClientBase,
  question: ClaimQuestion,
): AsyncGenerator<readonly BookedCase[]> {
  const query = withValues(caseQuery(question.funds), scopeValues(question));
  for await (const lines of copyLines(client, query, new AbortController().signal))
    yield lines.map(toCase);
}

/** Everything is joined as sets: a look-up for each case would take longer than all the rest. */
function caseQuery(funds: readonly string[]): string {
  return `
    SELECT k.institution, k.case_no, k.pool, k.settled_by, k.cost, k.booked, k.level, d.code, p.operations
    FROM (
      SELECT c.institution, ${CASE_NO} AS case_no, c.pool,
        coalesce(max(ARRAY[c.claim_no, c.settled_on::text]) FILTER (WHERE ${BOOKED_ANEW}),
          ARRAY[${CASE_NO}, min(c.settled_on)::text]) AS stands,
        min(c.settled_by) AS settled_by, min(c.level) AS level,
        sum(c.total_fee_fen) AS cost, sum(${bookedExpression(funds)}) AS booked
      FROM ${SCOPED_CLAIMS}
      WHERE ${OF_PERIODS} AND s.bucket = 'inpatient'
      GROUP BY c.institution, ${CASE_NO}, c.pool
      HAVING sum(c.total_fee_fen) > 0
    ) k
    LEFT JOIN (
      SELECT DISTINCT ON (settled_on, institution, claim_no) settled_on, institution, claim_no, code
      FROM claim_diagnosis WHERE consortium = $1 AND is_principal AND settled_on >= (${FIRST_DAY})
      ORDER BY settled_on, institution, claim_no, sequence
    ) d ON d.settled_on = k.stands[2]::date AND d.institution = k.institution AND d.claim_no = k.stands[1]
    LEFT JOIN (
      SELECT settled_on, institution, claim_no, string_agg(code, '${SEPARATOR}' ORDER BY sequence) AS operations
      FROM claim_procedure WHERE consortium = $1 AND settled_on >= (${FIRST_DAY})
      GROUP BY settled_on, institution, claim_no
    ) p ON p.settled_on = k.stands[2]::date AND p.institution = k.institution AND p.claim_no = k.stands[1]`;
}

/** The oldest day that a claim of the periods was settled on. */
const FIRST_DAY = `SELECT min(c.settled_on) FROM claim c WHERE ${OF_PERIODS}`;

const COPIED_CELLS = 6;

function toCase(line: string): BookedCase {
  const cells = line.split('\t');
  const [, , pool, institution, cost = '0', booked = '0', level = '', diagnosis, operations] =
    cells;
  return {
    institution: plain(institution) ?? '',
    level: levelOf(level),
    pool: pool as Pool,
    principalDiagnosis: plain(diagnosis),
    operations: plain(operations)?.split(SEPARATOR) ?? [],
    cost: fen(BigInt(cost)),
    booked: fen(BigInt(booked)),
    copied: cells.slice(0, COPIED_CELLS).join('\t'),
  };
}

/** A cell of COPY's text format; codes hold no control characters, so a backslash is all there is to undo. */
function plain(cell: string | undefined): string | null {
  if (cell === undefined || cell === '\\N') return null;
  return cell.includes('\\') ? cell.replaceAll('\\\\', '\\') : cell;
}

function levelOf(text: string): InstitutionLevel {
  const level = INSTITUTION_LEVELS.find((each) => each === text);
  if (level === undefined) throw new RangeError(`not a level of an institution: ${text}`);
  return level;
}

/** COPY takes no parameters: values as quoted literals, arrays as PostgreSQL writes them. */
function withValues(query: string, values: readonly unknown[]): string {
  return query.replace(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1]));
}

function literal(value: unknown): string {
  if (!Array.isArray(value)) return pg.escapeLiteral(String(value));
  const items = value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`);
  return pg.escapeLiteral(`{${items.join(',')}}`);
}
