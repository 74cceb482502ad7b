import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import type { Tick } from './job.js';
import { planNight } from './plan.js';
import { RunService } from './run.service.js';
import { dayBefore, nightsDue } from './schedule.js';
import { SitePlan } from './site-plan.service.js';
import { WorkQueue } from './work-queue.service.js';

const TICK_QUEUE = 'settle';
const KEEP_FAILED_MS = 7 * 24 * 3_600_000;
const MOST_CLEANED = 10_000;

/** Keeps the queue's schedulers equal to the site's `schedule.yaml` and does what they set off. */
@Injectable()
export class ScheduleService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly site: SitePlan,
    private readonly runs: RunService,
    private readonly queue: WorkQueue,
  ) {}

  /** Called by the leader alone. Schedulers that the file no longer names are removed. */
  async publish(): Promise<void> {
    const { ticks, timezone } = this.site.schedule();
    const queue = this.queue.queue(TICK_QUEUE);
    const wanted = new Set(ticks.map(({ job, cron }) => schedulerId(job, cron)));
    for (const { key } of await queue.getJobSchedulers()) {
      if (!wanted.has(key)) await queue.removeJobScheduler(key);
    }
    for (const { job, cron } of ticks) {
      await queue.upsertJobScheduler(
        schedulerId(job, cron),
        { pattern: cron, tz: timezone },
        { name: 'tick', data: { tick: job }, opts: { attempts: 3, removeOnComplete: true } },
      );
    }
  }

  /** A tick may come late, twice or after days of standstill: what it does follows from the books, not from its number. */
  async tick(tick: Tick, now: Date): Promise<void> {
    if (tick === 'night') await this.catchUpNights(now);
    else await this.clean();
  }

  private async catchUpNights(now: Date): Promise<void> {
    const input = this.site.input();
    const { rows } = await this.pool.query<{ last: string | null }>(
      `SELECT max(subject) AS last FROM work_run WHERE consortium = $1 AND kind = 'night'`,
      [input.consortium],
    );
    const until = dayBefore(now, this.site.schedule().timezone);
    for (const day of nightsDue(rows[0]?.last ?? null, until)) {
      await this.runs.start(planNight(input, day));
    }
  }

  private async clean(): Promise<void> {
    for (const queue of this.queue.all()) await queue.clean(KEEP_FAILED_MS, MOST_CLEANED, 'failed');
  }
}

function schedulerId(job: Tick, cron: string): string {
  return `${job} ${cron}`;
}
