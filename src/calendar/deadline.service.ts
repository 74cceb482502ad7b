import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import type { IsoDate } from '../kernel/dates.js';
import { lastDay, monthsOf } from '../kernel/period.js';
import { filingsOf, policyAt } from '../policy/resolve.js';
import { policyDay } from '../settlement/compute.js';
import { loadSitePolicy } from '../settlement/site-policy.loader.js';
import { readBookEvents, readStandingRuns } from './book-events.repository.js';
import { loadWorkingDays } from './calendar.loader.js';
import { type Deadline, deadlinesOf } from './deadlines.js';
import { type DueRun, dueRuns } from './due-runs.js';
import type { EventSources } from './events.js';

export interface DeadlinesRequest {
  readonly consortium: string;
  /** The day on which one looks. */
  readonly on: IsoDate;
  /** Settlement year; absent: the year of `on` and the one before. */
  readonly year?: string;
}

/** The terms of the region's text on a day: what runs, what was kept, what was broken (期限). Reads only. */
@Injectable()
export class DeadlineService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /** @throws ConfigError, DeadlineTermError */
  async list({ consortium, on, year }: DeadlinesRequest): Promise<readonly Deadline[]> {
    const { chain, overlays, records, units } = loadSitePolicy(this.site, consortium);
    const calendar = loadWorkingDays(this.site);
    const { timezone, units: members } = units;
    const books = await readBookEvents(this.pool, { consortium, timezone });
    const sources: EventSources = { filings: records.filings, books, members };
    const first = chain[0].effective.from;
    return periodsOf({ on, first, ...(year === undefined ? {} : { year }) }).flatMap((period) =>
      deadlinesOf({
        policy: policyAt(chain, policyDay(period), overlays),
        ...{ period, on, calendar, sources },
      }),
    );
  }

  /** Starts of years and releases that are to be settled on a day, oldest first (待办结算). @throws ConfigError */
  async dueRuns({
    consortium,
    on,
  }: Pick<DeadlinesRequest, 'consortium' | 'on'>): Promise<readonly DueRun[]> {
    const { chain, records, units } = loadSitePolicy(this.site, consortium);
    const question = { consortium, timezone: units.timezone };
    return dueRuns({
      on,
      plans: new Set(chain.flatMap(({ plans }) => Object.keys(plans))),
      from: chain[0].effective.from,
      filesAssessment: Object.hasOwn(filingsOf(chain), 'assessed.month'),
      standing: await readStandingRuns(this.pool, question),
      sources: {
        ...{ filings: records.filings, members: units.units },
        books: await readBookEvents(this.pool, question),
      },
    });
  }
}

interface Span {
  readonly on: IsoDate;
  /** The region's first day in force. */
  readonly first: IsoDate;
  readonly year?: string;
}

/** Years with their months that are over by `on`, none before the region came into force. */
function periodsOf({ on, first, year }: Span): readonly string[] {
  const now = Number(on.slice(0, 4));
  const years = year === undefined ? [String(now - 1), String(now)] : [year];
  return years
    .filter((each) => each >= first.slice(0, 4) && each <= on.slice(0, 4))
    .flatMap((each) => [
      each,
      ...monthsOf(each).filter((month) => lastDay(month) <= on && lastDay(month) >= first),
    ]);
}
