import type pg from 'pg';
import { fen, toYuan } from '../kernel/money.js';
import type { Observed, ObservedDifference, ObservedFinding } from './truth/compare.js';
import type {
  FigureTruth,
  LandedTruth,
  QuarantineTruth,
  SourceTruth,
  UnmappedTruth,
} from './truth/truth.js';

/** Reads the gateway's books by plain SQL over its tables, for comparison with the truth; nothing of the pipeline is called. */
export async function observe(pool: pg.Pool, consortium: string): Promise<Observed> {
  const read = async <Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> =>
    (await pool.query<Row>(statement, [consortium])).rows;
  const sources = await read<Counted<SourceTruth, 'amount', 'rows'>>(SOURCES);
  const landed = await read<Counted<LandedTruth, 'total' | 'booked', 'claims' | 'lines'>>(LANDED);
  const unmapped = await read<Counted<UnmappedTruth, 'amount', 'lines'>>(UNMAPPED);
  const findings = await read<ObservedFinding>(FINDINGS);
  const differences = await read<ObservedDifference>(DIFFERENCES);
  return {
    sources: sources.map((row) => ({
      ...row,
      rows: Number(row.rows),
      amount: row.amount === null ? null : yuan(row.amount),
    })),
    landed: landed.map((row) => ({
      ...row,
      claims: Number(row.claims),
      lines: Number(row.lines),
      total: yuan(row.total),
      booked: yuan(row.booked),
    })),
    quarantine: await read<QuarantineTruth>(QUARANTINE),
    unmapped: unmapped.map((row) => ({
      ...row,
      lines: Number(row.lines),
      amount: yuan(row.amount),
    })),
    findings: findings.map((row) => ({ ...row, amount: yuan(row.amount) })),
    figures: await read<FigureTruth>(FIGURES),
    differences: differences.map((row) => ({ ...row, amount: yuan(row.amount) })),
  };
}

/** A row whose sums and counts still are PostgreSQL's text. */
type Counted<Row, Sums extends keyof Row, Counts extends keyof Row> = Omit<Row, Sums | Counts> &
  Record<Counts, string> & { readonly [K in Sums]: null extends Row[K] ? string | null : string };

function yuan(fenText: string): string {
  return toYuan(fen(BigInt(fenText)));
}

/** What the sources declared for everything that was read to the end; a file once, however often it was tried. */
const SOURCES = `
  SELECT institution, stream, sum(source_rows) AS rows,
         CASE WHEN stream IN ('claims', 'lines') THEN coalesce(sum(source_fen), 0) END AS amount
    FROM batch_current
   WHERE consortium = $1 AND state IN ('complete', 'empty')
   GROUP BY institution, stream ORDER BY institution, stream`;

const LANDED = `
  WITH lines AS (
    SELECT institution, claim_no, settled_on, count(*) AS lines FROM claim_line
     WHERE consortium = $1 GROUP BY institution, claim_no, settled_on)
  SELECT c.period, c.institution, c.settled_by AS "settledBy", c.pool, c.care_type AS "careType",
         count(*) AS claims, coalesce(sum(l.lines), 0) AS lines, sum(c.total_fee_fen) AS total,
         sum(c.pooled_fund_paid_fen + c.critical_illness_paid_fen + c.large_expense_paid_fen) AS booked
    FROM claim c LEFT JOIN lines l USING (institution, claim_no, settled_on)
   WHERE c.consortium = $1
   GROUP BY c.period, c.institution, c.settled_by, c.pool, c.care_type
   ORDER BY c.period, c.institution, c.pool, c.care_type`;

const QUARANTINE = `
  SELECT institution, stream, rule, count(*)::integer AS rows
    FROM quarantine WHERE consortium = $1 AND state = 'open'
   GROUP BY institution, stream, rule ORDER BY institution, stream, rule`;

/** Lines of claims that are in the books; lines of a quarantined claim wait with it. */
const UNMAPPED = `
  SELECT l.institution, l.institution_item_code AS code, count(*) AS lines, sum(l.line_amount_fen) AS amount
    FROM claim_line l
    JOIN claim c USING (consortium, settled_on, institution, claim_no)
   WHERE l.consortium = $1 AND l.item_code IS NULL
   GROUP BY l.institution, l.institution_item_code ORDER BY l.institution, l.institution_item_code`;

/** Findings that carry money or a question: what only corroborates another is left out. */
const FINDINGS = `
  SELECT f.rule_id AS rule, f.institution, f.claim_no AS "claimNo", f.amount_fen AS amount,
         ARRAY(SELECT l.line_no FROM finding_line l
                WHERE (l.consortium, l.month, l.finding_id) = (f.consortium, f.month, f.finding_id) AND l.role = 'violating'
                ORDER BY l.line_no COLLATE "C") AS lines
    FROM finding f
   WHERE f.consortium = $1 AND f.mode = 'active' AND f.role = 'primary'
   ORDER BY f.rule_id, f.institution, f.claim_no`;

const FIGURES = `
  SELECT f.figure_id AS id, f.value FROM figure f
    JOIN settlement_run r ON r.run_id = f.run_id AND r.current
   WHERE r.consortium = $1 ORDER BY f.figure_id`;

/** Differences between the books and the agency; lateness explains itself. */
const DIFFERENCES = `
  SELECT kind, month, institution AS "settledBy", amount_fen AS amount FROM reconciliation_difference
   WHERE consortium = $1 AND cleared_at IS NULL AND between_sides = 'gateway-agency' AND kind <> 'late'
   ORDER BY month, kind, institution, amount_fen`;
