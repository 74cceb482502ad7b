import pg from 'pg';
import { copyOut } from '../database/copy.client.js';
import { addDays, type IsoDate } from '../kernel/dates.js';
import { firstDay, type Month } from '../kernel/period.js';
import { CLAIM_COLUMNS, claimOf, LINE_COLUMNS, lineOf } from './claim-cells.js';
import { claimKey, type MutableClaim, openClaim } from './facts.js';

export interface HistoryRequest {
  readonly consortium: string;
  readonly months: readonly Month[];
  /** How far before the first month history is read, days. */
  readonly lookbackDays: number;
  readonly whose: Whose;
}

/** Persons of some numbers, claims of some numbers, or everybody with a claim in the months, or such a part of them. */
export type Whose =
  | { readonly persons: readonly string[] }
  | { readonly claims: readonly (readonly [institution: string, claimNo: string])[] }
  | Bucket;

/** Persons by a hash: number `bucket` of `buckets`. */
export interface Bucket {
  readonly bucket: number;
  readonly buckets: number;
}

/** So many persons or claims are asked for at once, so that memory stays bounded. */
const PERSONS_PER_PART = 2_000;
const CLAIMS_PER_PART = 20_000;

/**
 * The claims asked for with everything that hangs on them, by person. Nothing after the last month is read, so that a month's audit can
 * be repeated later.
 *
 * @param beforePart  is given the claims that are read together, before the first person of them is
 */
export async function* readHistories(
  client: pg.PoolClient,
  request: HistoryRequest,
  signal: AbortSignal,
  beforePart: (claims: Iterable<MutableClaim>) => Promise<void> = async () => undefined,
): AsyncGenerator<readonly MutableClaim[]> {
  for (const whose of partsOf(request.whose)) {
    const selection = selectionOf({ ...request, whose });
    const claims = await readClaims(client, selection, signal);
    await readCodes(client, { selection, table: 'claim_diagnosis' }, claims, signal);
    await readCodes(client, { selection, table: 'claim_procedure' }, claims, signal);
    await readLines(client, selection, claims, signal);
    await beforePart(claims.values());
    yield* byPerson(claims.values());
  }
}

/** A person's claims stay in one part. */
function partsOf(whose: Whose): Whose[] {
  if ('persons' in whose)
    return chunks(whose.persons, PERSONS_PER_PART).map((persons) => ({ persons }));
  if ('claims' in whose) return chunks(whose.claims, CLAIMS_PER_PART).map((claims) => ({ claims }));
  return [whose];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

/** How many claims a run may have to look at. */
export async function countClaims(
  client: pg.ClientBase | pg.Pool,
  request: Omit<HistoryRequest, 'whose'>,
): Promise<number> {
  const { rows } = await client.query<{ claims: string }>(
    'SELECT count(*) AS claims FROM claim WHERE consortium = $1 AND settled_on >= $2 AND period <= $3',
    [request.consortium, firstDayRead(request), lastMonth(request)],
  );
  return Number(rows[0]?.claims ?? 0);
}

type Span = Pick<HistoryRequest, 'months' | 'lookbackDays'>;

export function firstDayRead({ months, lookbackDays }: Span): IsoDate {
  return addDays(firstDay([...months].sort()[0] ?? '1900-01'), -lookbackDays);
}

export function lastMonth({ months }: Pick<Span, 'months'>): Month {
  return [...months].sort().at(-1) ?? '1900-01';
}

/** FROM and WHERE of the claims asked for, as `c`. */
export function selectionOf(request: HistoryRequest): string {
  const { whose } = request;
  const consortium = pg.escapeLiteral(request.consortium);
  const since = pg.escapeLiteral(firstDayRead(request));
  const until = pg.escapeLiteral(lastMonth(request));
  const where = `WHERE c.consortium = ${consortium} AND c.settled_on >= ${since} AND c.period <= ${until}`;
  if ('persons' in whose)
    return `FROM claim c ${where} AND c.person_id = ANY(${textArray(whose.persons)})`;
  if ('claims' in whose) {
    const [institutions, claimNos] = [0, 1].map((at) =>
      textArray(whose.claims.map((key) => key[at] ?? '')),
    );
    return `FROM claim c JOIN unnest(${institutions}, ${claimNos}) AS k(institution, claim_no) USING (institution, claim_no) ${where}`;
  }
  const months = request.months.map((month) => pg.escapeLiteral(month)).join(', ');
  return `FROM claim c ${where} ${inBucket('c.person_id', whose)}
    AND c.person_id IN (SELECT m.person_id FROM claim m WHERE m.consortium = ${consortium}
      AND m.settled_on >= ${since} AND m.period IN (${months}) ${inBucket('m.person_id', whose)})`;
}

function inBucket(person: string, { bucket, buckets }: Bucket): string {
  return buckets === 1 ? '' : `AND mod(abs(hashtext(${person})::bigint), ${buckets}) = ${bucket}`;
}

function textArray(texts: readonly string[]): string {
  return `ARRAY[${texts.map((text) => pg.escapeLiteral(text)).join(', ')}]::text[]`;
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
