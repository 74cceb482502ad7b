import type pg from 'pg';
import type { Partition, SequenceState } from './manifest.js';

/** What of a table is copied: it holds rows itself, so it is no parent of partitions. */
export interface CopiedTable {
  readonly name: string;
  /** The table whose keys it has: itself, or the top of its partitions. */
  readonly root: string;
  readonly columns: readonly string[];
}

export interface Layout {
  readonly tables: readonly CopiedTable[];
  /** Parents before their children. */
  readonly partitions: readonly Partition[];
}

/** Everything of ours: the queue's own schema is not, its jobs are made again from the table of work. */
export async function readLayout(client: pg.PoolClient): Promise<Layout> {
  const tables = await client.query<CopiedTable>(TABLES);
  const partitions = await client.query<Partition>(PARTITIONS);
  return { tables: tables.rows, partitions: partitions.rows };
}

/** Where each number of its own stands. */
export async function readSequences(client: pg.PoolClient): Promise<readonly SequenceState[]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    SEQUENCES,
  );
  const states: SequenceState[] = [];
  for (const { table, column, sequence } of rows) {
    const { rows: found } = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${sequence}`,
    );
    states.push({ table, column, last: found[0]?.last ?? '1', called: found[0]?.called ?? false });
  }
  return states;
}

/**
 * Runs `work` without foreign keys and puts them back, each checked over all rows: tables may point to each other in a circle, so that no
 * order of filling them would do. All in the caller's transaction.
 */
export async function withoutForeignKeys(
  client: pg.PoolClient,
  work: () => Promise<void>,
): Promise<void> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(KEYS);
  for (const { table, name } of rows) {
    await client.query(`ALTER TABLE ${quoted(table)} DROP CONSTRAINT "${name}"`);
  }
  await work();
  await client.query('SET CONSTRAINTS ALL IMMEDIATE'); // what waits for the commit would forbid the next statements
  for (const { table, name, definition } of rows) {
    await client.query(`ALTER TABLE ${quoted(table)} ADD CONSTRAINT "${name}" ${definition}`);
  }
}

export async function appliedMigrations(client: pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM schema_migration ORDER BY timestamp, name',
  );
  return rows.map(({ name }) => name);
}

/** Settings under which the same row is always the same text. */
export const SAME_TEXT = `
  SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`;

/** How many rows a table has, and a digest of them that does not depend on their order. */
export async function tableDigest(
  client: pg.PoolClient,
  { name, columns }: Pick<CopiedTable, 'name' | 'columns'>,
): Promise<{ readonly rows: string; readonly digest: string }> {
  const { rows } = await client.query<{ rows: string; digest: string }>(
    `SELECT count(*)::text AS rows,
            coalesce(sum(('x' || left(h, 15))::bit(60)::bigint::numeric), 0)::text || '-'
              || coalesce(sum(('x' || right(h, 15))::bit(60)::bigint::numeric), 0)::text AS digest
       FROM (SELECT encode(sha256(convert_to(ROW(${columnList(columns)})::text, 'UTF8')), 'hex') AS h
               FROM ONLY ${quoted(name)}) AS hashed`,
  );
  return rows[0] ?? { rows: '0', digest: '0-0' };
}

export const quoted = (name: string): string => `public."${name}"`;
export const columnList = (columns: readonly string[]): string =>
  columns.map((column) => `"${column}"`).join(', ');

const OURS = `n.nspname = 'public' AND c.relpersistence = 'p' AND c.relname <> 'schema_migration'`;

const TABLES = `
  SELECT c.relname AS name, (SELECT relname FROM pg_class WHERE oid = coalesce(pg_partition_root(c.oid)::oid, c.oid)) AS root,
         (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${OURS} AND c.relkind = 'r' ORDER BY c.relname`;

const PARTITIONS = `
  SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound,
         pg_get_partkeydef(c.oid) AS "dividedBy"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_inherits i ON i.inhrelid = c.oid AND NOT i.inhdetachpending
    JOIN pg_class p ON p.oid = i.inhparent
    JOIN LATERAL (SELECT count(*) AS depth FROM pg_partition_ancestors(c.oid)) a ON true
   WHERE ${OURS} AND c.relispartition AND c.relkind IN ('r', 'p') ORDER BY a.depth, c.relname`;

const KEYS = `
  SELECT f.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace n ON n.oid = f.relnamespace
   WHERE k.contype = 'f' AND n.nspname = 'public' AND k.conparentid = 0 ORDER BY 1, 2`;

const SEQUENCES = `
  SELECT t.relname AS "table", a.attname AS "column", s.oid::regclass::text AS sequence
    FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
   WHERE s.relkind = 'S' AND n.nspname = 'public' AND t.relname <> 'schema_migration' ORDER BY 1, 2`;
