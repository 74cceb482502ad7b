import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import type { RunState } from './run.service.js';

export interface StageProgress {
  readonly stage: number;
  /** Kinds of job in the stage. */
  readonly kinds: readonly string[];
  readonly items: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

export interface RunProgress {
  readonly runId: string;
  readonly consortium: string;
  readonly kind: string;
  readonly subject: string;
  readonly round: number;
  readonly state: RunState;
  readonly items: number;
  readonly done: number;
  readonly failed: number;
  readonly stages: readonly StageProgress[];
  /** The latest failure, for people; null while there is none. */
  readonly lastError: {
    readonly key: string;
    readonly message: string;
    readonly remedy: string;
  } | null;
}

const POLL_MS = 500;

/** How far a run has come, read from the table of work: the same whoever carries it out and wherever the queue lives. */
@Injectable()
export class RunProgressService {
  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  async read(runId: string): Promise<RunProgress | null> {
    const { rows } = await this.pool.query<RunProgress>(PROGRESS, [runId]);
    return rows[0] ?? null;
  }

  /** The state now and after every change; ends when the run has ended, or when nobody listens any more. */
  async *watch(
    runId: string,
    signal: AbortSignal,
    pollMs: number = POLL_MS,
  ): AsyncGenerator<RunProgress, void, undefined> {
    let said = '';
    while (!signal.aborted) {
      const progress = await this.read(runId);
      if (progress === null) return;
      const text = JSON.stringify(progress);
      if (text !== said) yield progress;
      if (progress.state !== 'running') return;
      said = text;
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

const PROGRESS = `
  WITH each_stage AS (
    SELECT stage, array_agg(DISTINCT kind ORDER BY kind) AS kinds, count(*) AS items,
           count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state = 'running') AS running
      FROM work_item WHERE run_id = $1 GROUP BY stage)
  SELECT r.id AS "runId", r.consortium, r.kind, r.subject, r.round, r.state, r.items, r.done, r.failed,
         (SELECT jsonb_agg(to_jsonb(each_stage) ORDER BY each_stage.stage) FROM each_stage) AS stages,
         (SELECT jsonb_build_object('key', business_key, 'message', last_error ->> 'message',
                                    'remedy', last_error ->> 'remedy')
            FROM work_item WHERE run_id = $1 AND last_error IS NOT NULL
           ORDER BY (state = 'failed') DESC, id DESC LIMIT 1) AS "lastError"
    FROM work_run_state r WHERE r.id = $1`;
