import type { IsoDate } from '../kernel/dates.js';
import { byText } from '../kernel/order.js';
import { firstDay, type Month, monthOf, type Year, yearOf } from '../kernel/period.js';
import { type EventSources, eventOf } from './events.js';

/** Settlements that only some regions have and that neither a month's end nor a clearing brings. */
export const DUE_KINDS = ['start', 'release'] as const;
export type DueKind = (typeof DUE_KINDS)[number];

/** A settlement whose day has come and that is not closed (待办结算). */
export interface DueRun {
  readonly kind: DueKind;
  /** Year of a start, month of a release. */
  readonly period: Month | Year;
  readonly label: string;
  /** `waiting`: what it rests on has not happened. */
  readonly state: 'due' | 'waiting';
  /** The first day on which it could be made; null while it waits. */
  readonly since: IsoDate | null;
  /** `Duty.id` of the term that follows from it, for regions that set one. */
  readonly duty: string;
  /** What a person types. */
  readonly command: string;
  readonly note: string | null;
}

/** The current run of a period. */
export interface StandingRun {
  readonly kind: string;
  readonly period: string;
  /** Null: open, or taken back. */
  readonly closedOn: IsoDate | null;
  /** It was settled and taken back (红冲). */
  readonly takenBack: boolean;
}

export interface DueQuestion {
  readonly on: IsoDate;
  /** Kinds of settlement that the region has steps for. */
  readonly plans: ReadonlySet<string>;
  /** The first day on which the region's own text is in force. */
  readonly from: IsoDate;
  /** Whether people file the day on which a month's assessment ended. */
  readonly filesAssessment: boolean;
  readonly standing: readonly StandingRun[];
  readonly sources: EventSources;
}

const WORDS = { start: '年初预付', release: '月度考核金发放' } as const;
const DUTY = { start: 'start-payment', release: 'release-pass-on' } as const;
const ASSESSED = 'assessed.month';

/**
 * What is to be settled on a day: the start of its year from the first day in force, and of each closed month the release of what it held
 * back, once its assessment has ended. Oldest first. What is closed counts as the books stand, whenever it was closed.
 *
 * @source ganyu-2025-1 §三(二)2   start-of-year prepayment before the end of January
 * @source ganyu-2025-1 §三(二)3   the month's assessment money after its assessment
 */
export function dueRuns(question: DueQuestion): readonly DueRun[] {
  return DUE_KINDS.filter((kind) => question.plans.has(kind)).flatMap((kind) =>
    kind === 'start' ? dueStart(question) : dueReleases(question),
  );
}

function dueStart({ on, from, standing }: DueQuestion): readonly DueRun[] {
  const year = yearOf(on);
  const since = latest(from, firstDay(`${year}-01`));
  if (since > on || isClosed(standing, 'start', year)) return [];
  return [{ ...named(standing, 'start', year), state: 'due', since, note: null }];
}

function dueReleases(question: DueQuestion): readonly DueRun[] {
  const { from, standing } = question;
  return standing
    .flatMap(({ kind, period, closedOn }) =>
      kind === 'month' && closedOn !== null ? [{ month: period, closedOn }] : [],
    )
    .filter(({ month }) => month >= monthOf(from) && !isClosed(standing, 'release', month))
    .sort((a, b) => byText(a.month, b.month))
    .map(({ month, closedOn }) => ({
      ...named(standing, 'release', month),
      ...assessed(question, month, closedOn),
    }));
}

function assessed(
  { on, filesAssessment, sources }: DueQuestion,
  month: Month,
  closedOn: IsoDate,
): Pick<DueRun, 'note' | 'since' | 'state'> {
  if (!filesAssessment) return { state: 'due', since: closedOn, note: null };
  const event = eventOf(sources, ASSESSED, month);
  if ('waitingFor' in event)
    return { state: 'waiting', since: null, note: `等待${event.waitingFor}` };
  if (event.on > on)
    return { state: 'waiting', since: null, note: `等待${event.basis}（${event.on}）` };
  return { state: 'due', since: latest(closedOn, event.on), note: null };
}

const latest = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b);

function isClosed(standing: readonly StandingRun[], kind: DueKind, period: string): boolean {
  return standing.some(
    (run) => run.kind === kind && run.period === period && run.closedOn !== null,
  );
}

function named(standing: readonly StandingRun[], kind: DueKind, period: string) {
  const takenBack = standing.some(
    (run) => run.kind === kind && run.period === period && run.takenBack,
  );
  const again = takenBack ? ' --again' : ''; // its work has ended: asked for plainly, nothing would be done
  return {
    ...{ kind, period, label: WORDS[kind], duty: DUTY[kind] },
    command: `npx heyi run ${kind} ${period}${again}`,
  };
}
