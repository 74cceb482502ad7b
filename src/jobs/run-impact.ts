import { addDays } from '../kernel/dates.js';
import { type Month, monthOf, monthsOf, nextMonth } from '../kernel/period.js';
import type { RunKind } from './plan.js';

/** What starting or repeating would do to one piece of work. */
export type Effect =
  | 'create' // it is not there yet
  | 'resume' // it is open or has failed, and goes on
  | 'redo' // it was done, and is done once more
  | 'keep'; // it was done, and stays

export interface ImpactItem {
  /** Null: not there yet. */
  readonly item: string | null;
  readonly stage: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly state: string | null;
  readonly effect: Effect;
  /** Closed months the work is about: their figures stay as they are. */
  readonly closedMonths: readonly Month[];
}

/** What would happen, before anybody says yes. */
export interface RunImpact {
  readonly run: {
    readonly runId: string | null;
    readonly kind: RunKind;
    readonly subject: string;
    readonly state: string | null;
  };
  readonly items: readonly ImpactItem[];
  readonly closedMonths: readonly Month[];
  /** For people, Chinese first. */
  readonly remarks: readonly string[];
  readonly allowed: boolean;
}

/** A piece of work as it stands or as it is planned. */
export interface StandingWork {
  readonly item: string | null;
  readonly stage: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly state: string | null;
}

/** What was asked for: a whole run, or part of it anew. */
export interface Foreseen {
  readonly run: RunImpact['run'];
  readonly works: readonly (StandingWork & { readonly effect: Effect })[];
  readonly closed: ReadonlySet<Month>;
  /** A part that is done anew must not meet itself: nothing of the run may be under way. */
  readonly mayMeetItself: boolean;
}

/** Puts together what people are shown. */
export function impactOf({ run, works, closed, mayMeetItself }: Foreseen): RunImpact {
  const items = works.map(({ payload, ...work }) => ({
    ...work,
    closedMonths:
      work.effect === 'keep' ? [] : monthsAbout(payload).filter((month) => closed.has(month)),
  }));
  const closedMonths = [...new Set(items.flatMap((item) => item.closedMonths))].sort();
  const busy = works.filter(({ state }) => state === 'pending' || state === 'running').length;
  const allowed = mayMeetItself || busy === 0;
  const remarks = [
    ...(allowed ? [] : [`运行仍在进行，还有 ${busy} 项未结束 / the run is still under way`]),
    ...(closedMonths.length === 0
      ? []
      : [
          `${closedMonths.join('、')} 已关账：已结账的数字不变，变化只会作为以后月份的补记 / closed months keep their figures`,
        ]),
  ];
  return { run, items, closedMonths, remarks, allowed };
}

/**
 * @param planned   what the run consists of
 * @param standing  what is there of it, by business key
 * @param again     everything anew, or only what is missing or failed, and what is built on that
 */
export function effectsOfStart(
  planned: readonly StandingWork[],
  standing: ReadonlyMap<string, StandingWork>,
  again: boolean,
): readonly (StandingWork & { readonly effect: Effect })[] {
  const merged = planned.map((work) => {
    const there = standing.get(work.businessKey);
    return there === undefined ? work : { ...work, item: there.item, state: there.state };
  });
  const goesOn = merged.filter(({ state }) => state !== 'done').map(({ stage }) => stage);
  const earliest = Math.min(...goesOn);
  return merged.map((work) => {
    if (work.state === null) return { ...work, effect: 'create' };
    if (work.state !== 'done') return { ...work, effect: 'resume' };
    return { ...work, effect: again || work.stage > earliest ? 'redo' : 'keep' };
  });
}

/** Everything from a stage on; what failed before it stays failed. */
export function effectsOfRerun(
  standing: readonly StandingWork[],
  stage: number,
): readonly (StandingWork & { readonly effect: Effect })[] {
  return standing.map((work) => {
    if (work.stage < stage) return { ...work, effect: 'keep' };
    return { ...work, effect: work.state === 'done' ? 'redo' : 'resume' };
  });
}

/** Calendar months that a piece of work is about, by its payload: a month, months, a year or a window of days. */
export function monthsAbout(payload: Readonly<Record<string, unknown>>): readonly Month[] {
  const { month, months, year, from, to } = payload;
  if (typeof month === 'string') return [month];
  if (Array.isArray(months)) return months.filter((each) => typeof each === 'string');
  if (typeof year === 'string') return monthsOf(year);
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  const last = monthOf(addDays(to, -1)); // the window ends before `to`
  const about: Month[] = [];
  for (let each = monthOf(from); each <= last; each = nextMonth(each)) about.push(each);
  return about;
}
