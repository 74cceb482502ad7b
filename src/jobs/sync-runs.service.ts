import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { SyncRequestError } from '../ingest/errors.js';
import { JournalService } from '../journal/journal.service.js';
import { RunBusyError } from './errors.js';
import type { RunPlan } from './plan.js';
import { RunService } from './run.service.js';
import { SitePlan } from './site-plan.service.js';
import { findRun } from './standing-work.repository.js';
import {
  type CompareRequest,
  planCompare,
  planStretch,
  type StretchRequest,
  type Word,
} from './sync-plan.js';
import type { SyncResult } from './sync-result.js';

/** One piece of a run over a stretch of days. */
export interface SyncWork {
  readonly item: string;
  readonly state: string;
  readonly part: { readonly from: string; readonly to: string };
  readonly result: SyncResult | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
  } | null;
  /** UTC instant before which it is not begun; null: it is not put off. */
  readonly putOffTo: string | null;
}

/** Looking again at days of a member, as runs: whoever works carries them out. */
@Injectable()
export class SyncRuns {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly site: SitePlan,
    private readonly runs: RunService,
    private readonly journal: JournalService,
  ) {}

  /** @param word  who asks and why; null: nobody said. @throws SyncRequestError, RunBusyError, ConfigError */
  async compare(request: CompareRequest, word: Word | null): Promise<string> {
    return this.start(planCompare(this.consortiumOf(request), request), request, word);
  }

  /** @param word  who asks and why; null: nobody said. @throws SyncRequestError, RunBusyError, ConfigError */
  async backfill(request: StretchRequest, word: Word | null): Promise<string> {
    return this.start(planStretch(this.consortiumOf(request), request), request, word);
  }

  /** The pieces of a run, as they stand. */
  async work(runId: string): Promise<readonly SyncWork[]> {
    const { rows } = await this.pool.query<SyncWork>(
      `SELECT id AS item, state, payload -> 'part' AS part, result, last_error AS error,
              CASE WHEN state = 'pending' AND due_at > now() THEN due_at END AS "putOffTo"
         FROM work_item WHERE run_id = $1 ORDER BY payload #>> '{part,from}'`,
      [runId],
    );
    return rows;
  }

  /** Every request looks anew, except that one under way is not begun a second time. */
  private async start(
    plan: RunPlan,
    { institution, from, to, streams, ...options }: StretchRequest,
    word: Word | null,
  ): Promise<string> {
    const before = await findRun(this.pool, plan);
    if (before?.state === 'running') {
      throw new RunBusyError(`这段日期的同类运行（编号 ${before.runId}）还在进行`, {
        run: before.runId,
      });
    }
    const { consortium, kind } = plan;
    return this.runs.start(plan, 'next', async (client, run) => {
      if (word === null) return;
      await this.journal.append(client, {
        ...{ consortium, kind: 'decision', subject: `${kind}:${institution}` },
        content: { run, from, to, streams: [...(streams ?? [])], ...flags(options), ...word },
      });
    });
  }

  /** @throws SyncRequestError when the member or the stream has no source */
  private consortiumOf({ institution, streams = [], from, to }: StretchRequest): string {
    const { consortium, sources } = this.site.input();
    const source = sources.find((each) => each.institution === institution);
    if (source === undefined)
      throw new SyncRequestError(`没有机构 ${institution} 的来源配置`, '请核对机构编号。');
    const missing = streams.find((stream) => !source.streams.includes(stream));
    if (missing !== undefined)
      throw new SyncRequestError(`机构 ${institution} 没有数据流 ${missing}`, '请核对数据流名称。');
    if (from >= to) throw new SyncRequestError('截止日不含，须晚于起始日', '请更正日期。');
    return consortium;
  }
}

function flags(options: Pick<StretchRequest, 'outsideHours'> & Partial<CompareRequest>) {
  const { outsideHours, repair = true, withdrawal } = options;
  return { repair, withdraw: withdrawal !== undefined, outsideHours: outsideHours !== undefined };
}
