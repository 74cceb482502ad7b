import type pg from 'pg';
import { firstDayRead, lastMonth } from '../claim-history.repository.js';
import type { CompiledAudit } from '../compile.js';
import type { Coverage } from '../coverage.js';
import type { PassRequest } from '../pass/person-pass.repository.js';
import * as queries from './index.js';
import type { SuspectQuery, Suspicion } from './suspicion.js';

const QUERIES: Readonly<Record<string, SuspectQuery>> = queries;

/**
 * Asks the books, for every rule of trigger `claims`, who of a bucket may have something.
 *
 * @returns person ids; null when some rule cannot narrow them down
 */
export async function askBooks(
  client: pg.PoolClient,
  audit: CompiledAudit,
  request: PassRequest,
): Promise<ReadonlySet<string> | null> {
  const suspects = new Set<string>();
  const asked = new Set<string>();
  for (const position of audit.onClaims) {
    const suspicion = audit.rules[position]?.bound.suspects ?? null;
    if (suspicion === null) return null;
    const { text, values } = questionOf(request, suspicion.query, suspicion.values);
    const key = JSON.stringify([text, values]);
    if (asked.has(key)) continue;
    asked.add(key);
    const { rows } = await client.query<{ person_id: string }>(
      `SELECT DISTINCT person_id FROM (${text}) q WHERE ${inBucket(request)}`,
      values,
    );
    for (const { person_id } of rows) suspects.add(person_id);
  }
  return suspects;
}

/** Counts what cannot be judged of persons other than those who are looked at with all the facts: of these it is counted there. */
export async function countUnjudged(
  client: pg.PoolClient,
  audit: CompiledAudit,
  request: PassRequest & { readonly persons: readonly string[] },
  coverage: Coverage,
): Promise<void> {
  const known = new Map<string, readonly CountedRow[]>();
  for (const position of audit.onClaims) {
    const { rule, bound } = audit.rules[position] ?? {};
    if (rule === undefined || !bound?.suspects?.unjudged) continue;
    const { values, unjudged } = bound.suspects;
    const { text, values: given } = questionOf(request, unjudged.query, values);
    const key = JSON.stringify([text, given]);
    const rows = known.get(key) ?? (await countRows(client, { text, given }, request));
    known.set(key, rows);
    for (const { period, institution, times } of rows)
      coverage.notApplicable(rule.id, unjudged.reason, { period, institution }, Number(times));
  }
}

interface CountedRow {
  readonly period: string;
  readonly institution: string;
  readonly times: string;
}

async function countRows(
  client: pg.PoolClient,
  { text, given }: { readonly text: string; readonly given: readonly unknown[] },
  request: PassRequest & { readonly persons: readonly string[] },
): Promise<readonly CountedRow[]> {
  const { rows } = await client.query<CountedRow>(
    `SELECT period, institution, count(*) AS times FROM (${text}) q
      WHERE ${inBucket(request)} AND period = ANY($${given.length + 1})
        AND NOT EXISTS (SELECT 1 FROM unnest($${given.length + 2}::text[]) AS p(person_id) WHERE p.person_id = q.person_id)
      GROUP BY period, institution`,
    [...given, request.months, request.persons],
  );
  return rows;
}

function questionOf(request: PassRequest, name: string, values: Suspicion['values']) {
  const query = QUERIES[name];
  if (query === undefined) throw new Error(`no query of the books is called ${name}`);
  const { text, values: own } = query(values);
  return {
    text,
    values: [request.consortium, firstDayRead(request), lastMonth(request), ...own],
  };
}

function inBucket({ whose: { bucket, buckets } }: PassRequest): string {
  return `mod(abs(hashtext(person_id)::bigint), ${buckets}) = ${bucket}`;
}
