import type { DeadlineService } from '../calendar/deadline.service.js';
import type { DueRun } from '../calendar/due-runs.js';
import { type Schedule, startedByNight } from '../jobs/schedule.js';
import { lastDay, type Month, nextMonth, type Year, yearOf } from '../kernel/period.js';

/** What these settlements are asked for with. */
interface DueParts {
  readonly deadlines: DeadlineService;
  readonly schedule: Schedule;
  readonly consortium: string;
  readonly year: Year;
}

/**
 * The settlements that only some regions have (年初预付、月度考核金发放), as the nights of a site would start them; the demo's nights are in a
 * year that is over, so it asks once a month.
 */
export class DueSettlements {
  constructor(private readonly parts: DueParts) {}

  /** Before a month is settled: what becomes due in its course. */
  before(month: Month): Promise<readonly DueRun[]> {
    return this.on(lastDay(month));
  }

  /** After the year's last month: what becomes due in the month that follows it. */
  after(month: Month): Promise<readonly DueRun[]> {
    return this.on(lastDay(nextMonth(month)));
  }

  private async on(on: string): Promise<readonly DueRun[]> {
    const { deadlines, schedule, consortium, year } = this.parts;
    const due = startedByNight(schedule, await deadlines.dueRuns({ consortium, on }));
    return due.filter(({ period }) => yearOf(period) === year);
  }
}
