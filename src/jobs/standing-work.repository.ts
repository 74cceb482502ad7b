import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { RunPlan } from './plan.js';
import type { RunSummary } from './run.service.js';
import type { StandingWork } from './run-impact.js';

type Queryable = Pick<pg.Pool, 'query'>;
export type RunRow = RunSummary & { readonly kind: RunPlan['kind'] };

/** A run by its id, or by what it is about. */
export async function findRun(
  client: Queryable,
  run: { readonly runId: string } | Pick<RunPlan, 'consortium' | 'kind' | 'subject'>,
): Promise<RunRow | null> {
  const { rows } = await client.query<RunRow>(
    `SELECT id AS "runId", consortium, kind, subject, round, state, items, done, failed FROM work_run_state
      WHERE ($1::bigint IS NULL OR id = $1) AND ($1::bigint IS NOT NULL
         OR (consortium = $2 AND kind = $3 AND subject = $4))`,
    'runId' in run ? [run.runId, null, null, null] : [null, run.consortium, run.kind, run.subject],
  );
  return rows[0] ?? null;
}

/** A run's work as it stands, in the order it is done. */
export async function standingWork(
  client: Queryable,
  runId: string,
): Promise<readonly StandingWork[]> {
  const { rows } = await client.query<StandingWork>(
    `SELECT id AS item, stage, kind, business_key AS "businessKey", payload, state
       FROM work_item WHERE run_id = $1 ORDER BY stage, id`,
    [runId],
  );
  return rows;
}

export async function closedMonths(
  client: Queryable,
  consortium: string,
): Promise<ReadonlySet<Month>> {
  const { rows } = await client.query<{ month: Month }>(
    'SELECT month FROM settlement_period WHERE consortium = $1',
    [consortium],
  );
  return new Set(rows.map(({ month }) => month));
}
