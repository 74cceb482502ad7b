import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import type { LoadedPackage } from '../grouping/dip/rule-package.loader.js';
import { type Month, monthsOf, previousMonth } from '../kernel/period.js';
import type { PolicyAt } from '../policy/policy.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import { factsOfBooks } from './book-facts.js';
import { crossCheckBookings, readBookings } from './bookings.repository.js';
import { policyDay } from './compute.js';
import { type Deduction, readDeductions, readPrepayments } from './decided.repository.js';
import { readCases } from './dip-cases.repository.js';
import type { Facts } from './facts.js';
import type { RunKey } from './run.repository.js';
import { scopeTable } from './scope-table.js';
import type { ClaimQuestion } from './scoped-claims.js';
import { addUpPoints, type ScoredCase, scoreBooked } from './score-cases.js';
import { loadPeriodPolicy, loadSitePolicy } from './site-policy.loader.js';

/** Facts of a period from the books, with the policy they are to be computed under. */
export interface PeriodBooks {
  readonly chain: RegionChain;
  readonly policy: PolicyAt;
  readonly facts: Facts;
  readonly cases: readonly ScoredCase[];
  readonly deductions: readonly Deduction[];
  /** Months that count to the year and have no settlement run yet. */
  readonly unsettledMonths: readonly Month[];
  /** Empty where no rule package was used. */
  readonly dipDigest: string;
}

/** Reads what a settlement computes from. Everything within the caller's transaction. */
@Injectable()
export class BookReader {
  constructor(@Inject(SITE) private readonly site: Site) {}

  /** @throws ConfigError, SettlementInputError, CrossCheckError, DipRuleError */
  async read(client: pg.ClientBase, { consortium, kind, period }: RunKey): Promise<PeriodBooks> {
    const site = loadSitePolicy(this.site, consortium);
    const year = kind === 'year';
    const { policy, dip } = year
      ? loadPeriodPolicy(this.site, site, period)
      : { policy: policyAt(site.chain, policyDay(period), site.overlays), dip: null };
    const months = kind === 'month' ? [period] : monthsOf(period);
    const question: ClaimQuestion = {
      consortium,
      months,
      scope: scopeTable(site.chain, site.overlays),
      funds: policy.list('scope.funds'),
    };
    const bookings = await readBookings(client, question);
    await crossCheckBookings(client, question, bookings);
    const cases = dip !== null ? await scoreAll(client, question, dip) : [];
    const deductions = year ? await readDeductions(client, consortium, months) : [];
    const prepaidMonths = year ? monthsOfPrepayment(period, policy) : [];
    const prepayments = await readPrepayments(client, consortium, prepaidMonths);
    const settled = new Set(prepayments.map(({ month }) => month));
    const unsettledMonths = prepaidMonths.filter((month) => !settled.has(month));
    const facts = factsOfBooks({
      ...{ region: policy.region, plan: kind, period, bookings, deductions },
      ...{ units: [...site.units.units.keys()], records: site.records },
      prepayments,
      points: dip !== null ? addUpPoints(cases) : null,
      pointValueDecimals: dip?.rules.pointValueDecimals ?? null,
    });
    return {
      chain: site.chain,
      policy,
      facts,
      cases,
      deductions,
      unsettledMonths,
      dipDigest: dip?.digest ?? '',
    };
  }
}

async function scoreAll(
  client: pg.ClientBase,
  question: ClaimQuestion,
  { catalogue, rules }: LoadedPackage,
): Promise<readonly ScoredCase[]> {
  const scored: ScoredCase[] = [];
  for await (const cases of readCases(client, question))
    for (const each of cases) scored.push(scoreBooked(each, catalogue, rules));
  return scored;
}

/** The months whose prepayments count to the year. */
function monthsOfPrepayment(year: string, policy: PolicyAt): readonly Month[] {
  const byPayment = policy.text('prepayment.december') === 'payment-date';
  return byPayment ? monthsOf(year).map(previousMonth) : monthsOf(year);
}
