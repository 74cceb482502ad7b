import type pg from 'pg';
import { firstDayRead, lastMonth } from '../claim-history.repository.js';
import type { CompiledAudit } from '../compile.js';
import type { PassRequest } from '../pass/person-pass.repository.js';
import * as queries from './index.js';
import type { SuspectQuery } from './suspicion.js';

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
  const { bucket, buckets } = request.whose;
  const suspects = new Set<string>();
  for (const position of audit.onClaims) {
    const suspicion = audit.rules[position]?.bound.suspects ?? null;
    if (suspicion === null) return null;
    const query = QUERIES[suspicion.query];
    if (query === undefined) throw new Error(`no query of the books is called ${suspicion.query}`);
    const { text, values } = query(suspicion.values);
    const { rows } = await client.query<{ person_id: string }>(
      `SELECT DISTINCT person_id FROM (${text}) q WHERE mod(abs(hashtext(person_id)::bigint), ${buckets}) = ${bucket}`,
      [request.consortium, firstDayRead(request), lastMonth(request), ...values],
    );
    for (const { person_id } of rows) suspects.add(person_id);
  }
  return suspects;
}
