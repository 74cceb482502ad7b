import { addDays, type IsoDate } from '../kernel/dates.js';

/** Business days, half-open. */
export interface DayWindow {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

/**
 * Windows of a stream never overlap in part: a read either contains an earlier one or has nothing in common with it. A request that
 * would cut through an earlier window is widened to it. So of the windows that no other contains each was read last of all within
 * it, and adding up just these counts every row once, in whatever order windows were asked for (docs/decisions/0100).
 *
 * @param known  windows that were read before
 */
export function alignedWindow(asked: DayWindow, known: readonly DayWindow[]): DayWindow {
  const cut = known.filter((each) => overlaps(each, asked) && !contains(asked, each));
  if (cut.length === 0) return asked;
  const from = [asked, ...cut].map((each) => each.from).reduce(earlier);
  const to = [asked, ...cut].map((each) => each.to).reduce(later);
  return alignedWindow({ from, to }, known);
}

/** The windows that a stretch of days is looked at again in: those it was read in, and single days where it was not. Disjoint, in order. */
export function windowsAgain(
  stretch: DayWindow,
  known: readonly DayWindow[],
): readonly DayWindow[] {
  const windows: DayWindow[] = [];
  for (let day = stretch.from; day < stretch.to; ) {
    const window = alignedWindow({ from: day, to: addDays(day, 1) }, known);
    windows.push(window);
    day = window.to;
  }
  return windows;
}

/** Of the windows of a stretch those that begin in one part of it; the first part also has the one that began before the stretch. */
export function windowsOfPart(
  windows: readonly DayWindow[],
  { stretch, part }: { readonly stretch: DayWindow; readonly part: DayWindow },
): readonly DayWindow[] {
  return windows.filter(({ from }) => {
    const begin = later(from, stretch.from);
    return begin >= part.from && begin < part.to;
  });
}

function overlaps(a: DayWindow, b: DayWindow): boolean {
  return a.from < b.to && b.from < a.to;
}

function contains(outer: DayWindow, inner: DayWindow): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

function earlier(a: IsoDate, b: IsoDate): IsoDate {
  return a < b ? a : b;
}

function later(a: IsoDate, b: IsoDate): IsoDate {
  return a > b ? a : b;
}
