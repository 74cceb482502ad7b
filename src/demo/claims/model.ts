import type { Institution } from '../county/institutions.js';
import type { Person } from '../county/people.js';
import type { Item } from '../items/item.js';

export type CareType =
  | 'outpatient'
  | 'chronic'
  | 'two-disease'
  | 'emergency'
  | 'inpatient'
  | 'family-planning';

export interface DemoLine {
  /** Unique within the claim and ordered as text; given when the county is numbered. */
  lineNo: string;
  readonly item: Item;
  readonly day: number;
  /** Minute of the day and second. */
  readonly minute: number;
  quantity: number;
  /** Fen; what the source says, right or (for planted dirt) wrong. */
  amount: bigint;
  eligible: bigint;
  readonly prescription: string | null;
  readonly doctor: string;
}

/** Fen. The funds and the person's own money add up to the total. */
export interface Money {
  readonly total: bigint;
  readonly eligible: bigint;
  readonly deductible: bigint;
  readonly pooled: bigint;
  readonly criticalIllness: bigint;
  readonly largeExpense: bigint;
  readonly medicalAid: bigint;
  readonly fund: bigint;
  readonly account: bigint;
  readonly cash: bigint;
}

export interface DemoClaim {
  /** Natural key within the institution; given when the county is numbered. */
  claimNo: string;
  readonly institution: Institution;
  readonly person: Person;
  readonly careType: CareType;
  readonly profile: string;
  readonly settledDay: number;
  readonly settledMinute: number;
  /** First day and last day of a stay; null for a visit. */
  readonly stay: Stay | null;
  readonly department: string;
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
  readonly channel: 'direct' | 'manual';
  readonly cause: 'ordinary' | 'public-health-emergency';
  readonly lines: DemoLine[];
  money: Money;
  /** The claim that this one takes back. */
  readonly refunds: DemoClaim | null;
  /** What is wrong with the record itself, if anything. */
  dirt: Dirt | null;
}

export interface Stay {
  readonly admittedDay: number;
  readonly admittedMinute: number;
  readonly dischargedDay: number;
  readonly dischargedMinute: number;
  readonly mode: 'ordered' | 'transfer' | 'against-advice';
}

/** Planted dirt of one claim; `line` is the index of the line that carries it. */
export type Dirt =
  | { readonly kind: 'negative-without-refund' }
  | { readonly kind: 'no-such-admission-date' }
  | { readonly kind: 'no-such-charge-date'; readonly line: number }
  | { readonly kind: 'amount-contradicts-price'; readonly line: number }
  | { readonly kind: 'rare-character' };

export const sumFen = (amounts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};
