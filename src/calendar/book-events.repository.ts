import type pg from 'pg';
import type { IsoDate } from '../kernel/dates.js';
import type { StandingRun } from './due-runs.js';
import type { BookEvents } from './events.js';

export interface BookQuestion {
  readonly consortium: string;
  /** IANA name; days are counted where the consortium is. */
  readonly timezone: string;
}

/** Only the last version of a declaration counts; one that the agency has not accepted keeps its member from being done. */
const DECLARED = `
  SELECT institution, month, max(finished_at AT TIME ZONE $2)::date AS "on"
  FROM (SELECT DISTINCT ON (o.business_key) d.institution, d.month, o.outcome, o.finished_at
        FROM agency_declaration d JOIN outbox_message o USING (outbox_id)
        WHERE d.consortium = $1 ORDER BY o.business_key, o.version DESC) last
  GROUP BY institution, month HAVING bool_and(outcome IS NOT DISTINCT FROM 'accepted')`;

const CLEARED = `
  SELECT period, (closed_at AT TIME ZONE $2)::date AS "on"
  FROM settlement_run WHERE consortium = $1 AND kind = 'year' AND current AND closed_at IS NOT NULL`;

/** Dates of declarations and clearings as the books have them. */
export async function readBookEvents(
  pool: pg.Pool,
  { consortium, timezone }: BookQuestion,
): Promise<BookEvents> {
  const declared = await pool.query<{ institution: string; month: string; on: IsoDate }>(DECLARED, [
    consortium,
    timezone,
  ]);
  const cleared = await pool.query<{ period: string; on: IsoDate }>(CLEARED, [
    consortium,
    timezone,
  ]);
  const byMonth = new Map<string, Map<string, IsoDate>>();
  for (const { institution, month, on } of declared.rows) {
    const members = byMonth.get(month) ?? new Map<string, IsoDate>();
    byMonth.set(month, members.set(institution, on));
  }
  return {
    declared: byMonth,
    cleared: new Map(cleared.rows.map(({ period, on }) => [period, on])),
  };
}

const STANDING = `
  SELECT kind, period, reverses IS NOT NULL AS "takenBack",
    CASE WHEN reverses IS NULL THEN (closed_at AT TIME ZONE $2)::date END AS "closedOn"
  FROM settlement_run WHERE consortium = $1 AND kind IN ('start', 'month', 'release') AND current`;

/** The current runs that stand for starts of years, months and releases. */
export async function readStandingRuns(
  pool: pg.Pool,
  { consortium, timezone }: BookQuestion,
): Promise<readonly StandingRun[]> {
  const { rows } = await pool.query<StandingRun>(STANDING, [consortium, timezone]);
  return rows;
}
