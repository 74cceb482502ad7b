import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { type Month, monthsOf, previousMonth } from '../kernel/period.js';
import type { PolicyAt } from '../policy/policy.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import { factsOfBooks } from './book-facts.js';
import { crossCheckBookings, readBookings } from './bookings.repository.js';
import { policyDay } from './compute.js';
import { type Deduction, readDeductions, readPrepayments } from './decided.repository.js';
import { casesOfBooks } from './dip-cases.repository.js';
import type { Facts } from './facts.js';
import type { RunKey } from './run.repository.js';
import { scopeTable } from './scope-table.js';
import type { ClaimQuestion } from './scoped-claims.js';
import type { CaseTotals } from './score-cases.js';
import { type CaseSource, openReader, storeCases, totalCases } from './scored-cases.repository.js';
import { loadPeriodPolicy, loadSitePolicy } from './site-policy.loader.js';

/** Facts of a period from the books, with the policy they are to be computed under. */
export interface PeriodBooks {
  readonly chain: RegionChain;
  readonly policy: PolicyAt;
  readonly facts: Facts;
  /** Where the DIP cases of the facts came from; null in a plan without points. */
  readonly cases: CaseSource | null;
  readonly deductions: readonly Deduction[];
  /** Months that count to the year and have no settlement run yet. */
  readonly unsettledMonths: readonly Month[];
  /** Empty where no rule package was used. */
  readonly dipDigest: string;
}

/** Reads what a settlement computes from. Everything within the caller's transaction. */
@Injectable()
export class BookReader {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /**
   * @param runId  the run to store scored cases under as they are read; null: they are only added up
   * @throws ConfigError, SettlementInputError, CrossCheckError, DipRuleError
   */
  async read(
    client: pg.ClientBase,
    { consortium, kind, period }: RunKey,
    runId: string | null,
  ): Promise<PeriodBooks> {
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
    const cases = dip === null ? null : { query: casesOfBooks(question), dip };
    const totals = cases === null ? null : await this.score(client, cases, runId);
    const deductions = year ? await readDeductions(client, consortium, months) : [];
    const prepaidMonths = year ? monthsOfPrepayment(period, policy) : [];
    const prepayments = await readPrepayments(client, consortium, prepaidMonths);
    const settled = new Set(prepayments.map(({ month }) => month));
    const unsettledMonths = prepaidMonths.filter((month) => !settled.has(month));
    const facts = factsOfBooks({
      ...{ region: policy.region, plan: kind, period, bookings, deductions },
      ...{ units: [...site.units.units.keys()], records: site.records },
      prepayments,
      points: totals?.unitPoints() ?? null,
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

  /** Scores the cases that the transaction sees; under a run they are stored on the way. @throws CrossCheckError, DipRuleError */
  async score(client: pg.ClientBase, cases: CaseSource, runId: string | null): Promise<CaseTotals> {
    const reader = await openReader(client, this.pool);
    try {
      return runId === null
        ? await totalCases(reader, cases)
        : await storeCases(client, reader, { ...cases, runId });
    } finally {
      await reader.end();
    }
  }
}

/** The months whose prepayments count to the year. */
function monthsOfPrepayment(year: string, policy: PolicyAt): readonly Month[] {
  const byPayment = policy.text('prepayment.december') === 'payment-date';
  return byPayment ? monthsOf(year).map(previousMonth) : monthsOf(year);
}
