import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DeadlineService } from '../calendar/deadline.service.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { addDays, type IsoDate } from '../kernel/dates.js';
import type { Tick } from './job.js';
import { planDue, planNight } from './plan.js';
import { RunService } from './run.service.js';
import { dayBefore, nightsDue, type Schedule, startedByNight } from './schedule.js';
import { SitePlan } from './site-plan.service.js';
import { WorkQueue } from './work-queue.service.js';

const TICK_QUEUE = 'settle';
const KEEP_FAILED_MS = 7 * 24 * 3_600_000;
const MOST_CLEANED = 10_000;
/** A tick waits behind the work of its queue; later than this its job is gone. */
const MOST_LATE_MS = 120_000;

/** Keeps the queue's schedulers equal to the site's `schedule.yaml` and does what they set off. */
@Injectable()
export class ScheduleService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly site: SitePlan,
    private readonly runs: RunService,
    private readonly queue: WorkQueue,
    private readonly deadlines: DeadlineService,
  ) {}

  /** Called by the leader alone, once. Schedulers that the file no longer names are removed. */
  async publish(): Promise<void> {
    const wanted = this.wanted();
    const queue = this.queue.queue(TICK_QUEUE);
    for (const { key } of await queue.getJobSchedulers()) {
      if (!wanted.has(key)) await queue.removeJobScheduler(key);
    }
    for (const id of wanted.keys()) await this.set(id);
  }

  /** Called by the leader again and again: sets schedulers that a wiped queue lost, or that missed their own next time. */
  async restore(): Promise<void> {
    const ahead = new Set<string>();
    for (const { key, next } of await this.queue.queue(TICK_QUEUE).getJobSchedulers()) {
      if ((next ?? 0) > Date.now() - MOST_LATE_MS) ahead.add(key);
    }
    for (const id of this.wanted().keys()) if (!ahead.has(id)) await this.set(id);
  }

  private wanted(): ReadonlyMap<string, Schedule['ticks'][number]> {
    return new Map(this.site.schedule().ticks.map((tick) => [`${tick.job} ${tick.cron}`, tick]));
  }

  private async set(id: string): Promise<void> {
    const tick = this.wanted().get(id);
    if (tick === undefined) return;
    await this.queue
      .queue(TICK_QUEUE)
      .upsertJobScheduler(
        id,
        { pattern: tick.cron, tz: this.site.schedule().timezone },
        { name: 'tick', data: { tick: tick.job }, opts: { attempts: 3, removeOnComplete: true } },
      );
  }

  /** A tick may come late, twice or after days of standstill: what it does follows from the books, not from its number. */
  async tick(tick: Tick, now: Date): Promise<void> {
    if (tick === 'clean') return this.clean();
    const yesterday = dayBefore(now, this.site.schedule().timezone);
    await this.catchUpNights(yesterday);
    await this.startDue(addDays(yesterday, 1));
  }

  private async catchUpNights(until: IsoDate): Promise<void> {
    const input = this.site.input();
    const { rows } = await this.pool.query<{ last: string | null }>(
      `SELECT max(subject) AS last FROM work_run WHERE consortium = $1 AND kind = 'night'`,
      [input.consortium],
    );
    for (const day of nightsDue(rows[0]?.last ?? null, until)) {
      await this.runs.start(planNight(input, day));
    }
  }

  /** A run that failed for want of something is tried again each night until its period is closed. */
  private async startDue(on: IsoDate): Promise<void> {
    const schedule = this.site.schedule();
    if (schedule.whenDue.length === 0) return;
    const { consortium } = this.site.input();
    const due = await this.deadlines.dueRuns({ consortium, on });
    for (const run of startedByNight(schedule, due)) {
      await this.runs.start(planDue(consortium, run));
    }
  }

  private async clean(): Promise<void> {
    for (const queue of this.queue.all()) await queue.clean(KEEP_FAILED_MS, MOST_CLEANED, 'failed');
  }
}
