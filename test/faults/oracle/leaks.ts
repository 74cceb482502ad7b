import type pg from 'pg';
import { NOTHING_WRONG, type Verdict } from './truth.js';

/** A text that must stand nowhere outside the business tables. */
export interface Canary {
  readonly what: string;
  readonly text: string;
}

/** I10: names, certificate numbers and passwords in logs, queue tables and error texts. */
export async function judgeLeaks(
  pool: pg.Pool,
  {
    canaries,
    texts,
  }: { readonly canaries: readonly Canary[]; readonly texts: ReadonlyMap<string, string> },
): Promise<Verdict> {
  const places = new Map([...texts, ...(await databasePlaces(pool))]);
  const broken: string[] = [];
  for (const [place, text] of places) {
    const found = new Set(
      canaries.filter((canary) => text.includes(canary.text)).map(({ what }) => what),
    );
    for (const what of found) broken.push(`I10 ${what} found in ${place}`);
  }
  return { ...NOTHING_WRONG, broken };
}

/** Queue tables, work, error texts, journal: everything that operators read or that leaves the house with a backup of the queue. */
async function databasePlaces(pool: pg.Pool): Promise<ReadonlyMap<string, string>> {
  const queues = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq'`,
  );
  const tables = [
    ...queues.rows.map(({ name }) => name),
    ...['work_item', 'work_run', 'batch', 'journal_entry', 'reconciliation_difference'],
  ];
  const places = new Map<string, string>();
  for (const table of tables) {
    const { rows } = await pool.query<{ text: string | null }>(
      `SELECT string_agg(to_jsonb(t)::text, E'\\n') AS text FROM ${table} t`,
    );
    places.set(table, rows[0]?.text ?? '');
  }
  const { rows } = await pool.query<{ text: string | null }>(
    `SELECT string_agg(message || ' ' || remedy, E'\\n') AS text FROM quarantine`,
  );
  places.set('quarantine messages', rows[0]?.text ?? '');
  return places;
}
