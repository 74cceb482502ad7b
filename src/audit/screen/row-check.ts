import type { IsoDate } from '../../kernel/dates.js';
import type { ClaimFacts } from '../facts.js';
import type { NotApplicableReason } from '../not-applicable.js';

/** What of a claim, besides the birth date, decides a line. There are few combinations, so they are judged when rules are compiled. */
export type ClaimProfile = Pick<ClaimFacts, 'sex' | 'level' | 'careType' | 'pool'>;

/** `unsure`: the claim lacks what the rule needs. */
export type ProfileVerdict = 'hit' | 'fits' | 'unsure';

/** Numbers of a line that a test may compare, in the units of the facts. */
export type RowNumber = 'quantity' | 'unitPrice' | 'amount' | 'eligible' | 'ageYears';
export type Comparison = '>' | '>=' | '<' | '<=';

/** What is left to be asked of each line. Holds for a violation. */
export type RowTest =
  | {
      readonly kind: 'age-outside';
      /** Completed years, inclusive. */
      readonly minYears: number;
      readonly maxYears: number;
      readonly minMonths: number | null;
    }
  | { readonly kind: 'older-than-days'; readonly days: number }
  | {
      readonly kind: 'compare';
      readonly field: RowNumber;
      readonly comparison: Comparison;
      readonly bound: number;
    }
  | { readonly kind: 'product-differs'; readonly toleranceFen: number }
  /** Charged more than so many days before admission or after discharge; unsure where one of them is not known. */
  | { readonly kind: 'outside-stay'; readonly daysBefore: number; readonly daysAfter: number }
  /** Dearer than the item's own price, in millionths of a yuan; an item without one never is. */
  | { readonly kind: 'dearer-than'; readonly prices: ReadonlyMap<string, number> }
  /** Of one of the families, as `familyNumber` numbers them. */
  | { readonly kind: 'of-family'; readonly families: ReadonlySet<number> };

/**
 * One condition by which a template finds a line in violation from the line and its claim alone. It is data, never code: the compiler
 * turns it into bits and comparisons.
 */
export interface RowCheck {
  /** Item codes it concerns; null = every line. Walked more than once. */
  readonly codes: Iterable<string> | null;
  /** With `codes` null: every line but those with one of these. */
  readonly exceptCodes?: Iterable<string>;
  /** Service dates, `until` being the first day no longer covered; null = any. */
  readonly effectiveFrom: IsoDate | null;
  readonly effectiveUntil: IsoDate | null;
  /** Only lines with an eligible amount above 0. */
  readonly withinScope: boolean;
  profile(profile: ClaimProfile): ProfileVerdict;
  /** Of a check that only ever is unsure: the line cannot be judged for this reason, and nobody has to look to know it. */
  readonly unjudged?: NotApplicableReason;
  /** All must hold. */
  readonly tests: readonly RowTest[];
}
