import pg from 'pg';
import { copyChunks } from '../database/copy.client.js';
import type { LoadedPackage } from '../grouping/dip/rule-package.loader.js';
import type { CaseScore } from '../grouping/dip/score-case.js';
import { scaledText } from '../kernel/scaled.js';
import { readCases } from './dip-cases.repository.js';
import type { CaseValuer } from './drg-scorer.js';
import { CrossCheckError } from './errors.js';
import { CaseTotals } from './score-cases.js';

/** Scores the cases of a period on a connection of their own, adding them up as they come. Memory stays flat. */
export async function totalCases(
  reader: pg.ClientBase,
  { query, dip }: CaseSource,
): Promise<CaseTotals> {
  const totals = new CaseTotals(dip);
  for await (const cases of readCases(reader, query)) for (const each of cases) totals.add(each);
  return totals;
}

/** The same, and stores each case with its points under the run, while the rest is still being read. */
export async function storeCases(
  client: pg.ClientBase,
  reader: pg.ClientBase,
  { runId, query, dip }: CaseSource & { readonly runId: string },
): Promise<CaseTotals> {
  const totals = new CaseTotals(dip);
  await copyChunks(client, TARGET, scoredRows(reader, query, { totals, runId }));
  await crossCheckCases(client, runId, totals);
  return totals;
}

/** Which cases, and how they are valued. */
export interface CaseSource {
  /** See `readCases`. */
  readonly query: string;
  readonly dip: LoadedPackage | CaseValuer;
}

const TARGET =
  'dip_case (run_id, institution, case_no, pool, settled_by, cost_fen, booked_fen, group_code, points, review)';

async function* scoredRows(
  reader: pg.ClientBase,
  query: string,
  { totals, runId }: { readonly totals: CaseTotals; readonly runId: string },
): AsyncGenerator<string> {
  for await (const cases of readCases(reader, query)) {
    let chunk = '';
    for (const each of cases)
      chunk += `${runId}\t${each.copied}\t${scoreCells(totals.add(each), totals.places)}\n`;
    yield chunk;
  }
}

function scoreCells({ group, points, review }: CaseScore, places: number): string {
  const code = group === null ? '\\N' : group.replaceAll('\\', '\\\\');
  const value = points === null ? '\\N' : scaledText(points, places);
  return `${code}\t${value}\t${review ? 't' : 'f'}`;
}

/**
 * Adds up the stored cases again in PostgreSQL's numeric and compares with what the figures are computed from.
 *
 * @throws CrossCheckError
 */
async function crossCheckCases(
  client: pg.ClientBase,
  runId: string,
  { units, places }: CaseTotals,
): Promise<void> {
  const { rows } = await client.query<{ unit: string; cases: string; points: string; fen: string }>(
    `SELECT pool || ' ' || settled_by AS unit, count(*) AS cases,
       trunc(coalesce(sum(points), 0) * 10::numeric ^ $2::int)::text AS points,
       coalesce(sum(booked_fen) FILTER (WHERE points IS NULL), 0)::text AS fen
     FROM dip_case WHERE run_id = $1 GROUP BY pool, settled_by`,
    [runId, places],
  );
  const found = new Set(rows.map((row) => [row.unit, row.cases, row.points, row.fen].join(' ')));
  const wrong = [...units].find(
    ([unit, { cases, points, paidAtActualFen }]) =>
      !found.has([unit, cases, points, paidAtActualFen].join(' ')),
  );
  if (wrong === undefined && found.size === units.size) return;
  throw new CrossCheckError(
    `病例分值核对不符：计算 ${units.size} 个结算单元，数据库汇总 ${found.size} 个${wrong === undefined ? '' : `；不符者：${wrong[0]}`}`,
  );
}

/** A connection beside the pool's, reading what the given transaction sees. The caller ends it. */
export async function openReader(client: pg.ClientBase, pool: pg.Pool): Promise<pg.Client> {
  const { rows } = await client.query<{ snapshot: string }>(
    'SELECT pg_export_snapshot() AS snapshot',
  );
  const reader = new pg.Client(pool.options);
  await reader.connect();
  try {
    await reader.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(rows[0]?.snapshot ?? '')}`,
    );
    return reader;
  } catch (error) {
    await reader.end();
    throw error;
  }
}
