import type pg from 'pg';
import type { IsoDate } from '../../kernel/dates.js';
import { firstDayRead, lastMonth } from '../claim-history.repository.js';
import type { CompiledAudit } from '../compile.js';
import type { Coverage } from '../coverage.js';
import type { PassRequest } from '../pass/person-pass.repository.js';
import * as queries from './index.js';
import type { SuspectQuery, Suspicion } from './suspicion.js';

const QUERIES: Readonly<Record<string, SuspectQuery>> = queries;

/**
 * Asks the books, for every rule of trigger `claims` that the pass does not watch for, who of a bucket may have something.
 *
 * @returns person ids; null when some rule cannot narrow them down
 */
export async function askBooks(
  client: pg.PoolClient,
  audit: CompiledAudit,
  request: PassRequest,
): Promise<ReadonlySet<string> | null> {
  const watched = new Set(audit.watches.map(({ position }) => position));
  const suspicions = audit.onClaims
    .filter((position) => !watched.has(position))
    .map((position) => audit.rules[position]?.bound.suspects ?? null);
  if (suspicions.includes(null)) return null;
  const since = await firstSettledOn(client, request);
  const suspects = new Set<string>();
  const asked = new Set<string>();
  for (const suspicion of suspicions) {
    if (suspicion === null) continue;
    const question = questionOf(suspicion, { request, since });
    if (asked.has(question.key)) continue;
    asked.add(question.key);
    const { rows } = await client.query<{ person_id: string }>(
      `SELECT DISTINCT person_id FROM (${question.text}) a`,
      [...question.values],
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
  const since = await firstSettledOn(client, request);
  const known = new Map<string, readonly CountedRow[]>();
  for (const position of audit.onClaims) {
    const { rule, bound } = audit.rules[position] ?? {};
    if (rule === undefined || !bound?.suspects?.unjudged) continue;
    const { values, unjudged } = bound.suspects;
    const question = questionOf({ query: unjudged.query, values }, { request, since });
    const rows = known.get(question.key) ?? (await countRows(client, question, request.persons));
    known.set(question.key, rows);
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
  { text, values }: Question,
  persons: readonly string[],
): Promise<readonly CountedRow[]> {
  const { rows } = await client.query<CountedRow>(
    `SELECT period, institution, count(*) AS times FROM (${text}) a
      WHERE NOT EXISTS (SELECT 1 FROM unnest($${values.length + 1}::text[]) AS p(person_id) WHERE p.person_id = a.person_id)
      GROUP BY period, institution`,
    [...values, persons],
  );
  return rows;
}

/** A query about a bucket of persons, ready to be sent; two with the same key ask the same. */
interface Question {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly key: string;
}

/** The day on which the first claim of the audited months was settled: what came late to an open month was settled before it. */
async function firstSettledOn(client: pg.PoolClient, request: PassRequest): Promise<IsoDate> {
  const first = firstDayRead(request);
  const { rows } = await client.query<{ since: IsoDate | null }>(
    'SELECT min(settled_on) AS since FROM claim WHERE consortium = $1 AND settled_on >= $2 AND period = ANY($3)',
    [request.consortium, first, request.months],
  );
  return rows[0]?.since ?? first;
}

function questionOf(
  { query: name, values }: Pick<Suspicion, 'query' | 'values'>,
  { request, since }: { readonly request: PassRequest; readonly since: IsoDate },
): Question {
  const query = QUERIES[name];
  if (query === undefined) throw new Error(`no query of the books is called ${name}`);
  const { text: inner, values: own, ofOneClaim = false } = query(values);
  const first = ofOneClaim ? since : firstDayRead(request);
  const given = [request.consortium, first, lastMonth(request), ...own];
  const ofMonths = ofOneClaim ? ` AND period = ANY($${given.length + 1})` : '';
  const question = {
    text: `SELECT * FROM (${inner}) q WHERE ${inBucket(request)}${ofMonths}`,
    values: ofOneClaim ? [...given, request.months] : given,
  };
  return { ...question, key: JSON.stringify(question) };
}

function inBucket({ whose: { bucket, buckets } }: PassRequest): string {
  return `mod(abs(hashtext(person_id)::bigint), ${buckets}) = ${bucket}`;
}
