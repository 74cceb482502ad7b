import { POOLS, type Pool } from '../claims/claim.js';
import { add, type Fen, sum, ZERO_FEN } from '../kernel/money.js';
import { byText } from '../kernel/order.js';
import { type Year, yearOf } from '../kernel/period.js';
import type { PlanName } from '../policy/policy-schema.js';
import type { Records } from '../records/records.js';
import { type LedgerFacts, ledgerOf, paidTo } from './book-ledger.js';
import { type BookedStays, levelOf, methodsOf } from './book-methods.js';
import type { Booking } from './bookings.repository.js';
import type { SettledPayment } from './decided.repository.js';
import type { Deduction } from './deductions.repository.js';
import type { DistributionRule } from './distribution-plan.js';
import {
  type Booked,
  type BudgetFacts,
  type Cited,
  type Facts,
  type Filings,
  type MemberFacts,
  NOTHING_BOOKED,
  type PoolFacts,
} from './facts.js';
import { scoredOf, type UnitPoints } from './unit-points.js';

/** What the books and the records hold for a period. */
export interface Books {
  readonly region: string;
  readonly plan: PlanName;
  readonly period: string;
  readonly units: readonly string[];
  /** Kinds of the units by code. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Levels of the institutions by code. */
  readonly levels: ReadonlyMap<string, string>;
  readonly bedDays: readonly BookedStays[];
  /** The lead's plan of distribution; null: the region's default. */
  readonly distribution: DistributionRule | null;
  readonly records: Records;
  readonly bookings: readonly Booking[];
  readonly payments: readonly SettledPayment[];
  readonly ledger: LedgerFacts;
  readonly deductions: readonly Deduction[];
  /** By `pool institution`; null in a plan without points. */
  readonly points: ReadonlyMap<string, UnitPoints> | null;
  readonly pointValueDecimals: number | null;
}

/** The same facts that a facts file states, from the books and the records. Members stand in code order. */
export function factsOfBooks(books: Books): Facts {
  const year = yearOf(books.period);
  const grade = books.records.grades.find((record) => record.year === year);
  const [employee, resident] = POOLS.map((pool) => poolFacts(books, pool));
  return {
    region: books.region,
    plan: books.plan,
    period: books.period,
    grade: grade === undefined ? null : { grade: grade.grade, clause: grade.clause },
    pointValueDecimals: books.pointValueDecimals,
    ...(books.distribution === null ? {} : { distribution: books.distribution }),
    filings: filingsOf(books, null, null),
    pools: {
      ...(employee === undefined ? {} : { employee }),
      ...(resident === undefined ? {} : { resident }),
    },
  };
}

function poolFacts(books: Books, pool: Pool): PoolFacts {
  const year = yearOf(books.period);
  const ofPool = <Item extends { readonly pool: Pool }>(items: readonly Item[]): readonly Item[] =>
    items.filter((each) => each.pool === pool);
  const { records } = books;
  const reasonable = records.reasonableOverspend.find(
    (each) => each.year === year && each.pool === pool,
  );
  return {
    budget: budgetFacts(records, year, pool),
    booked: bookedOf(ofPool(books.bookings)),
    otherLines: records.otherLines
      .filter((each) => each.year === year && each.pool === pool)
      .map((each) => cited(each, '其他支出')),
    prepaid: paidTo(books.payments, pool, null),
    auditDeductions: sum(ofPool(books.deductions).map(({ amount }) => amount)),
    reasonableOverspend: reasonable === undefined ? null : cited(reasonable, '核定的合理超支'),
    ...ledgerOf(books, pool, null),
    members: unitsOf(books).map((institution) => memberFacts(books, pool, institution)),
    filings: filingsOf(books, pool, null),
  };
}

/** Every unit of the consortium, and any other that the books name. */
function unitsOf({ units, bookings, deductions }: Books): readonly string[] {
  const named = [...bookings, ...deductions].map(({ institution }) => institution);
  return [...new Set([...units, ...named])].sort(byText);
}

