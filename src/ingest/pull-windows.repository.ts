import type pg from 'pg';
import { addDays } from '../kernel/dates.js';
import type { PullRequest } from './batch.js';
import type { BatchKey } from './landing/batch.repository.js';
import { bookmarkOf, knownWindows } from './landing/window.repository.js';
import { alignedWindow, type DayWindow, windowsAgain } from './windows.js';

export interface LookBack {
  /** As the stream is configured. */
  readonly days: number;
  readonly catchUpDays: number;
}

/** Which windows of a database stream a pull reads: those it looks at again first, then the one that was asked for. Disjoint. */
export async function windowsToRead(
  pool: pg.Pool,
  key: Pick<BatchKey, 'consortium' | 'institution' | 'stream'>,
  { window, lookBackFrom }: Pick<PullRequest, 'window' | 'lookBackFrom'>,
  lookBack: LookBack,
): Promise<readonly DayWindow[]> {
  const known = await knownWindows(pool, key);
  const asked = alignedWindow(window, known);
  if (lookBackFrom === undefined || known.length === 0) return [asked];
  const bookmark = await bookmarkOf(pool, key);
  const from = startAgain({ window, lookBackFrom, bookmark, known, lookBack });
  const again = windowsAgain({ from, to: window.from }, known);
  return [...again.filter((each) => each.to <= asked.from), asked];
}

/** The first day looked at again; never before what was read at all. */
function startAgain({
  window,
  lookBackFrom,
  bookmark,
  known,
  lookBack,
}: Pick<PullRequest, 'window'> & {
  readonly lookBackFrom: string | null;
  readonly bookmark: string | null;
  readonly known: readonly DayWindow[];
  readonly lookBack: LookBack;
}): string {
  const configured = lookBackFrom ?? addDays(window.from, -lookBack.days);
  const most = addDays(window.from, -lookBack.catchUpDays);
  const behind = bookmark !== null && bookmark < configured ? later(bookmark, most) : configured;
  const first = known.map(({ from }) => from).reduce((a, b) => (a < b ? a : b));
  return later(earlier(behind, configured), first);
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
