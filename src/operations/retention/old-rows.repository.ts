import type pg from 'pg';
import type { Month } from '../../kernel/period.js';
import type { RetentionClass } from './retention-policy.js';

/** Kinds of data that are deleted row by row: they lie in tables of their own size, not in months. */
export type RowClass = Exclude<RetentionClass, 'canonical'>;

interface RowRule {
  /** Tables that shrink, for the plan and for VACUUM. */
  readonly tables: readonly string[];
  /** Counts what would go; $1 = first day that is kept. */
  readonly count: string;
  /** In order. */
  readonly deletions: readonly string[];
}

/** A batch is over when its whole window lies before the day and its months are closed; open quarantine keeps its raw rows. */
const OLD_BATCH = `
  SELECT b.batch_id FROM batch b
   WHERE b.window_to <= $1::date AND b.finished_at < $1::date
     AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.batch_id = b.batch_id AND q.state = 'open')
     AND NOT EXISTS (SELECT 1 FROM generate_series(date_trunc('month', b.window_from), b.window_to - 1, interval '1 month') AS m
                      WHERE NOT EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = b.consortium
                                           AND p.month = to_char(m, 'YYYY-MM')))`;

const OLD_FINDING = `
  month < left($1, 7)
  AND EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = f.consortium AND p.month = f.month)
  AND NOT EXISTS (SELECT 1 FROM deduction d WHERE d.consortium = f.consortium AND d.finding_id = f.finding_id)`;

const OLD_ENTRY = `
  q.state <> 'open' AND q.first_seen_at < $1::date
  AND NOT EXISTS (SELECT 1 FROM quarantine_decision d WHERE d.quarantine_id = q.quarantine_id)`;

const OLD_RUN = `
  SELECT r.id FROM work_run r JOIN work_item i ON i.run_id = r.id GROUP BY r.id
  HAVING bool_and(i.state = 'done') AND max(i.finished_at) < $1::date`;

const RULES: Readonly<Record<RowClass, RowRule>> = {
  raw: {
    tables: ['batch_slice', 'raw_blob'],
    count: `SELECT count(*) AS rows FROM batch_slice WHERE batch_id IN (${OLD_BATCH})`,
    deletions: [
      `DELETE FROM batch_slice WHERE batch_id IN (${OLD_BATCH})`,
      `DELETE FROM raw_blob r WHERE $1::date IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM batch_slice s WHERE s.blob_digest = r.digest)`,
    ],
  },
  findings: {
    tables: ['finding', 'finding_share', 'finding_claim', 'finding_line'],
    count: `SELECT count(*) AS rows FROM finding f WHERE ${OLD_FINDING}`,
    deletions: [`DELETE FROM finding f WHERE ${OLD_FINDING}`],
  },
  quarantine: {
    tables: ['quarantine'],
    count: `SELECT count(*) AS rows FROM quarantine q WHERE ${OLD_ENTRY}`,
    deletions: [`DELETE FROM quarantine q WHERE ${OLD_ENTRY}`],
  },
  work: {
    tables: ['work_item', 'work_run'],
    count: `SELECT count(*) AS rows FROM work_item WHERE run_id IN (${OLD_RUN})`,
    deletions: [
      `DELETE FROM work_item WHERE run_id IN (${OLD_RUN})`,
      `DELETE FROM work_run r WHERE r.demanded_at < $1::date
          AND NOT EXISTS (SELECT 1 FROM work_item i WHERE i.run_id = r.id)`,
    ],
  },
};

export const ROW_CLASSES = Object.keys(RULES) as readonly RowClass[];
export const tablesOf = (name: RowClass): readonly string[] => RULES[name].tables;

export async function countOldRows(
  client: pg.PoolClient,
  name: RowClass,
  firstKept: Month,
): Promise<string> {
  const { rows } = await client.query<{ rows: string }>(RULES[name].count, [`${firstKept}-01`]);
  return rows[0]?.rows ?? '0';
}

export async function deleteOldRows(
  client: pg.PoolClient,
  name: RowClass,
  firstKept: Month,
): Promise<void> {
  for (const statement of RULES[name].deletions) {
    await client.query(statement, [`${firstKept}-01`]);
  }
}
