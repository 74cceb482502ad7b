import { type IsoDate, isIsoDate } from '../kernel/dates.js';
import type { PolicyAt } from '../policy/policy.js';
import { DUTIES, type Duty, IN_PRINCIPLE } from './duties.js';
import { CalendarGapError, DeadlineTermError } from './errors.js';
import { type Event, type EventSources, eventOf, type Waiting } from './events.js';
import type { WorkingDays } from './working-days.js';

/**
 * `open`         the term runs
 * `met`          done in time
 * `late`         done after its last day
 * `breached`     its last day is over and it is not done
 * `waiting`      the event that starts it has not happened
 * `unspecified`  the text sets no term, and no overlay does
 * `no-calendar`  the term runs into a year without a calendar
 */
export type DeadlineState =
  | 'breached'
  | 'late'
  | 'met'
  | 'no-calendar'
  | 'open'
  | 'unspecified'
  | 'waiting';

export interface Deadline {
  readonly duty: string;
  readonly label: string;
  readonly owedBy: Duty['owedBy'];
  readonly period: string;
  readonly state: DeadlineState;
  /** The term in words: `30 个工作日（自最后一家成员单位完成申报）`. */
  readonly term: string;
  /** Only in principle (原则上). */
  readonly inPrinciple: boolean;
  readonly clause: string;
  /** The overlay that set the term instead of the region's own text. */
  readonly overlay: string | null;
  readonly sample: boolean;
  readonly startedOn: IsoDate | null;
  readonly startedBy: string | null;
  /** The last day in time. */
  readonly due: IsoDate | null;
  readonly doneOn: IsoDate | null;
  /** Working days left (open) or overdue (late, breached); null where there are none, or a year has no calendar. */
  readonly workingDays: number | null;
  readonly note: string | null;
}

export interface DeadlineQuestion {
  readonly policy: PolicyAt;
  readonly period: string;
  readonly on: IsoDate;
  readonly calendar: WorkingDays;
  readonly sources: EventSources;
}

/** The terms of one period on a day, in the order of the year. Regions have only the duties their text sets. */
export function deadlinesOf(question: DeadlineQuestion): readonly Deadline[] {
  const per = question.period.length === 7 ? 'month' : 'year';
  return DUTIES.filter((duty) => duty.per === per).flatMap((duty) => {
    const { policy, period } = question;
    const gap = policy.gapOf(duty.parameter);
    if (gap !== null && gap.clause === '') return []; // the region's text knows no such term
    if (isOtherYear(duty, policy, period)) return [];
    return gap === null
      ? [judged(question, duty)]
      : [{ ...blank(question, duty, gap.clause), state: 'unspecified', note: gap.reason }];
  });
}

/** A term that ends on one date concerns the year of that date only. */
function isOtherYear({ term, parameter }: Duty, policy: PolicyAt, period: string): boolean {
  return (
    term.kind === 'date' &&
    policy.gapOf(parameter) === null &&
    !policy.text(parameter).startsWith(period)
  );
}

function judged(question: DeadlineQuestion, duty: Duty): Deadline {
  const { policy, period, calendar, sources, on } = question;
  const { clause, overlay, sample } = policy.parameter(duty.parameter);
  const base = {
    ...blank(question, duty, clause),
    ...{ overlay, sample, term: termText(policy, duty) },
  };
  const start = startOf(question, duty);
  if (start !== null && 'waitingFor' in start)
    return { ...base, state: 'waiting', note: `等待${start.waitingFor}` };
  const done = eventOf(sources, duty.doneBy, period);
  const doneOn = 'on' in done && done.on <= on ? done.on : null;
  const known = { ...base, startedOn: start?.on ?? null, startedBy: start?.basis ?? null, doneOn };
  try {
    const due = dueOf(question, duty, start);
    return { ...known, due, ...verdict({ due, doneOn, on, calendar }) };
  } catch (error) {
    if (!(error instanceof CalendarGapError)) throw error;
    return { ...known, state: 'no-calendar', note: error.message };
  }
}

/** What starts the clock, as far as it had happened by the day asked about; null: the calendar itself does. */
function startOf(
  { sources, period, on }: DeadlineQuestion,
  { term }: Duty,
): Event | Waiting | null {
  if (term.kind !== 'working-days') return null;
  const event = eventOf(sources, term.after, period);
  if ('on' in event && event.on > on) return { waitingFor: `${event.basis}（${event.on}）` };
  return event;
}

function dueOf(
  { policy, period, calendar }: DeadlineQuestion,
  { term, parameter }: Duty,
  start: Event | null,
): IsoDate {
  const value = policy.text(parameter);
  if (term.kind === 'date') return value;
  if (term.kind === 'day-of-year') {
    const due = `${Number(period.slice(0, 4)) + term.yearsLater}-${value}`;
    if (!isIsoDate(due))
      throw new DeadlineTermError(`${parameter} 应写月-日，例如 01-31：${value}`);
    return due;
  }
  return calendar.addWorkingDays(start?.on ?? '', Number(value));
}

interface Judged {
  readonly due: IsoDate;
  readonly doneOn: IsoDate | null;
  readonly on: IsoDate;
  readonly calendar: WorkingDays;
}

/** The last day itself is in time. */
function verdict({ due, doneOn, on, calendar }: Judged): Pick<Deadline, 'state' | 'workingDays'> {
  if (doneOn !== null && doneOn <= due) return { state: 'met', workingDays: null };
  const count = (from: IsoDate, to: IsoDate) => countKnown(calendar, from, to);
  if (doneOn !== null) return { state: 'late', workingDays: count(due, doneOn) };
  if (on <= due) return { state: 'open', workingDays: count(on, due) };
  return { state: 'breached', workingDays: count(due, on) };
}

/** Null where a year on the way has no calendar: the term is a date, only how many working days are left is unknown. */
function countKnown(calendar: WorkingDays, from: IsoDate, to: IsoDate): number | null {
  try {
    return calendar.workingDaysBetween(from, to);
  } catch (error) {
    if (!(error instanceof CalendarGapError)) throw error;
    return null;
  }
}

function termText(policy: PolicyAt, { term, parameter }: Duty): string {
  const value = policy.text(parameter);
  if (term.kind === 'date') return value;
  if (term.kind === 'day-of-year') {
    const [month, day] = value.split('-').map(Number);
    return `${term.yearsLater === 1 ? '次年' : '当年'} ${month} 月 ${day} 日前`;
  }
  return `${value} 个工作日`;
}

function blank({ policy, period }: DeadlineQuestion, duty: Duty, clause: string): Deadline {
  const listed = policy.gapOf(IN_PRINCIPLE) === null ? policy.list(IN_PRINCIPLE) : [];
  const { id, label, owedBy } = duty;
  const nothing = { startedOn: null, startedBy: null, due: null, doneOn: null, workingDays: null };
  return {
    ...{ duty: id, label, owedBy, period, clause, ...nothing },
    ...{ state: 'waiting', term: '', overlay: null, sample: false, note: null },
    inPrinciple: listed.includes(id),
  };
}
