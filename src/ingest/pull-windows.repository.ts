import type pg from 'pg';
import { addDays } from '../kernel/dates.js';
import type { PullRequest } from './batch.js';
import type { BatchKey } from './landing/batch.repository.js';
import { bookmarkOf, knownWindows } from './landing/window.repository.js';
import { alignedWindow, type DayWindow, windowsAgain, windowsOfPart } from './windows.js';

type Asked = Pick<PullRequest, 'window' | 'lookBackFrom' | 'eachWindow' | 'part'>;

export interface LookBack {
  /** As the stream is configured. */
  readonly days: number;
  readonly catchUpDays: number;
}

/** Which windows of a database stream a pull reads, the last one being the one that was asked for. Disjoint, in order. */
export async function windowsToRead(
  pool: pg.Pool,
  key: Pick<BatchKey, 'consortium' | 'institution' | 'stream'>,
  { window, lookBackFrom, eachWindow, part }: Asked,
  lookBack: LookBack,
): Promise<readonly DayWindow[]> {
  const known = await knownWindows(pool, key);
  if (eachWindow === true) {
    const all = windowsAgain(window, known);
    return part === undefined ? all : windowsOfPart(all, { stretch: window, part });
  }
  const asked = alignedWindow(window, known);
  if (lookBackFrom === undefined || known.length === 0) return [asked];
  const bookmark = await bookmarkOf(pool, key);
  const stretches = stretchesAgain({ window, lookBackFrom, bookmark, known, lookBack });
  const again = stretches.flatMap((stretch) => windowsAgain(stretch, known));
  const before = again.filter(
    (each, at) => each.to <= asked.from && again.findIndex(({ from }) => from === each.from) === at,
  );
  return [...before, asked];
}

/** The days that a lagging bookmark still lacks, oldest first and so many at a time, and the days before the window. */
function stretchesAgain({
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
}): readonly DayWindow[] {
  const first = known.map(({ from }) => from).reduce(earlier); // never before what was read at all
  const configured = lookBackFrom ?? addDays(window.from, -lookBack.days);
  const lacking = later(bookmark ?? window.from, first);
  return [
    { from: lacking, to: earlier(addDays(lacking, lookBack.catchUpDays), window.from) },
    { from: later(configured, first), to: window.from },
  ].filter(({ from, to }) => from < to);
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
