import type { DemoClaim } from '../claims/model.js';
import { dateOfDay, demoYear } from '../county/calendar.js';
import type { DemoRegion } from '../regions.js';
import { yuanText } from '../sources/source-table.js';
import { total } from './arithmetic.js';
import type { Entry } from './books.js';
import type { FigureTruth, ViolationTruth } from './truth.js';

/** What of a region's text decides which money of a claim counts. Read from the same files that people edit. */
export interface RegionInputs {
  readonly region: DemoRegion;
  /** First day of the text; what was settled before lies outside it. */
  readonly from: string;
  /** Funds that make up the booked amount. */
  readonly funds: readonly string[];
  readonly deductions: 'monthly' | 'annual';
}

const POOLS = ['employee', 'resident'] as const;

/** Care that a region's scope leaves out of the members' booked amount, in the words of its own clause. */
const LEFT_OUT: Readonly<Record<DemoRegion, (claim: DemoClaim) => boolean>> = {
  sanya: ({ channel, cause, careType }) =>
    channel === 'manual' || cause !== 'ordinary' || careType === 'family-planning',
  hunan: ({ channel }) => channel === 'manual', // a line of its own (零星报销)
  ganyu: ({ channel }) => channel === 'manual', // outside the members, taken off the budget (手工报销)
  jilin: ({ channel }) => channel === 'manual', // left out by the agreement of the sample overlay
  hainan: ({ channel, cause }) => channel === 'manual' || cause !== 'ordinary',
};

/**
 * What every region's settlement must agree with, whatever its arithmetic: the booked amount of each month and of the year, and the
 * confirmed deductions, each once.
 */
export function regionTruth(
  books: readonly Entry[],
  violations: readonly ViolationTruth[],
  inputs: RegionInputs,
): FigureTruth[] {
  const year = demoYear();
  const inScope = books.filter(({ claim }) => counts(claim, inputs));
  return POOLS.flatMap((pool) => {
    const own = inScope.filter(({ claim }) => claim.person.pool === pool);
    const booked = (entries: readonly Entry[]): bigint =>
      total(entries.map(({ claim }) => bookedIn(claim, inputs)));
    const figure = (period: string, key: string, amount: bigint): FigureTruth => ({
      id: `${inputs.region}.${period}.${pool}.${key}`,
      value: yuanText(amount),
    });
    const deducted = (month?: string): bigint => confirmed(violations, { pool, month });
    const monthly = inputs.deductions === 'monthly';
    return [
      ...monthsInForce(inputs).flatMap((month) => [
        figure(month, 'booked', booked(own.filter(({ period }) => period === month))),
        ...(monthly ? [figure(month, 'audit-deductions', deducted(month))] : []),
      ]),
      figure(year, 'booked', booked(own)),
      figure(year, 'audit-deductions', monthly ? 0n : deducted()),
    ];
  });
}

/** Months of the year that end under the text. */
function monthsInForce({ from }: RegionInputs): string[] {
  const months = Array.from(
    { length: 12 },
    (_, index) => `${demoYear()}-${String(index + 1).padStart(2, '0')}`,
  );
  return months.filter((month) => month >= from.slice(0, 7));
}

function counts(claim: DemoClaim, { region, from }: RegionInputs): boolean {
  return dateOfDay(claim.settledDay) >= from && !LEFT_OUT[region](claim);
}

function bookedIn({ money }: DemoClaim, { funds }: RegionInputs): bigint {
  return total([
    funds.includes('pooled') ? money.pooled : 0n,
    funds.includes('critical-illness') ? money.criticalIllness : 0n,
    funds.includes('large-expense') ? money.largeExpense : 0n,
  ]);
}

function confirmed(
  violations: readonly ViolationTruth[],
  { pool, month }: { readonly pool: string; readonly month: string | undefined },
): bigint {
  return total(
    violations
      .filter((one) => one.pool === pool && (month === undefined || one.month === month))
      .map(({ amount }) => BigInt((amount ?? '0').replace('.', ''))),
  );
}
