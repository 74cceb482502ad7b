import pg from 'pg';
import { INSTITUTION_LEVELS, type InstitutionLevel, type Pool } from '../claims/claim.js';
import { copyLines } from '../database/copy.client.js';
import type { DipCase } from '../grouping/dip/score-case.js';
import type { CasePatient } from '../grouping/dip/supplement.js';
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
export const CASE_NO = `CASE WHEN c.refund_of = c.reverses THEN c.adjusts ELSE coalesce(c.refund_of, c.adjusts, c.claim_no) END`;
/** The claim as it was booked anew after its month was closed: its diagnoses and operations are those that stand. */
const BOOKED_ANEW = 'c.adjusts IS NOT NULL AND c.reverses IS NULL AND c.refund_of IS NULL';
/** The claim of the case whose codes stand, and its day. */
const STANDS = 'coalesce(k.anew[1], k.case_no)';
const STANDS_ON = 'coalesce(k.anew[2]::date, k.settled_on)';
/** No code holds a control character. */
const SEPARATOR = '\u001f';

/** Cases that a query gives, in any order, in batches as they come from the wire. The client is busy until the last. */
export async function* readCases(
  client: pg.ClientBase,
  query: string,
): AsyncGenerator<readonly BookedCase[]> {
  for await (const lines of copyLines(client, query, new AbortController().signal))
    yield lines.map(toCase);
}

/**
 * The cases of the periods, in the columns that `readCases` reads.
 *
 * @param withPatient  also what supplementary factors look at: one column more
 */
export function casesOfBooks(question: ClaimQuestion, withPatient = false): string {
  return withValues(caseQuery(question.funds, withPatient), scopeValues(question));
}

/**
 * Everything is joined as sets: a look-up for each case would take longer than all the rest. For the same reason codes are read from end to
 * end and sorted afterwards (`ASIDE`): read in the order of their key, each row is another page, and pages are read again and again as soon
 * as a year's codes are larger than the server's buffers.
 */
function caseQuery(funds: readonly string[], withPatient: boolean): string {
  return `
    SELECT k.institution, k.case_no, k.pool, k.settled_by, k.cost, k.booked, k.level, d.code, p.operations${withPatient ? `, ${PATIENT}` : ''}
    FROM (
      SELECT c.institution, ${CASE_NO} AS case_no, c.pool,
        max(ARRAY[c.claim_no, c.settled_on::text]) FILTER (WHERE ${BOOKED_ANEW}) AS anew,
        min(c.settled_on) AS settled_on, min(c.settled_by) AS settled_by, min(c.level) AS level,
        ${withPatient ? STAY : ''}
        sum(c.total_fee_fen) AS cost, sum(${bookedExpression(funds)}) AS booked
      FROM ${SCOPED_CLAIMS}
      WHERE ${OF_PERIODS} AND s.bucket = 'inpatient'
      GROUP BY c.institution, ${CASE_NO}, c.pool
      HAVING sum(c.total_fee_fen) > 0
    ) k
    LEFT JOIN (
      SELECT DISTINCT ON (settled_on, institution, claim_no) settled_on, institution, claim_no, code
      FROM (SELECT * FROM claim_diagnosis WHERE consortium = $1 AND is_principal AND settled_on >= (${FIRST_DAY}) ${ASIDE}) principal
      ORDER BY settled_on, institution, claim_no, sequence
    ) d ON d.settled_on = ${STANDS_ON} AND d.institution = k.institution AND d.claim_no = ${STANDS}
    LEFT JOIN (
      SELECT settled_on, institution, claim_no, string_agg(code, '${SEPARATOR}' ORDER BY sequence) AS operations
      FROM (SELECT * FROM claim_procedure WHERE consortium = $1 AND settled_on >= (${FIRST_DAY}) ${ASIDE}) operation
      GROUP BY settled_on, institution, claim_no
    ) p ON p.settled_on = ${STANDS_ON} AND p.institution = k.institution AND p.claim_no = ${STANDS}${withPatient ? OTHERS : ''}`;
}

/** The oldest day that a claim of the periods was settled on. */
const FIRST_DAY = `SELECT min(c.settled_on) FROM claim c WHERE ${OF_PERIODS}`;

/** Ends a selection that is planned by itself, whatever order is wanted of it. */
const ASIDE = 'OFFSET 0';

/** Of the claims of a case, the one with a stay says what patient and stay there were. */
const STAY = `min(c.sex) AS sex, min(c.birth_date) AS born, min(left(c.admitted_at, 10)) AS admitted,
        max(left(c.discharged_at, 10)) AS discharged, min(c.discharge_mode) AS mode,`;
const PATIENT = `concat_ws('${SEPARATOR}', k.sex, coalesce(k.born::text, ''), coalesce(k.admitted, ''), coalesce(k.discharged, ''),
      coalesce(k.mode, ''), o.others) AS patient`;
const OTHERS = `
    LEFT JOIN (
      SELECT settled_on, institution, claim_no, string_agg(code, '${SEPARATOR}' ORDER BY sequence) AS others
      FROM (SELECT * FROM claim_diagnosis WHERE consortium = $1 AND NOT is_principal AND settled_on >= (${FIRST_DAY}) ${ASIDE}) other
      GROUP BY settled_on, institution, claim_no
    ) o ON o.settled_on = ${STANDS_ON} AND o.institution = k.institution AND o.claim_no = ${STANDS}`;

function toCase(line: string): BookedCase {
  const pool = line.indexOf('\t', line.indexOf('\t') + 1) + 1;
  const unit = line.indexOf('\t', pool) + 1;
  const cost = line.indexOf('\t', unit) + 1;
  const booked = line.indexOf('\t', cost) + 1;
  const level = line.indexOf('\t', booked) + 1;
  const diagnosis = line.indexOf('\t', level) + 1;
  const operations = line.indexOf('\t', diagnosis) + 1;
  const patient = line.indexOf('\t', operations) + 1;
  return {
    institution: plain(line.slice(unit, cost - 1)) ?? '',
    level: levelOf(line.slice(level, diagnosis - 1)),
    pool: line.slice(pool, unit - 1) as Pool,
    principalDiagnosis: plain(line.slice(diagnosis, operations - 1)),
    operations:
      plain(line.slice(operations, patient === 0 ? undefined : patient - 1))?.split(SEPARATOR) ??
      NONE,
    cost: fen(BigInt(line.slice(cost, booked - 1))),
    booked: fen(BigInt(line.slice(booked, level - 1))),
    copied: line.slice(0, level - 1),
    ...(patient === 0 ? {} : { patient: toPatient(plain(line.slice(patient)) ?? '') }),
  };
}

function toPatient(cell: string): CasePatient {
  const [sex = '', born = '', admitted = '', discharged = '', mode = '', ...otherDiagnoses] =
    cell.split(SEPARATOR);
  const orNull = (text: string) => (text === '' ? null : text);
  return {
    sex: orNull(sex),
    birthDate: orNull(born),
    admitted: orNull(admitted),
    discharged: orNull(discharged),
    dischargeMode: orNull(mode),
    otherDiagnoses,
  };
}

const NONE: readonly string[] = [];

/** A cell of COPY's text format; codes hold no control characters, so a backslash is all there is to undo. */
function plain(cell: string): string | null {
  if (!cell.includes('\\')) return cell;
  return cell === '\\N' ? null : cell.replaceAll('\\\\', '\\');
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
