import type { InstitutionLevel, Pool } from '../claims/claim.js';
import type { Decimal } from '../kernel/decimal.js';
import { type Fen, ZERO_FEN } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import { BUCKETS, type Bucket, type Grade, type PlanName } from '../policy/policy-schema.js';
import type { MethodFacts } from '../records/method-facts.js';
import type { DistributionRule } from './distribution-plan.js';

/** An amount that somebody decided, with the clause that says so; null where the giver cites nothing. */
export interface Cited {
  readonly label: string;
  readonly amount: Fen;
  readonly clause: string | null;
}

/** The buckets whose amounts a plan reads; excluded claims never enter the facts. */
export type BookedBucket = Exclude<Bucket, 'excluded'>;
/** Booked amounts (记账金额) by bucket; a bucket that nothing fell in stands at zero. */
export type Booked = Readonly<Record<BookedBucket, Fen>>;

export const BOOKED_BUCKETS = BUCKETS.filter(
  (bucket): bucket is BookedBucket => bucket !== 'excluded',
);
export const NOTHING_BOOKED = Object.fromEntries(
  BOOKED_BUCKETS.map((bucket) => [bucket, ZERO_FEN]),
) as Record<BookedBucket, Fen>;

/** What a budget is computed from. */
export interface BudgetFacts {
  /** Last year's booked amount of members and other lines; and of all in-province bookings, where known. */
  readonly base: Cited | null;
  readonly baseAllInProvince: Cited | null;
  /** Last year's budget: the base from the second year on. */
  readonly priorBudget: Cited | null;
  /** Three yearly growth rates of fund expenditure, oldest first: of the own pool, and of the whole fund. */
  readonly growthRates: Growth | null;
  readonly wholeFundGrowthRates: Growth | null;
  /** The city's budget of fund expenditure before and after a cut: whole, and of the own pool. */
  readonly cityBudget: CityBudget | null;
  readonly poolCityBudget: CityBudget | null;
  /** The figure the bureau approved; it wins over the computed one. */
  readonly approved: Cited | null;
  readonly adjustments: readonly Cited[];
}

export interface Growth {
  readonly rates: readonly Decimal[];
  readonly clause: string | null;
}

export interface CityBudget {
  readonly before: Fen;
  readonly after: Fen;
  readonly clause: string | null;
}

/** An amount paid before by the month of the settlement dates it stands for; `month` null = the year's total. */
export interface Prepaid {
  readonly month: Month | null;
  readonly amount: Fen;
  /** What it was paid as; absent: a month's payment. */
  readonly label?: string;
}

/** A fact that the region asks people to file (`filings` of its file), as text in the unit declared there. */
export interface Filed {
  readonly value: string;
  readonly clause: string | null;
}
/** Filed facts by name. */
export type Filings = Readonly<Record<string, Filed>>;

/** One member with a settlement identity. */
export interface MemberFacts {
  readonly institution: string;
  /** Null when not given; rates by level then ask for it. */
  readonly level: InstitutionLevel | null;
  /** Null when only points are known. */
  readonly booked: Booked | null;
  /** DIP points of the year; null when not scored. */
  readonly points: Decimal | null;
  /** Booked amount of cases paid at actual cost (score zero). */
  readonly paidAtActual: Fen;
  readonly prepaid: readonly Prepaid[];
  readonly auditDeductions: Fen;
  /** What kind of member it is (consortium.yaml); absent when not given. */
  readonly kind?: string;
  /** Owed to the lead from earlier settlements; absent: nothing. */
  readonly carried?: Fen;
  /** Held back by the lead in the month that is now released; absent: nothing. */
  readonly held?: Fen;
  /** Audit deductions that the months of the year took from it; absent: nobody said. */
  readonly auditTaken?: Fen;
  /** Purchases that the lead settled for the member in the period; absent: none. */
  readonly procurement?: readonly Cited[];
  /** Sanctions of the year for breaches of insurance rules or administrative penalties. */
  readonly sanctions: readonly string[];
  readonly filings: Filings;
  readonly methods: MethodFacts;
}

/** What is known of one insurance pool in the period. */
export interface PoolFacts {
  readonly budget: BudgetFacts | null;
  readonly booked: Booked | null;
  /** Other lines known only to the agency, on top of the members' own. */
  readonly otherLines: readonly Cited[];
  /** Null when nobody said; empty when nothing was prepaid. */
  readonly prepaid: readonly Prepaid[] | null;
  readonly auditDeductions: Fen | null;
  readonly reasonableOverspend: Cited | null;
  /** Owed to the agency from earlier settlements; absent: nothing. */
  readonly carried?: Fen;
  /** Audit deductions that the months of the year took; absent: nobody said. */
  readonly auditTaken?: Fen;
  /** Held back by the lead in the month that is now released; absent: nobody said. */
  readonly held?: Fen;
  readonly members: readonly MemberFacts[];
  readonly filings: Filings;
}

export interface GradeRecord {
  readonly grade: Grade;
  readonly clause: string | null;
}

/** Everything a plan computes from, besides policy. Built from `facts.yaml` or from the books: the same either way. */
export interface Facts {
  readonly region: string;
  readonly plan: PlanName;
  /** A month or a year. */
  readonly period: string;
  readonly grade: GradeRecord | null;
  /** Decimals the point value is shown with; null: like every other figure. */
  readonly pointValueDecimals: number | null;
  /** The lead's plan of distribution; absent: the region's default. */
  readonly distribution?: DistributionRule;
  /** Filed once for the consortium. */
  readonly filings: Filings;
  readonly pools: Readonly<Partial<Record<Pool, PoolFacts>>>;
}
