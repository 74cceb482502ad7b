import type pg from 'pg';

export interface RunState {
  readonly runId: string;
  readonly state: 'running' | 'complete' | 'incomplete' | 'failed';
  readonly done: number;
  readonly failed: number;
}

/** @throws when there is no such run */
export async function stateOf(pool: pg.Pool, runId: string): Promise<RunState> {
  const { rows } = await pool.query<RunState>(
    'SELECT id::text AS "runId", state, done, failed FROM work_run_state WHERE id = $1',
    [runId],
  );
  const [state] = rows;
  if (state === undefined) throw new Error(`no run ${runId}`);
  return state;
}

/** What the work that failed said, one line each. */
export async function failuresOf(pool: pg.Pool, runId: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string; error: string }>(
    `SELECT business_key AS key, left(last_error::text, 300) AS error FROM work_item
      WHERE run_id = $1 AND state = 'failed'`,
    [runId],
  );
  return rows.map(({ key, error }) => `work ${key} failed: ${error}`);
}
