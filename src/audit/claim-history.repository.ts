import pg from 'pg';
import { addDays, type IsoDate } from '../kernel/dates.js';
import { firstDay, type Month } from '../kernel/period.js';
import { CLAIM_COLUMNS, claimOf, LINE_COLUMNS, lineOf } from './claim-cells.js';
import { copyOut } from './copy.client.js';
import { claimKey, type MutableClaim, openClaim } from './facts.js';

export interface HistoryRequest {
  readonly consortium: string;
  readonly months: readonly Month[];
  /** How far before the first month history is read, days. */
  readonly lookbackDays: number;
  /** Only these; null: everybody with a claim in the months. */
  readonly persons: readonly string[] | null;
}

/** About so many claims are in memory at once. */
const CLAIMS_PER_BUCKET = 40_000;

/**
 * Claims of the months, and what the same persons had before, by person. Persons come in buckets of a hash, so that memory stays bounded
 * and no sort is needed; nothing after the last month is read, so that a month's audit can be repeated later.
 */
export async function* readHistories(
  client: pg.PoolClient,
  request: HistoryRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly MutableClaim[]> {
  const buckets = await bucketsFor(client, request);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const selection = selectionOf(request, { bucket, buckets });
    const claims = await readClaims(client, selection, signal);
    await readCodes(client, { selection, table: 'claim_diagnosis' }, claims, signal);
    await readCodes(client, { selection, table: 'claim_procedure' }, claims, signal);
    await readLines(client, selection, claims, signal);
    yield* byPerson(claims.values());
  }
}

async function bucketsFor(client: pg.PoolClient, request: HistoryRequest): Promise<number> {
  if (request.persons !== null) return 1;
  const { rows } = await client.query<{ claims: string }>(
    'SELECT count(*) AS claims FROM claim WHERE consortium = $1 AND settled_on >= $2 AND period <= $3',
    [request.consortium, firstDayRead(request), lastMonth(request)],
  );
  return Math.max(1, Math.ceil(Number(rows[0]?.claims ?? 0) / CLAIMS_PER_BUCKET));
}

function firstDayRead({ months, lookbackDays }: HistoryRequest): IsoDate {
  return addDays(firstDay([...months].sort()[0] ?? '1900-01'), -lookbackDays);
}

function lastMonth({ months }: HistoryRequest): Month {
  return [...months].sort().at(-1) ?? '';
}

/** FROM and WHERE of a bucket's claims, as `c`. */
function selectionOf(
  request: HistoryRequest,
  { bucket, buckets }: { readonly bucket: number; readonly buckets: number },
): string {
  const consortium = pg.escapeLiteral(request.consortium);
  const months = request.months.map((month) => pg.escapeLiteral(month)).join(', ');
  const since = pg.escapeLiteral(firstDayRead(request));
  const inBucket = (person: string) =>
    buckets === 1 ? '' : `AND mod(abs(hashtext(${person})::bigint), ${buckets}) = ${bucket}`;
  const claims = `FROM claim c WHERE c.consortium = ${consortium} AND c.settled_on >= ${since}
    AND c.period <= ${pg.escapeLiteral(lastMonth(request))}`;
  if (request.persons !== null) {
    return `${claims} AND c.person_id IN (${request.persons.map(pg.escapeLiteral).join(', ')})`;
  }
  return `${claims} ${inBucket('c.person_id')}
    AND c.person_id IN (SELECT m.person_id FROM claim m WHERE m.consortium = ${consortium}
      AND m.settled_on >= ${since} AND m.period IN (${months}) ${inBucket('m.person_id')})`;
}

async function readClaims(
  client: pg.PoolClient,
  selection: string,
  signal: AbortSignal,
): Promise<Map<string, MutableClaim>> {
  const claims = new Map<string, MutableClaim>();
  for await (const rows of copyOut(client, `SELECT ${CLAIM_COLUMNS} ${selection}`, signal)) {
    for (const cells of rows) {
      const claim = openClaim(claimOf(cells));
      claims.set(claim.key, claim);
    }
  }
  return claims;
}

async function readCodes(
  client: pg.PoolClient,
  {
    selection,
    table,
  }: { readonly selection: string; readonly table: 'claim_diagnosis' | 'claim_procedure' },
  claims: ReadonlyMap<string, MutableClaim>,
  signal: AbortSignal,
): Promise<void> {
  const query = `SELECT d.institution, d.claim_no, d.code, d.is_principal FROM ${table} d
    JOIN (SELECT c.consortium, c.settled_on, c.institution, c.claim_no ${selection}) s
      USING (consortium, settled_on, institution, claim_no) ORDER BY d.institution, d.claim_no, d.sequence`;
  const add = table === 'claim_diagnosis' ? addDiagnosis : addProcedure;
  for await (const rows of copyOut(client, query, signal)) {
    for (const [institution, claimNo, code, isPrincipal] of rows) {
      const claim = claims.get(claimKey(institution ?? '', claimNo ?? ''));
      if (claim !== undefined) add(claim, code ?? '', isPrincipal === 't');
    }
  }
}

function addDiagnosis(claim: MutableClaim, code: string, isPrincipal: boolean): void {
  claim.diagnoses = [...claim.diagnoses, code];
  if (isPrincipal) claim.principalDiagnosis ??= code;
}

function addProcedure(claim: MutableClaim, code: string): void {
  claim.procedures = [...claim.procedures, code];
}

async function readLines(
  client: pg.PoolClient,
  selection: string,
  claims: ReadonlyMap<string, MutableClaim>,
  signal: AbortSignal,
): Promise<void> {
  const query = `SELECT ${LINE_COLUMNS} FROM claim_line l
    JOIN (SELECT c.consortium, c.settled_on, c.institution, c.claim_no ${selection}) s
      USING (consortium, settled_on, institution, claim_no)`;
  for await (const rows of copyOut(client, query, signal)) {
    for (const cells of rows) {
      const claim = claims.get(claimKey(cells[0] ?? '', cells[1] ?? ''));
      if (claim !== undefined) claim.lines.push(lineOf(cells, claim));
    }
  }
}

function byPerson(claims: Iterable<MutableClaim>): Iterable<readonly MutableClaim[]> {
  const persons = new Map<string, MutableClaim[]>();
  for (const claim of claims) {
    const known = persons.get(claim.personId);
    if (known === undefined) persons.set(claim.personId, [claim]);
    else known.push(claim);
  }
  return persons.values();
}
