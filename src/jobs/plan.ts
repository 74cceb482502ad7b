import type { DueRun } from '../calendar/due-runs.js';
import type { Stream } from '../ingest/fields.js';
import { addDays, type IsoDate } from '../kernel/dates.js';
import {
  firstDay,
  lastDay,
  type Month,
  monthOf,
  monthsOf,
  nextMonth,
  type Year,
} from '../kernel/period.js';
import { type PlannedWork, planned } from './job.js';
import {
  auditMonth,
  confirmHard,
  declareMonths,
  dispatchMessages,
  openNext,
  pullWindow,
  reconcileMonths,
  settleMonth,
  settleRelease,
  settleStart,
  settleYear,
  verifyJournal,
} from './job-kinds.js';

export const RUN_KINDS = [
  'backfill',
  'night',
  'start',
  'release',
  'year',
  'sync-compare',
  'sync-backfill',
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What a run consists of: stages one after another, the work of a stage side by side. */
export interface RunPlan {
  readonly consortium: string;
  readonly kind: RunKind;
  /** Month, day, year or stretch of a member's days the run is about. */
  readonly subject: string;
  readonly stages: readonly (readonly PlannedWork[])[];
}

/** One member whose source is read. */
export interface PlannedSource {
  readonly institution: string;
  readonly streams: readonly Stream[];
}

/** What follows the last night of a month. Absent: people close the month themselves. */
export interface MonthEnd {
  /** A standing decision of the compliance officer on findings that need no judgement (刚性疑点); null: people decide each. */
  readonly confirmHard: { readonly decidedBy: string; readonly reason: string } | null;
}

export interface PlanInput {
  readonly consortium: string;
  readonly sources: readonly PlannedSource[];
  readonly monthEnd: MonthEnd | null;
}

/** A whole month read at once, and closed if the site closes months by itself. */
export function planBackfill(input: PlanInput, month: Month): RunPlan {
  const { consortium, monthEnd } = input;
  const scope = `${consortium}.backfill.${month}`;
  const window = { from: firstDay(month), to: firstDay(nextMonth(month)), late: false };
  return {
    consortium,
    kind: 'backfill',
    subject: month,
    stages: [
      ...pulls(input, window, scope),
      [planned(auditMonth, { consortium, months: [month], scope: 'all' }, scope)],
      ...(monthEnd === null ? [] : closing(consortium, month, { scope, monthEnd })),
    ],
  };
}

/**
 * One business day of every member, with what came late or changed in the days before; on the last day of a month all of its days are
 * looked at again, then comes the month's end.
 */
export function planNight(input: PlanInput, day: IsoDate): RunPlan {
  const { consortium, monthEnd } = input;
  const scope = `${consortium}.night.${day}`;
  const month = monthOf(day);
  const closes = monthEnd !== null && day === lastDay(month);
  const whom = day === lastDay(month) ? 'all' : 'changed';
  const lookBackFrom = day === lastDay(month) ? firstDay(month) : null;
  const window = { from: day, to: addDays(day, 1), late: true, lookBackFrom };
  return {
    consortium,
    kind: 'night',
    subject: day,
    stages: [
      ...pulls(input, window, scope),
      [planned(auditMonth, { consortium, months: [month], scope: whom }, scope)],
      ...(closes ? closing(consortium, month, { scope, monthEnd }) : []),
    ],
  };
}

/** The start-of-year prepayment (年初预付), where the region's text has one. */
export function planStart(consortium: string, year: Year): RunPlan {
  const scope = `${consortium}.start.${year}`;
  const stages = [[planned(settleStart, { consortium, year }, scope)]];
  return { consortium, kind: 'start', subject: year, stages };
}

/** The release of what a month held back (月度考核金), once the month is assessed. */
export function planRelease(consortium: string, month: Month): RunPlan {
  const scope = `${consortium}.release.${month}`;
  const stages = [[planned(settleRelease, { consortium, month }, scope)]];
  return { consortium, kind: 'release', subject: month, stages };
}

/** The start or the release that has become due. */
export function planDue(
  consortium: string,
  { kind, period }: Pick<DueRun, 'kind' | 'period'>,
): RunPlan {
  return kind === 'start' ? planStart(consortium, period) : planRelease(consortium, period);
}

/**
 * The annual clearing (年度清算). Before it is reported, all its months are declared and compared once more: what came late has changed
 * months that were declared already. Last, the journal behind it is checked.
 */
export function planYear(consortium: string, year: Year): RunPlan {
  const scope = `${consortium}.year.${year}`;
  const months = monthsOf(year);
  return {
    consortium,
    kind: 'year',
    subject: year,
    stages: [
      [planned(settleYear, { consortium, year }, scope)],
      [planned(declareMonths, { consortium, months }, scope)],
      [planned(dispatchMessages, { consortium }, scope)],
      [planned(reconcileMonths, { consortium, months }, scope)],
      [planned(verifyJournal, { consortium }, scope)],
    ],
  };
}

interface PullWindow {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly late: boolean;
  readonly lookBackFrom?: IsoDate | null;
}

/** Persons of all members first: who is who must not depend on which member answers sooner. */
function pulls(
  { sources }: PlanInput,
  window: PullWindow,
  scope: string,
): readonly (readonly PlannedWork[])[] {
  const pull = (institution: string, streams: readonly Stream[]) =>
    planned(pullWindow, { institution, streams: [...streams], ...window }, scope);
  const persons = sources
    .filter(({ streams }) => streams.includes('persons'))
    .map(({ institution }) => pull(institution, ['persons']));
  const claims = sources.map(({ institution, streams }) =>
    pull(
      institution,
      streams.filter((stream) => stream !== 'persons'),
    ),
  );
  return persons.length === 0
    ? [claims]
    : [persons, [planned(openNext, { after: 'persons' }, scope)], claims];
}

function closing(
  consortium: string,
  month: Month,
  { scope, monthEnd }: { readonly scope: string; readonly monthEnd: MonthEnd },
): readonly (readonly PlannedWork[])[] {
  const confirmed =
    monthEnd.confirmHard === null
      ? []
      : [[planned(confirmHard, { consortium, months: [month], ...monthEnd.confirmHard }, scope)]];
  return [
    ...confirmed,
    [planned(settleMonth, { consortium, month, close: true }, scope)],
    [planned(declareMonths, { consortium, months: [month] }, scope)],
    [planned(dispatchMessages, { consortium }, scope)],
    [planned(reconcileMonths, { consortium, months: [month] }, scope)],
  ];
}
