import type pg from 'pg';
import type { Year } from '../kernel/period.js';

/** What the summary shows, read from the books with plain SQL. Amounts in fen as text. */
export interface YearFacts {
  readonly institutions: readonly InstitutionRow[];
  readonly quarantine: readonly QuarantineRow[];
  readonly batches: readonly BatchRow[];
  readonly findings: readonly FindingRow[];
  /** What the agency pays the lead for each month. */
  readonly payments: readonly FigureRow[];
  readonly yearFigures: readonly FigureRow[];
  readonly differences: readonly DifferenceRow[];
  readonly outbox: readonly OutboxRow[];
  /** Digests of the results, by kind of work. */
  readonly digests: readonly DigestRow[];
}

export interface InstitutionRow {
  readonly institution: string;
  readonly claims: number;
  readonly totalFen: string;
  readonly bookedFen: string;
}
export interface QuarantineRow {
  readonly rule: string;
  readonly rows: number;
  readonly amountFen: string;
  readonly message: string;
  readonly remedy: string;
}
export interface BatchRow {
  readonly institution: string;
  readonly unit: string | null;
  readonly state: string;
  readonly message: string | null;
}
export interface FindingRow {
  readonly rule: string;
  readonly amountFen: string;
}
export interface FigureRow {
  readonly period: string;
  readonly pool: string;
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly figureId: string;
}
export interface DifferenceRow {
  readonly kind: string;
  readonly between: string;
  readonly differences: number;
  readonly amountFen: string;
}
export interface OutboxRow {
  readonly state: string;
  readonly messages: number;
}
export interface DigestRow {
  readonly kind: string;
  readonly key: string;
  readonly digest: string;
}

export async function readYear(pool: pg.Pool, consortium: string, year: Year): Promise<YearFacts> {
  const read = async <Row extends pg.QueryResultRow>(
    statement: string,
    ...more: readonly string[]
  ): Promise<Row[]> => (await pool.query<Row>(statement, [consortium, ...more])).rows;
  return {
    institutions: await read<InstitutionRow>(INSTITUTIONS),
    quarantine: await read<QuarantineRow>(QUARANTINE),
    batches: await read<BatchRow>(BATCHES),
    findings: await read<FindingRow>(FINDINGS),
    payments: await read<FigureRow>(PAYMENTS),
    yearFigures: await read<FigureRow>(YEAR_FIGURES),
    differences: await read<DifferenceRow>(DIFFERENCES),
    outbox: await read<OutboxRow>(OUTBOX),
    digests: await read<DigestRow>(DIGESTS, `${year}-12-31`),
  };
}

const INSTITUTIONS = `
  SELECT institution, count(*)::integer AS claims, sum(total_fee_fen) AS "totalFen",
         sum(pooled_fund_paid_fen + critical_illness_paid_fen + large_expense_paid_fen) AS "bookedFen"
    FROM claim WHERE consortium = $1 GROUP BY institution ORDER BY institution`;

const QUARANTINE = `
  SELECT rule, count(*)::integer AS rows, sum(amount_fen) AS "amountFen", min(message) AS message, min(remedy) AS remedy
    FROM quarantine WHERE consortium = $1 AND state = 'open' GROUP BY rule ORDER BY rule`;

/** Files and windows that did not simply agree with their source at once: how often they were tried, and where they stand now. */
const BATCHES = `
  WITH latest AS (
    SELECT DISTINCT ON (institution, stream, unit, window_from) institution, unit, stream, state, message,
           count(*) OVER (PARTITION BY institution, unit, stream, window_from) AS tries
      FROM batch WHERE consortium = $1
     ORDER BY institution, stream, unit, window_from, batch_id DESC)
  SELECT DISTINCT ON (l.institution, l.unit) l.institution, l.unit, l.state, coalesce(l.message, b.message) AS message
    FROM latest l
    JOIN batch b ON b.consortium = $1 AND b.institution = l.institution AND b.unit IS NOT DISTINCT FROM l.unit
     AND b.stream = l.stream AND b.state IN ('incomplete', 'rejected', 'duplicate')
   ORDER BY l.institution, l.unit, (l.state = 'complete'), b.batch_id DESC`;

const FINDINGS = `
  SELECT rule_id AS rule, sum(amount_fen) AS "amountFen"
    FROM finding WHERE consortium = $1 AND mode = 'active' GROUP BY rule_id ORDER BY rule_id`;

const FIGURES = `
  SELECT r.period, f.pool, f.key, f.label, f.value, f.unit, f.figure_id AS "figureId"
    FROM figure f JOIN settlement_run r ON r.run_id = f.run_id AND r.current AND r.consortium = $1`;

const PAYMENTS = `
  ${FIGURES} WHERE r.kind = 'month' AND f.key IN ('prepayment', 'settlement') ORDER BY r.period, f.pool`;

const YEAR_FIGURES = `
  ${FIGURES} WHERE r.kind = 'year' AND f.key NOT LIKE 'member.%' ORDER BY r.period, f.position`;

const DIFFERENCES = `
  SELECT kind, between_sides AS "between", count(*)::integer AS differences, sum(amount_fen) AS "amountFen"
    FROM reconciliation_difference WHERE consortium = $1 AND cleared_at IS NULL
   GROUP BY kind, between_sides ORDER BY kind`;

const OUTBOX = `
  SELECT state, count(*)::integer AS messages FROM outbox_message WHERE consortium = $1 GROUP BY state ORDER BY state`;

/** Of a year's end: audits of whole months, and declarations and comparisons after the last late file. */
const DIGESTS = `
  SELECT i.kind, i.business_key AS key, i.result ->> 'digest' AS digest
    FROM work_item i JOIN work_run r ON r.id = i.run_id
   WHERE i.consortium = $1 AND i.state = 'done' AND i.result ->> 'digest' IS NOT NULL
     AND (i.kind IN ('settle-month', 'settle-year')
      OR i.kind = 'audit' AND (r.kind = 'backfill' OR r.subject = $2)
      OR i.kind IN ('declare', 'reconcile') AND r.kind = 'year')
   ORDER BY i.kind, i.business_key`;
