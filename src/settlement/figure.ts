import type { Decimal } from '../kernel/decimal.js';
import { type Fen, toYuan } from '../kernel/money.js';

export type FigureUnit = 'yuan' | 'ratio' | 'points' | 'yuan-per-point';

/** One thing a figure was computed from: another figure, a policy parameter, or a fact. */
export interface FigureInput {
  readonly label: string;
  readonly value: string;
  readonly unit: FigureUnit | 'text';
  /** Key of the figure it is. */
  readonly figure?: string;
  /** Id of the policy parameter it is. */
  readonly parameter?: string;
  readonly clause?: string;
  /** The reading chosen where the words allow more than one sense. */
  readonly reading?: string;
  /** The overlay that gave the parameter. */
  readonly overlay?: string;
  readonly sample?: boolean;
}

/** The claims behind a figure, as far as they can be told by pool, bucket and member. */
export interface ClaimSelector {
  readonly buckets: readonly string[];
  readonly institution?: string;
}

/**
 * An account of the ledger (账户): the agency, the lead hospital's clearing account, a member, what the lead keeps apart, and what is
 * owed back to the agency or to the lead.
 */
export type Account =
  | 'agency'
  | 'lead'
  | 'receivable'
  | `receivable:${string}`
  | `member:${string}`
  | `reserve:${string}`;

/** What a figure books: its amount moves from one account to another; a negative amount flows back. */
export interface FigureBooking {
  readonly from: Account;
  readonly to: Account;
  /** The fund it is paid from; absent: the pooled fund with what the region's budget unites with it. */
  readonly fund?: string;
}

/** One settlement figure with everything needed to explain it. Its key is unique in its pool and period. */
export interface Figure {
  readonly key: string;
  readonly label: string;
  readonly unit: FigureUnit;
  /** Fen for yuan; a decimal for anything else. */
  readonly value: Fen | Decimal;
  readonly clause: string;
  readonly formula: string;
  readonly inputs: readonly FigureInput[];
  readonly claims?: ClaimSelector;
  readonly note?: string;
  /** Absent: the figure only informs, no money moves by it. */
  readonly booking?: FigureBooking;
}

/** Most decimals a ratio or point value is shown with; the computation keeps 40 digits. */
const SHOWN_DECIMALS = 12;

/** A value as text: yuan with two decimals, anything else plainly. */
export function valueText(value: Fen | Decimal): string {
  return typeof value === 'bigint'
    ? toYuan(value)
    : value.toDecimalPlaces(SHOWN_DECIMALS).toFixed();
}
