import type pg from 'pg';
import { maskIdentifier } from '../kernel/mask.js';
import { fen, toYuan } from '../kernel/money.js';
import { policyAt } from '../policy/resolve.js';
import { policyDay } from './compute.js';
import { UnknownFigureError } from './errors.js';
import type { ClaimSelector } from './figure.js';
import { type RawRow, type RawRowRequest, readRawRows } from './raw-row.repository.js';
import type { FigureReport } from './result.js';
import { monthsOfRun, type RunKind } from './run-key.js';
import { scopeTable } from './scope-table.js';
import { bookedExpression, OF_PERIODS, SCOPED_CLAIMS, scopeValues } from './scoped-claims.js';
import type { SitePolicy } from './site-policy.loader.js';

export interface ExplainRequest {
  readonly consortium: string;
  readonly figureId: string;
  /** Contributing claims to show, largest amount first. */
  readonly limit?: number;
  readonly offset?: number;
}

/** A claim behind a figure, down to where it came from. */
export interface ContributingClaim {
  readonly institution: string;
  readonly settledBy: string;
  readonly claimNo: string;
  readonly refundOf: string | null;
  readonly settledOn: string;
  readonly period: string;
  readonly careType: string;
  readonly bucket: string;
  /** Masked. */
  readonly person: string;
  readonly booked: string;
  readonly batchId: string;
  readonly rawRow: number;
  /** The raw row by column as the source gave it, the person's number masked; null when the raw batch is not kept. */
  readonly raw: RawRow | null;
  /** DIP group and points of the case; absent outside the year's inpatient figures. */
  readonly dipGroup?: string | null;
  readonly dipPoints?: string | null;
}

export interface Explanation {
  readonly figure: FigureReport;
  readonly run: {
    readonly version: number;
    readonly closed: boolean;
    readonly resultDigest: string;
  };
  /** Null when no claims stand behind the figure by themselves (a ratio, a decided amount). */
  readonly claims: {
    readonly total: number;
    readonly booked: string;
    readonly rows: readonly ContributingClaim[];
  } | null;
  readonly deductions: readonly {
    readonly deductionId: string;
    readonly institution: string;
    readonly amount: string;
  }[];
}

const DEFAULT_LIMIT = 10;

/** @throws UnknownFigureError */
export async function explainFigure(
  pool: pg.Pool,
  site: SitePolicy,
  request: ExplainRequest,
): Promise<Explanation> {
  const found = await readFigure(pool, request);
  const selector = await selectorOf(pool, found.runId, found.figure);
  return {
    figure: found.figure,
    run: { version: found.version, closed: found.closed, resultDigest: found.resultDigest },
    claims: selector === null ? null : await readClaims(pool, site, { request, found, selector }),
    deductions: found.figure.id.endsWith('.audit-deductions') ? await readTaken(pool, found) : [],
  };
}

interface FoundFigure {
  readonly runId: string;
  readonly kind: RunKind;
  readonly period: string;
  readonly version: number;
  readonly closed: boolean;
  readonly resultDigest: string;
  readonly pool: string;
  readonly figure: FigureReport;
}

async function readFigure(
  pool: pg.Pool,
  { consortium, figureId }: ExplainRequest,
): Promise<FoundFigure> {
  const { rows } = await pool.query<FoundFigure>(
    `SELECT r.run_id AS "runId", r.kind, r.period, r.version, r.closed_at IS NOT NULL AS closed,
       r.result_digest AS "resultDigest", f.pool, f.content AS figure
     FROM figure f JOIN settlement_run r USING (run_id)
     WHERE r.consortium = $1 AND f.figure_id = $2 AND r.current`,
    [consortium, figureId],
  );
  const [row] = rows;
  if (row === undefined)
    throw new UnknownFigureError(`没有编号为 ${figureId} 的结算数字`, { figureId });
  return row;
}

/** The figure's own claims, or those of the figures it was computed from. */
async function selectorOf(
  pool: pg.Pool,
  runId: string,
  figure: FigureReport,
): Promise<ClaimSelector | null> {
  if (figure.claims !== undefined) return figure.claims;
  const seen = new Set<string>([figure.id]);
  const buckets = new Set<string>();
  let ids = inputIds(figure);
  while (ids.length > 0) {
    const { rows } = await pool.query<{ figure: FigureReport }>(
      'SELECT content AS figure FROM figure WHERE run_id = $1 AND figure_id = ANY($2::text[])',
      [runId, ids],
    );
    for (const id of ids) seen.add(id);
    for (const { figure: below } of rows)
      for (const each of below.claims?.buckets ?? []) buckets.add(each);
    ids = rows
      .filter(({ figure: below }) => below.claims === undefined)
      .flatMap(({ figure: below }) => inputIds(below))
      .filter((id) => !seen.has(id));
  }
  return buckets.size === 0 ? null : { buckets: [...buckets] };
}

