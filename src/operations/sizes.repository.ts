import type pg from 'pg';

export interface TableSize {
  readonly table: string;
  /** Settlement month of a partition; null of a table that is not divided. */
  readonly month: string | null;
  /** PostgreSQL's estimate. */
  readonly rows: string;
  readonly bytes: string;
}

/** Disk space of every table, its indexes and large values included; partitions by month. Largest first within a table. */
export async function readSizes(pool: pg.Pool): Promise<readonly TableSize[]> {
  return (await pool.query<TableSize>(SIZES)).rows;
}

const SIZES = `
  WITH sized AS (
    SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || root.relname AS "table",
           substring(top.bound FROM '^FOR VALUES FROM \\(''(\\d{4}-\\d\\d)') AS month,
           greatest(c.reltuples, 0) AS rows, pg_total_relation_size(c.oid) AS bytes
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class root ON root.oid = coalesce(pg_partition_root(c.oid)::oid, c.oid)
      LEFT JOIN LATERAL (
        SELECT pg_get_expr(a.relpartbound, a.oid) AS bound FROM pg_partition_ancestors(c.oid) up
          JOIN pg_class a ON a.oid = up.relid JOIN pg_inherits i ON i.inhrelid = a.oid AND i.inhparent = root.oid
      ) top ON true
     WHERE n.nspname IN ('public', 'bullmq') AND c.relkind = 'r'
  )
  SELECT "table", month, sum(rows)::bigint::text AS rows, sum(bytes)::text AS bytes
    FROM sized GROUP BY "table", month
   ORDER BY sum(sum(bytes)) OVER (PARTITION BY "table") DESC, "table", month NULLS FIRST`;
