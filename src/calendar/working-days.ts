import { addDays, type IsoDate } from '../kernel/dates.js';
import { type CalendarYear, daysOf, type SiteCalendar } from './calendar-file.js';
import { CalendarGapError } from './errors.js';
import { isWeekend } from './weekday.js';

/** What a day is, and why. */
export interface DayKind {
  readonly working: boolean;
  /** The holiday's name, or why people work on a weekend; null for an ordinary day. */
  readonly name: string | null;
  /** Number of the notice, or clause of the site's own document; null for an ordinary day. */
  readonly basis: string | null;
}

/**
 * Working days (工作日): Monday to Friday, without the holidays of the year's notice, with its make-up days; a site's own days come
 * first. A year without a file is unknown, never assumed.
 */
export class WorkingDays {
  private constructor(
    private readonly years: ReadonlySet<string>,
    private readonly special: ReadonlyMap<IsoDate, DayKind>,
  ) {}

  static of(years: readonly CalendarYear[], site: SiteCalendar | null = null): WorkingDays {
    const special = new Map<IsoDate, DayKind>();
    for (const { holidays, workdays, document } of years) {
      const basis = document.number;
      for (const holiday of holidays)
        for (const day of daysOf(holiday))
          special.set(day, { working: false, name: holiday.name, basis });
      for (const day of workdays) special.set(day, { working: true, name: '调休上班', basis });
    }
    for (const { kind, name, clause, ...span } of site?.days ?? [])
      for (const day of daysOf(span))
        special.set(day, { working: kind === 'workday', name, basis: clause });
    return new WorkingDays(new Set(years.map(({ year }) => String(year))), special);
  }

  /** @throws CalendarGapError when the day's year has no file */
  day(date: IsoDate): DayKind {
    const year = date.slice(0, 4);
    if (!this.years.has(year))
      throw new CalendarGapError(`没有 ${year} 年的工作日历，无法判断 ${date} 是否工作日`, {
        year,
      });
    return this.special.get(date) ?? { working: !isWeekend(date), name: null, basis: null };
  }

  isWorkingDay(date: IsoDate): boolean {
    return this.day(date).working;
  }

  /**
   * The last day of a term of `count` working days: the first day counted is the day after `from`, whatever `from` itself is.
   *
   * @throws RangeError when `count` is not a whole number from 1 to 1000; CalendarGapError
   */
  addWorkingDays(from: IsoDate, count: number): IsoDate {
    if (!Number.isInteger(count) || count < 1 || count > MOST_DAYS)
      throw new RangeError(`a term has 1 to ${MOST_DAYS} working days, not ${count}`);
    let day = from;
    for (let left = count; left > 0; ) {
      day = addDays(day, 1);
      if (this.isWorkingDay(day)) left -= 1;
    }
    return day;
  }

  /** Working days after `from` up to and with `to`; 0 when `to` is not later. */
  workingDaysBetween(from: IsoDate, to: IsoDate): number {
    let count = 0;
    for (let day = addDays(from, 1); day <= to; day = addDays(day, 1))
      if (this.isWorkingDay(day)) count += 1;
    return count;
  }
}

const MOST_DAYS = 1_000;