function inputIds(figure: FigureReport): readonly string[] {
  return figure.inputs.flatMap((input) => (input.figure === undefined ? [] : [input.figure]));
}

interface ClaimsRequest {
  readonly request: ExplainRequest;
  readonly found: FoundFigure;
  readonly selector: ClaimSelector;
}

interface ClaimRow extends Omit<ContributingClaim, 'booked' | 'raw' | 'person'> {
  readonly person_id: string;
  readonly booked_fen: string;
  readonly total: string;
  readonly total_fen: string;
}

async function readClaims(
  pool: pg.Pool,
  { chain, overlays }: SitePolicy,
  { request, found, selector }: ClaimsRequest,
): Promise<Explanation['claims']> {
  const months = monthsOfRun(found);
  const funds = policyAt(chain, policyDay(found.period), overlays).list('scope.funds');
  const question = {
    consortium: request.consortium,
    months,
    scope: scopeTable(chain, overlays),
    funds,
  };
  const { rows } = await pool.query<ClaimRow>(claimsQuery(funds), [
    ...scopeValues(question),
    ...[found.pool, selector.buckets, selector.institution ?? null, found.runId],
    ...[request.limit ?? DEFAULT_LIMIT, request.offset ?? 0],
  ]);
  const raw = await readRawRows(
    pool,
    rows.map(({ batchId, rawRow }): RawRowRequest => ({ batchId, rawRow })),
  );
  return {
    total: Number(rows[0]?.total ?? 0),
    booked: toYuan(fen(BigInt(rows[0]?.total_fen ?? 0))),
    rows: rows.map(({ person_id, booked_fen, total: _, total_fen: __, ...claim }, index) => ({
      ...claim,
      person: maskIdentifier(person_id),
      booked: toYuan(fen(BigInt(booked_fen))),
      raw: masked(raw[index] ?? null, person_id),
    })),
  };
}

/** Hides the insured-person number wherever the source wrote it. */
function masked(raw: RawRow | null, personId: string): RawRow | null {
  if (raw === null) return null;
  const cells = Object.entries(raw).map(([column, cell]) => {
    return [column, cell === personId ? maskIdentifier(personId) : cell] as const;
  });
  return Object.fromEntries(cells);
}

function claimsQuery(funds: readonly string[]): string {
  const booked = bookedExpression(funds);
  return `
    SELECT c.institution, c.settled_by AS "settledBy", c.claim_no AS "claimNo", c.refund_of AS "refundOf",
      c.settled_on AS "settledOn", c.period, c.care_type AS "careType", s.bucket, c.person_id,
      ${booked} AS booked_fen, c.batch_id AS "batchId", c.raw_row AS "rawRow",
      d.group_code AS "dipGroup", trim_scale(d.points)::text AS "dipPoints",
      count(*) OVER () AS total, sum(${booked}) OVER () AS total_fen
    FROM ${SCOPED_CLAIMS}
    LEFT JOIN dip_case d ON d.run_id = $13 AND d.institution = c.institution AND d.case_no = c.claim_no AND d.pool = c.pool
    WHERE ${OF_PERIODS} AND c.pool = $10 AND s.bucket = ANY($11::text[])
      AND ($12::text IS NULL OR c.settled_by = $12)
    ORDER BY abs(${booked}) DESC, c.institution COLLATE "C", c.claim_no COLLATE "C"
    LIMIT $14 OFFSET $15`;
}

async function readTaken(
  pool: pg.Pool,
  { runId, pool: of }: FoundFigure,
): Promise<Explanation['deductions']> {
  const { rows } = await pool.query<{ deductionId: string; institution: string; amount: string }>(
    `SELECT deduction_id AS "deductionId", settled_by AS institution, amount_fen AS amount
     FROM deduction_taken WHERE run_id = $1 AND pool = $2 ORDER BY amount_fen DESC, deduction_id COLLATE "C"`,
    [runId, of],
  );
  return rows.map((row) => ({ ...row, amount: toYuan(fen(BigInt(row.amount))) }));
}
