import type pg from 'pg';

/** What a process says of itself with every heartbeat. */
export interface WorkerReport {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly role: string;
  readonly version: string;
  readonly backend: string;
  readonly state: 'working' | 'fenced';
  readonly clockSkewMs: number;
  /** Ids of the work in hand. */
  readonly current: readonly string[];
}

/** A process as the others see it. */
export interface WorkerRow extends WorkerReport {
  /** UTC instants. */
  readonly startedAt: string;
  readonly seenAt: string;
  readonly secondsSilent: number;
}

const FORGOTTEN_AFTER_MINUTES = 60;

export async function reportWorker(pool: pg.Pool, report: WorkerReport): Promise<void> {
  const { id, host, pid, role, version, backend, state, clockSkewMs, current } = report;
  await pool.query(
    `INSERT INTO worker_process (id, host, pid, role, version, backend, state, clock_skew_ms, current)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, clock_skew_ms = excluded.clock_skew_ms,
            current = excluded.current, seen_at = clock_timestamp()`,
    [id, host, pid, role, version, backend, state, clockSkewMs, current],
  );
}

/** A process that ends by itself says so. */
export async function forgetWorker(pool: pg.Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM worker_process WHERE id = $1', [id]);
}

/** A process that was killed is forgotten after a while; called by the leader. */
export async function forgetSilentWorkers(pool: pg.Pool): Promise<void> {
  await pool.query('DELETE FROM worker_process WHERE seen_at < now() - make_interval(mins => $1)', [
    FORGOTTEN_AFTER_MINUTES,
  ]);
}

/** Every process heard of within the hour, the latest first. */
export async function listWorkers(pool: pg.Pool): Promise<readonly WorkerRow[]> {
  const { rows } = await pool.query<WorkerRow>(
    `SELECT id, host, pid, role, version, backend, state, clock_skew_ms AS "clockSkewMs", current,
            started_at AS "startedAt", seen_at AS "seenAt",
            extract(epoch FROM clock_timestamp() - seen_at)::float8 AS "secondsSilent"
       FROM worker_process WHERE seen_at > now() - make_interval(mins => $1)
      ORDER BY seen_at DESC, id`,
    [FORGOTTEN_AFTER_MINUTES],
  );
  return rows;
}
