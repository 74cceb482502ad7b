import pg from 'pg';

/** Object identifiers of the types that JavaScript would silently round, shift by a zone or turn into a `Date`. */
const KEPT_AS_TEXT = new Set([
  pg.types.builtins.INT8,
  pg.types.builtins.NUMERIC,
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.TIMESTAMPTZ,
]) as ReadonlySet<number>;

const TEXT_ARRAY: number = 1009;
/** The arrays of the types above. */
const KEPT_AS_TEXT_ARRAY: ReadonlySet<number> = new Set([1016, 1231, 1182, 1115, 1185]);

/** Amounts, numbers and dates arrive as the text PostgreSQL wrote; whoever reads them parses them on purpose. */
const textTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (KEPT_AS_TEXT.has(oid)) return (text: string) => text;
    if (KEPT_AS_TEXT_ARRAY.has(oid)) return pg.types.getTypeParser(TEXT_ARRAY, 'text');
    return pg.types.getTypeParser(oid, format ?? 'text');
  }) as typeof pg.types.getTypeParser,
};

/**
 * The pool every part of a process shares: stores, TypeORM and, on the PostgreSQL backend, BullMQ, whose unqualified names are found
 * behind ours on the search path (no table in `public` may carry one of its names; a test compares).
 *
 * @param connections  most connections held at once
 */
export function createPool(url: string, connections = 10): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types: textTypes,
    options: '-c search_path=public,bullmq -c timezone=UTC',
    application_name: 'heyi',
    keepAlive: true,
  });
  pool.on('error', () => {}); // an idle connection broke: the pool replaces it, the next query reports what matters
  // One that is lent out broke between two queries: without a listener the process would die; its next query reports it.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
