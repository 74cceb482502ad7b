import type { IsoDate } from '../kernel/dates.js';
import type { Stream } from './fields.js';
import type { DayWindow } from './windows.js';

export const BATCH_STATES = [
  'complete', // rows and money agree with the source's own answer
  'incomplete', // they do not, or the source could not be read to its end
  'empty', // the source itself says that there is nothing
  'rejected', // what lies there does not have the agreed form
  'duplicate', // a file that landed before, perhaps under another name
] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** What one read of one window, or of one file, brought. Amounts are fen as text. */
export interface BatchResult {
  readonly batchId: string | null;
  readonly stream: Stream;
  /** File name; null for a database window. */
  readonly unit: string | null;
  readonly state: BatchState;
  readonly sourceRows: number | null;
  readonly landedRows: number;
  readonly quarantinedRows: number;
  readonly sourceFen: string | null;
  readonly landedFen: string;
  readonly quarantinedFen: string;
  readonly newRows: number;
  readonly changedRows: number;
  readonly sameRows: number;
  readonly repeatedRows: number;
  /** Rows that stood here and were no longer at the source; absent: none. */
  readonly withdrawnRows?: number;
  /** Of days before the window, looked at again; only reported when something was found. */
  readonly lookBack?: true;
  /** Of what landed and what was refused, in order; the same feed gives the same digest. */
  readonly digest: string;
  readonly message: string | null;
  readonly remedy: string | null;
}

export interface PullRequest {
  readonly institution: string;
  /** Business days, half-open. */
  readonly window: { readonly from: IsoDate; readonly to: IsoDate };
  /** Default: every configured stream, in order. */
  readonly streams?: readonly Stream[];
  /** Also files about earlier days that never landed (default). A month-by-month backfill says false. */
  readonly late?: boolean;
  /** Reads, maps and validates; writes nothing. */
  readonly dryRun?: boolean;
  /** First day before the window that is looked at again; null: as the stream is configured. Absent: none. */
  readonly lookBackFrom?: IsoDate | null;
  /** Takes the window as a stretch of days: each window it was read in again, and single days where it was not. */
  readonly eachWindow?: boolean;
  /** With `eachWindow`: of these windows only those that begin within these days. The parts of a stretch together are the stretch. */
  readonly part?: DayWindow;
  /** A person's word that rows which the source no longer has may go, however many they are. */
  readonly withdrawal?: { readonly by: string; readonly reason: string };
  /** Reads whatever hour it is: who said so and why. */
  readonly outsideHours?: { readonly by: string; readonly reason: string };
}

export interface PullResult {
  readonly institution: string;
  readonly window: PullRequest['window'];
  /** The worst of the batches. */
  readonly state: BatchState;
  readonly batches: readonly BatchResult[];
  readonly digest: string;
}

/** Running totals of a batch, in memory and in its row. */
export interface BatchCounts {
  readonly landedRows: number;
  readonly landedFen: bigint;
  readonly quarantinedRows: number;
  readonly quarantinedFen: bigint;
  readonly newRows: number;
  readonly changedRows: number;
  readonly sameRows: number;
  readonly repeatedRows: number;
}

export const NO_ROWS: BatchCounts = {
  landedRows: 0,
  landedFen: 0n,
  quarantinedRows: 0,
  quarantinedFen: 0n,
  newRows: 0,
  changedRows: 0,
  sameRows: 0,
  repeatedRows: 0,
};

export function addCounts(a: BatchCounts, b: BatchCounts): BatchCounts {
  return {
    landedRows: a.landedRows + b.landedRows,
    landedFen: a.landedFen + b.landedFen,
    quarantinedRows: a.quarantinedRows + b.quarantinedRows,
    quarantinedFen: a.quarantinedFen + b.quarantinedFen,
    newRows: a.newRows + b.newRows,
    changedRows: a.changedRows + b.changedRows,
    sameRows: a.sameRows + b.sameRows,
    repeatedRows: a.repeatedRows + b.repeatedRows,
  };
}

const WORST_FIRST: readonly BatchState[] = [
  'rejected',
  'incomplete',
  'complete',
  'empty',
  'duplicate',
];

/** The state of a pull: the worst of its batches; nothing found is `empty`. */
export function worstState(states: readonly BatchState[]): BatchState {
  const worst = WORST_FIRST.find((state) => states.includes(state)) ?? 'empty';
  return worst === 'duplicate' ? 'empty' : worst;
}

/** What looking again at earlier days is worth reporting for. */
export function isNews({ state, newRows, changedRows, withdrawnRows = 0 }: BatchResult): boolean {
  const isWhole = state === 'complete' || state === 'empty';
  return !isWhole || newRows + changedRows + withdrawnRows > 0;
}
