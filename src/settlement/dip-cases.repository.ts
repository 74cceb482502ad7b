import type pg from 'pg';
import { INSTITUTION_LEVELS, type InstitutionLevel, type Pool } from '../claims/claim.js';
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
  readonly performedAt: string;
  readonly caseNo: string;
  readonly booked: Fen;
}

interface Row {
  readonly institution: string;
  readonly case_no: string;
  readonly pool: Pool;
  readonly settled_by: string;
  readonly level: string;
  readonly cost: string;
  readonly booked: string;
  readonly diagnosis: string | null;
  readonly operations: readonly string[] | null;
}

const FETCH_ROWS = 2_000;

/** A refund, a reversal and a new booking belong to the case of the claim they concern. */
const CASE_NO = `CASE WHEN c.refund_of = c.reverses THEN c.adjusts ELSE coalesce(c.refund_of, c.adjusts, c.claim_no) END`;
/** The claim as it was booked anew after its month was closed: its diagnoses and operations are those that stand. */
const BOOKED_ANEW = 'c.adjusts IS NOT NULL AND c.reverses IS NULL AND c.refund_of IS NULL';

/** Cases of the periods in key order, fetched by a cursor so that memory stays flat. Needs an open transaction. */
export async function* readCases(
  client: pg.ClientBase,
  question: ClaimQuestion,
): AsyncGenerator<readonly BookedCase[]> {
  await client.query(
    `DECLARE dip_cases NO SCROLL CURSOR FOR ${caseQuery(question.funds)}`,
    scopeValues(question),
  );
  try {
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${FETCH_ROWS} FROM dip_cases`);
      if (rows.length === 0) return;
      yield rows.map(toCase);
    }
  } finally {
    await client.query('CLOSE dip_cases');
  }
}

function caseQuery(funds: readonly string[]): string {
  return `
    SELECT k.*, d.code AS diagnosis, p.operations
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
    LEFT JOIN LATERAL (
      SELECT code FROM claim_diagnosis d
      WHERE d.consortium = $1 AND d.settled_on = k.stands[2]::date AND d.institution = k.institution
        AND d.claim_no = k.stands[1] AND d.is_principal
      ORDER BY d.sequence LIMIT 1
    ) d ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(code ORDER BY sequence) AS operations FROM claim_procedure p
      WHERE p.consortium = $1 AND p.settled_on = k.stands[2]::date AND p.institution = k.institution
        AND p.claim_no = k.stands[1]
    ) p ON true
    ORDER BY k.institution COLLATE "C", k.case_no COLLATE "C", k.pool`;
}

function toCase(row: Row): BookedCase {
  return {
    performedAt: row.institution,
    caseNo: row.case_no,
    institution: row.settled_by,
    level: levelOf(row.level),
    pool: row.pool,
    principalDiagnosis: row.diagnosis,
    operations: row.operations ?? [],
    cost: fen(BigInt(row.cost)),
    booked: fen(BigInt(row.booked)),
  };
}

function levelOf(text: string): InstitutionLevel {
  const level = INSTITUTION_LEVELS.find((each) => each === text);
  if (level === undefined) throw new RangeError(`not a level of an institution: ${text}`);
  return level;
}
