import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { NothingToRedoError, RunBusyError } from './errors.js';
import {
  planBackfill,
  planNight,
  planRelease,
  planStart,
  planYear,
  type RunKind,
  type RunPlan,
} from './plan.js';
import { RunService } from './run.service.js';
import {
  effectsOfRerun,
  effectsOfStart,
  impactOf,
  type RunImpact,
  type StandingWork,
} from './run-impact.js';
import { SitePlan } from './site-plan.service.js';
import { closedMonths, findRun, type RunRow, standingWork } from './standing-work.repository.js';
import type { SyncKind } from './sync-plan.js';

/** A run as people ask for it: a business day, a month or a year. */
export interface RunRequest {
  readonly kind: Exclude<RunKind, SyncKind>;
  readonly subject: string;
}

/** Why part of a run is done anew, and who says so. */
export interface Grounds {
  readonly reason: string;
  readonly by: string;
}

/** Starts runs and repeats parts of them, on a person's word, after showing what that would do. */
@Injectable()
export class RunControl {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly site: SitePlan,
    private readonly runs: RunService,
    private readonly journal: JournalService,
  ) {}

  /** @throws ConfigError, RangeError for a subject that is no day, month or year */
  plan({ kind, subject }: RunRequest): RunPlan {
    const input = this.site.input();
    if (kind === 'night') return planNight(input, subject);
    if (kind === 'backfill') return planBackfill(input, subject);
    if (kind === 'start') return planStart(input.consortium, subject);
    if (kind === 'release') return planRelease(input.consortium, subject);
    return planYear(input.consortium, subject);
  }

  async previewStart(request: RunRequest, again = false): Promise<RunImpact> {
    const plan = this.plan(request);
    const run = await findRun(this.pool, plan);
    const standing = run === null ? [] : await standingWork(this.pool, run.runId);
    const planned = plan.stages.flatMap((works, stage) =>
      works.map((work): StandingWork => ({ ...work, stage, item: null, state: null })),
    );
    const byKey = new Map(standing.map((work) => [work.businessKey, work]));
    return impactOf({
      run: { runId: run?.runId ?? null, ...request, state: run?.state ?? null },
      works: effectsOfStart(planned, byKey, again),
      closed: await closedMonths(this.pool, plan.consortium),
      mayMeetItself: true, // asked for twice it is the same run
    });
  }

  async start(request: RunRequest, again = false): Promise<string> {
    return this.runs.start(this.plan(request), again ? 'next' : 'same');
  }

  /** @throws NothingToRedoError */
  async previewRerun(runId: string, stage: number): Promise<RunImpact> {
    return this.foresee(this.pool, { runId, stage, item: null });
  }

  /**
   * Does a stage of a run, and everything after it, once more.
   *
   * @throws NothingToRedoError, RunBusyError
   */
  async rerun(runId: string, stage: number, grounds: Grounds): Promise<RunImpact> {
    return this.redo({ runId, stage, item: null }, grounds);
  }

  /** @throws NothingToRedoError unless the work has failed */
  async previewRetry(item: string): Promise<RunImpact> {
    return this.foresee(this.pool, await this.failed(item));
  }

  /**
   * Does one failed piece of work once more, and everything in later stages.
   *
   * @throws NothingToRedoError, RunBusyError
   */
  async retry(item: string, grounds: Grounds): Promise<RunImpact> {
    return this.redo(await this.failed(item), grounds);
  }

  private async redo(part: Part, grounds: Grounds): Promise<RunImpact> {
    return withTransaction(this.pool, async (client) => {
      await client.query('SELECT 1 FROM work_run WHERE id = $1 FOR UPDATE', [part.runId]);
      const impact = await this.foresee(client, part);
      if (!impact.allowed) throw new RunBusyError('本次运行还在进行', { run: part.runId });
      const again = impact.items.filter(({ effect }) => effect !== 'keep');
      const items = again.flatMap(({ item }) => item ?? []);
      const consortium = await this.runs.reopen(client, part.runId, items);
      await this.journal.append(client, {
        ...{ consortium, kind: 'decision', subject: `run:${part.runId}` },
        content: { action: 'redo', ...grounds, stage: part.stage, works: again.length },
      });
      return impact;
    });
  }

  private async foresee(client: pg.Pool | pg.PoolClient, part: Part): Promise<RunImpact> {
    const run: RunRow | null = await findRun(client, part);
    if (run === null) throw new NothingToRedoError('没有这次运行', { run: part.runId });
    const standing = await standingWork(client, part.runId);
    const works = effectsOfRerun(standing, part.stage).map((work) =>
      part.item === null || work.stage > part.stage || work.item === part.item
        ? work
        : { ...work, effect: 'keep' as const },
    );
    if (works.every(({ effect }) => effect === 'keep')) {
      throw new NothingToRedoError('没有这个阶段', { run: part.runId, stage: part.stage });
    }
    const { runId, kind, subject, state, consortium } = run;
    return impactOf({
      run: { runId, kind, subject, state },
      works,
      closed: await closedMonths(client, consortium),
      mayMeetItself: false,
    });
  }

  private async failed(item: string): Promise<Part> {
    const { rows } = await this.pool.query<{ runId: string; stage: number }>(
      `SELECT run_id AS "runId", stage FROM work_item WHERE id = $1 AND state = 'failed'`,
      [item],
    );
    const [found] = rows;
    if (found === undefined) throw new NothingToRedoError('没有这项失败的工作', { item });
    return { ...found, item };
  }
}

/** From a stage on; `item` narrows that stage to one piece of its work. */
interface Part {
  readonly runId: string;
  readonly stage: number;
  readonly item: string | null;
}
