import type pg from 'pg';
import { type Month, monthOf } from '../../kernel/period.js';
import { quoted, SAME_TEXT, tableDigest } from '../backup/layout.repository.js';

/** Tables whose months are partitions: dropped whole, never row by row. */
const PARENTS = ['claim', 'claim_line', 'claim_diagnosis', 'claim_procedure'] as const;

/** A settlement month as it lies in the database: one partition of each table, divided further or not. */
export interface ClaimMonth {
  readonly month: Month;
  /** Direct children of the four tables. */
  readonly partitions: readonly string[];
  /** That of `claim` itself. */
  readonly claims: string | null;
  readonly bytes: string;
  readonly rows: string;
}

/** Months that end before `firstKept`, oldest first. */
export async function oldClaimMonths(
  client: pg.PoolClient,
  firstKept: Month,
): Promise<readonly ClaimMonth[]> {
  const { rows } = await client.query<{
    name: string;
    parent: string;
    first: string;
    bytes: string;
    rows: string;
  }>(MONTHS, [[...PARENTS], `${firstKept}-01`]);
  const months = new Map<Month, ClaimMonth>();
  for (const row of rows) {
    const month = monthOf(row.first);
    const known = months.get(month) ?? {
      month,
      partitions: [],
      claims: null,
      bytes: '0',
      rows: '0',
    };
    months.set(month, {
      month,
      partitions: [...known.partitions, row.name],
      claims: row.parent === 'claim' ? row.name : known.claims,
      bytes: (BigInt(known.bytes) + BigInt(row.bytes)).toString(),
      rows: (BigInt(known.rows) + BigInt(row.rows)).toString(),
    });
  }
  return [...months.values()];
}

/** Why a month has to stay, in Chinese; null when it may go. */
export async function whyKept(
  client: pg.PoolClient,
  { month, claims }: ClaimMonth,
): Promise<string | null> {
  if (claims === null) return `${month} 的结算记录分区缺失，请先查明`;
  const { rows: open } = await client.query<{ period: string }>(
    `SELECT DISTINCT c.period FROM ${quoted(claims)} c
      WHERE NOT EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = c.consortium AND p.month = c.period)
      ORDER BY 1 LIMIT 1`,
  );
  if (open[0] !== undefined) return `其中有结算月 ${open[0].period} 的记录，该月未关账`;
  const { rows: years } = await client.query<{ year: string }>(
    `SELECT DISTINCT left(c.period, 4) AS year FROM ${quoted(claims)} c
      WHERE NOT EXISTS (SELECT 1 FROM settlement_run r WHERE r.consortium = c.consortium AND r.kind = 'year'
                           AND r.period = left(c.period, 4) AND r.current)
      ORDER BY 1 LIMIT 1`,
  );
  return years[0] === undefined ? null : `${years[0].year} 年度尚未清算`;
}

/** Digest of the backup that holds exactly what these partitions hold; null when none does. */
export async function backupHolding(
  client: pg.PoolClient,
  { partitions }: ClaimMonth,
): Promise<string | null> {
  await client.query(SAME_TEXT);
  const { rows: leaves } = await client.query<{ name: string; columns: string[] }>(LEAVES, [
    partitions.map(quoted),
  ]);
  const states: Record<string, { rows: string; digest: string }> = {};
  for (const leaf of leaves) states[leaf.name] = await tableDigest(client, leaf);
  const { rows } = await client.query<{ manifest_digest: string }>(
    `SELECT manifest_digest FROM backup_record WHERE tables @> $1::jsonb ORDER BY backup_id DESC LIMIT 1`,
    [JSON.stringify(states)],
  );
  return rows[0]?.manifest_digest ?? null;
}

/** Takes the month out of the database; it is in a backup only from now on. */
export async function dropMonth(
  client: pg.PoolClient,
  { month, partitions }: ClaimMonth,
  manifestDigest: string,
): Promise<void> {
  for (const name of partitions) await client.query(`DROP TABLE ${quoted(name)}`);
  await client.query(
    `INSERT INTO dropped_month (month, manifest_digest) VALUES ($1, $2)
     ON CONFLICT (month) DO UPDATE SET dropped_at = now(), manifest_digest = excluded.manifest_digest`,
    [month, manifestDigest],
  );
}

export async function lockMonth(client: pg.PoolClient, { partitions }: ClaimMonth): Promise<void> {
  await client.query(`LOCK TABLE ${partitions.map(quoted).join(', ')} IN SHARE MODE`);
}

const TREE = `
  WITH RECURSIVE tree AS (
    SELECT c.oid, c.oid AS top FROM pg_class c WHERE c.oid = ANY ($1::regclass[])
    UNION ALL SELECT i.inhrelid, t.top FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
  )`;

const MONTHS = `
  WITH RECURSIVE top AS (
    SELECT c.oid, c.relname, p.relname AS parent,
           regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \\(''(\\d{4}-\\d\\d-01)''\\) TO \\(''(\\d{4}-\\d\\d-01)''\\)$') AS bound
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE p.relname = ANY ($1::text[]) AND p.relnamespace = 'public'::regnamespace
  ), tree AS (
    SELECT oid, oid AS top FROM top UNION ALL
    SELECT i.inhrelid, t.top FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
  )
  SELECT top.relname AS name, top.parent, top.bound[1] AS first,
         sum(pg_total_relation_size(tree.oid))::text AS bytes,
         sum(greatest(c.reltuples, 0))::bigint::text AS rows
    FROM top JOIN tree ON tree.top = top.oid JOIN pg_class c ON c.oid = tree.oid AND c.relkind = 'r'
   WHERE top.bound[2]::date <= $2::date
   GROUP BY top.relname, top.parent, top.bound ORDER BY top.bound[1], top.relname`;

const LEAVES = `${TREE}
  SELECT c.relname AS name, (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
    FROM tree JOIN pg_class c ON c.oid = tree.oid WHERE c.relkind = 'r' ORDER BY c.relname`;
