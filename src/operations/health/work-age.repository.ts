import type pg from 'pg';
import type { WorkAge } from './readiness.js';

/** How long due work has been waiting. A later stage of a run is not due before the earlier ones have ended. */
export async function readWorkAge(pool: pg.Pool): Promise<WorkAge> {
  const { rows } = await pool.query<WorkAge>(WORK_AGE);
  return rows[0] ?? { oldestDueSeconds: 0, idleSeconds: 0 };
}

const WORK_AGE = `
  WITH due AS (
    SELECT min(greatest(i.due_at, i.queued_at)) AS since FROM work_item i
     WHERE i.state = 'pending' AND i.due_at <= now()
       AND NOT EXISTS (SELECT 1 FROM work_item e WHERE e.run_id = i.run_id AND e.stage < i.stage
                          AND e.state IN ('pending', 'running'))
  ), moved AS (
    SELECT max(greatest(started_at, finished_at)) AS at FROM work_item
  )
  SELECT coalesce(extract(epoch FROM now() - since), 0)::integer AS "oldestDueSeconds",
         coalesce(extract(epoch FROM now() - greatest(since, CASE WHEN since IS NOT NULL THEN at END)), 0)::integer
           AS "idleSeconds"
    FROM due, moved`;
