import type { ClaimLine } from '../../claims/claim.js';
import type { NotApplicableReason } from '../not-applicable.js';
import type { ItemNames } from '../screen/item-table.js';
import type { FilteredClaim, ProfileTable } from '../screen/profile.js';
import type { ClaimTable } from './claim-table.js';
import type { LinesProbe } from './probe.js';

/**
 * How the pass finds who may have something that a rule of trigger `claims` looks for, where lines show it. A watch may suspect for
 * nothing, never miss anybody. Persons with refunds are always looked at, so lines are seen as charged.
 */
export interface LineWatch {
  /** What two rules watch under the same key is watched once. */
  readonly key: string;
  /** Kinds of lines that have to be seen; null: all. */
  readonly kinds: readonly ClaimLine['itemKind'][] | null;
  /** Claims whose lines have to be seen. */
  concerns(claim: FilteredClaim): boolean;
  start(setting: WatchSetting): LineWatcher;
  /** What is asked about each person of whom lines were kept; absent: the watcher knows by itself. */
  readonly probe?: LinesProbe;
  /** Why claims that the watcher says cannot be judged are not. */
  readonly unjudged?: NotApplicableReason;
}

export interface WatchSetting {
  readonly items: ItemNames;
  readonly profiles: ProfileTable;
}

export interface LineWatcher {
  /** A line, as a positional row, of a claim that concerns. Lines of one claim mostly come together, but need not. */
  see(claim: number, row: Float64Array): void;
  /** The lines to come are of another claim. */
  leave?(claim: number): void;
  /** Names persons who may have something in a claim of the months that are wanted. */
  suspects(question: SuspectQuestion): void;
  /** Whether something of a claim cannot be judged. */
  isUnjudged?(claim: number): boolean;
}

export interface SuspectQuestion {
  readonly claims: ClaimTable;
  readonly probe: LinesProbe | null;
  isWanted(claim: number): boolean;
  tell(person: number): void;
}