function memberFacts(books: Books, pool: Pool, institution: string): MemberFacts {
  const own = <Item extends { readonly pool: Pool; readonly institution: string | null }>(
    items: readonly Item[],
  ): readonly Item[] =>
    items.filter((each) => each.pool === pool && each.institution === institution);
  const scored = scoredOf(books.points, pool, institution);
  return {
    institution,
    level: levelOf(books.levels, institution),
    booked: bookedOf(own(books.bookings)),
    points: scored === null || scored.isWeight ? null : scored.points,
    paidAtActual: scored?.paidAtActual ?? ZERO_FEN,
    prepaid: paidTo(books.payments, pool, institution),
    auditDeductions: sum(own(books.deductions).map(({ amount }) => amount)),
    ...kindOf(books, institution),
    ...ledgerOf(books, pool, institution),
    ...purchasesOf(books, pool, institution),
    sanctions: books.records.sanctions
      .filter(
        (each) => each.institution === institution && yearOf(each.on) === yearOf(books.period),
      )
      .map(({ kind }) => kind),
    filings: filingsOf(books, pool, institution),
    methods: methodsOf(books, { pool, institution }, scored),
  };
}

function kindOf({ kinds }: Books, institution: string): Pick<MemberFacts, 'kind'> {
  const kind = kinds.get(institution);
  return kind === undefined ? {} : { kind };
}

/** Purchases settled by the lead: those of the month, or those filed for the year as such. */
function purchasesOf(
  { records, period }: Books,
  pool: Pool,
  institution: string,
): Pick<MemberFacts, 'procurement'> {
  const own = records.procurement.filter(
    (each) => each.period === period && each.pool === pool && each.institution === institution,
  );
  return own.length === 0 ? {} : { procurement: own.map((each) => cited(each, '统一采购')) };
}

/** What was filed for the period, and for the year it lies in where the period itself has nothing. */
function filingsOf(
  { records, period }: Books,
  pool: Pool | null,
  institution: string | null,
): Filings {
  const own = records.filings.filter(
    (each) =>
      (each.pool ?? null) === (institution === null || each.pool !== undefined ? pool : null) &&
      (each.institution ?? null) === institution,
  );
  return Object.fromEntries(
    [yearOf(period), period]
      .flatMap((when) => own.filter((each) => each.period === when))
      .map(({ filing, value, clause }) => [filing, { value, clause }]),
  );
}

function bookedOf(bookings: readonly Booking[]): Booked {
  const totals = { ...NOTHING_BOOKED };
  for (const { bucket, amount } of bookings)
    if (bucket !== 'excluded') totals[bucket] = add(totals[bucket], amount);
  return totals;
}

function budgetFacts(records: Records, year: Year, pool: Pool): BudgetFacts {
  const before = String(Number(year) - 1);
  const baseline = records.baselines.find((each) => each.year === before && each.pool === pool);
  const growth = (whose: Pool | 'all') => {
    const found = records.growth.find((each) => each.year === year && each.pool === whose);
    return found === undefined ? null : { rates: found.rates, clause: found.clause };
  };
  const city = (whose: Pool | 'all') =>
    records.cityBudgets.find((each) => each.year === year && each.pool === whose) ?? null;
  const approved = records.budgetApprovals.find((each) => each.year === year && each.pool === pool);
  return {
    base: baselineOf(baseline?.booked, baseline?.clause, `${before} 年范围内省内记账金额`),
    baseAllInProvince: baselineOf(
      baseline?.allInProvince,
      baseline?.clause,
      `${before} 年参保人省内全部记账金额`,
    ),
    priorBudget: baselineOf(baseline?.budget, baseline?.clause, `${before} 年总额预算`),
    growthRates: growth(pool),
    wholeFundGrowthRates: growth('all'),
    cityBudget: city('all'),
    poolCityBudget: city(pool),
    approved: approved === undefined ? null : cited(approved, '核准预算'),
    adjustments: records.budgetAdjustments
      .filter((each) => each.year === year && each.pool === pool)
      .map((each) => cited(each, '经审定的调整')),
  };
}

function baselineOf(
  amount: Fen | undefined,
  clause: string | undefined,
  label: string,
): Cited | null {
  return amount === undefined ? null : { label, amount, clause: clause ?? null };
}

function cited(
  record: { readonly amount: Fen; readonly clause: string; readonly label?: string | undefined },
  fallback: string,
): Cited {
  return { label: record.label ?? fallback, amount: record.amount, clause: record.clause };
}
