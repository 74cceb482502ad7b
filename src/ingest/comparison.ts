import type { StreamConfig } from './institution-config.js';
import { columnsOf, mappingOf } from './mapping/source-columns.js';
import type { DayWindow } from './windows.js';

/** Rows and money; fen as text. */
export interface Counted {
  readonly rows: number;
  readonly fen: string;
}

/** Rows that differ, by what the source calls them: `claim number`, or `claim number/line`. */
export interface ListedKeys {
  readonly rows: number;
  /** The first of them. */
  readonly keys: readonly string[];
}

/** A window of one stream: what its source has now beside what stands here (全量比对). */
export interface Comparison {
  readonly stream: string;
  readonly window: DayWindow;
  /** Null where the source cannot tell. */
  readonly source: { readonly rows: number | null; readonly fen: string | null };
  readonly standing: Counted;
  /** Rows at the source that cannot land as they are. */
  readonly refusedRows: number;
  /** At the source, not here. */
  readonly late: ListedKeys;
  /** Here with other values. */
  readonly changed: ListedKeys;
  /** Here, no longer at the source; null where windows do not follow the day of settlement, so that nobody can tell. */
  readonly deleted: ListedKeys | null;
  readonly agrees: boolean;
}

/** Whether a window of the stream holds just the rows settled in it: only then can a missing row be told from one of another window. */
export function followsSettlement(config: StreamConfig): boolean {
  const mapping = mappingOf(config, 'settledAt');
  return (
    config.cursor === undefined ||
    (mapping !== undefined && columnsOf(mapping)[0] === config.cursor)
  );
}

/** How many rows of a window may be withdrawn without a person saying so. */
export interface WithdrawalLimits {
  readonly withdrawFewRows: number;
  readonly withdrawRows: number;
  readonly withdrawPercent: number;
}

/** A source that lost its data must not empty the books. */
export function mayWithdraw(missing: number, standing: number, limits: WithdrawalLimits): boolean {
  if (missing <= limits.withdrawFewRows) return true;
  return missing <= limits.withdrawRows && missing * 100 <= standing * limits.withdrawPercent;
}
