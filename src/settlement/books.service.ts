import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { type Month, monthsOf, previousMonth } from '../kernel/period.js';
import type { PolicyAt } from '../policy/policy.js';
import type { RegionChain } from '../policy/resolve.js';
import { readBedDayStays } from './bed-day-stays.repository.js';
import { factsOfBooks } from './book-facts.js';
import { type LedgerFacts, withLedgerOf } from './book-ledger.js';
import { crossCheckBookings, readBookings } from './bookings.repository.js';
import { loadCaseRules } from './case-rules.loader.js';
import { isInForce } from './compute.js';
import {
  type RunQuestion,
  readAuditTaken,
  readCarried,
  readHeld,
  readPayments,
  settledRuns,
} from './decided.repository.js';
import { type Deduction, readDeductions, takenDeductions } from './deductions.repository.js';
import { casesOfBooks } from './dip-cases.repository.js';
import { distributionOn } from './distribution-plan.js';
import type { Facts } from './facts.js';
import type { StoredRun } from './run.repository.js';
import { monthsOfRun, type RunKey } from './run-key.js';
import { scopeTable } from './scope-table.js';
import type { ClaimQuestion } from './scoped-claims.js';
import type { CaseTotals } from './score-cases.js';
import { type CaseSource, openReader, storeCases, totalCases } from './scored-cases.repository.js';
import { loadSitePolicy, type SitePolicy } from './site-policy.loader.js';
import { countsByPayment } from './steps/prepaid-total.js';

/** Facts of a period from the books, with the policy they are to be computed under. */
export interface PeriodBooks {
  readonly chain: RegionChain;
  readonly policy: PolicyAt;
  readonly facts: Facts;
  /** Where the DIP cases of the facts came from; null in a plan without points. */
  readonly cases: CaseSource | null;
  readonly deductions: readonly Deduction[];
  /** Runs that this one rests on and that were never made, as `month 2024-03`. */
  readonly unsettled: readonly string[];
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

  /** @throws ConfigError, SettlementInputError, CrossCheckError, DipRuleError */
  read(client: pg.ClientBase, key: RunKey, options: ReadOptions): Promise<PeriodBooks> {
    return this.readUnder(loadSitePolicy(this.site, key.consortium), client, { key, ...options });
  }

  /** The same under other policy files than the site's. @throws as read */
  async readUnder(
    site: SitePolicy,
    client: pg.ClientBase,
    { key, runId, before }: ReadOptions & { readonly key: RunKey },
  ): Promise<PeriodBooks> {
    const { consortium, kind, period } = key;
    const rules = loadCaseRules(this.site, site, key);
    const { policy } = rules;
    const question: ClaimQuestion = {
      consortium,
      months: monthsOfRun(key),
      scope: scopeTable(site.chain, site.overlays),
      funds: policy.list('scope.funds'),
    };
    const bookings = await readBookings(client, question);
    await crossCheckBookings(client, question, bookings);
    const cases =
      rules.by === null
        ? null
        : { query: casesOfBooks(question, rules.withPatient), dip: rules.by };
    const totals = cases === null ? null : await this.score(client, cases, runId);
    const deductions = await deductionsOf(client, key, { policy, before });
    const paid = paidBefore(key, policy);
    const needed = restsOn(key, site, policy);
    const settled = await settledRuns(client, consortium, needed);
    const facts = factsOfBooks({
      ...{ region: policy.region, plan: kind, period, bookings, deductions },
      ...{ units: [...site.units.units.keys()], kinds: site.units.kinds, records: site.records },
      levels: site.units.levels,
      bedDays: await readBedDayStays(client, question, policy),
      distribution:
        site.distribution === null ? null : distributionOn(site.distribution, kind, period),
      payments: await readPayments(client, consortium, paid),
      ledger: await ledgerFacts(client, key),
      points: totals?.unitPoints() ?? null,
      pointValueDecimals: rules.pointValueDecimals,
    });
    return {
      chain: site.chain,
      policy,
      facts: before?.closed === true ? withLedgerOf(before.facts, facts) : facts,
      cases,
      deductions,
      unsettled: needed.filter((run) => !settled.has(run)),
      dipDigest: rules.digest,
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

export interface ReadOptions {
  /** The run to store scored cases under as they are read; null: they are only added up. */
  readonly runId: string | null;
  /** The run that stands for the period. */
  readonly before: StoredRun | null;
}

/** The months whose payments count to the year. */
function monthsCounting(year: string, policy: PolicyAt): readonly Month[] {
  return countsByPayment(policy) ? monthsOf(year).map(previousMonth) : monthsOf(year);
}

/** The runs that must stand before this one: its months since the text came into force and, where the region has one, the start of its year. */
function restsOn(
  { kind, period }: RunKey,
  { chain }: SitePolicy,
  policy: PolicyAt,
): readonly string[] {
  if (kind === 'release') return [`month ${period}`];
  if (kind !== 'year') return [];
  const starts = chain.some(({ plans }) => plans.start !== undefined) ? [`start ${period}`] : [];
  const months = monthsCounting(period, policy).filter((month) => isInForce(chain, month));
  return [...starts, ...months.map((month) => `month ${month}`)];
}

/** What was paid before: to the year by its start and its months; the start of a year looks at the months of the year before. */
function paidBefore({ kind, period }: RunKey, policy: PolicyAt): RunQuestion {
  if (kind === 'start') return { kinds: ['month'], periods: monthsOf(String(Number(period) - 1)) };
  if (kind !== 'year') return { kinds: [], periods: [] };
  return { kinds: ['start', 'month'], periods: [period, ...monthsCounting(period, policy)] };
}

async function deductionsOf(
  client: pg.ClientBase,
  key: RunKey,
  { policy, before }: { readonly policy: PolicyAt; readonly before: StoredRun | null },
): Promise<readonly Deduction[]> {
  if (before?.closed === true) return takenDeductions(client, before.runId);
  const monthly = policy.gapOf(TIMING) === null && policy.text(TIMING) === 'monthly';
  const takes = key.kind === 'year' || (key.kind === 'month' && monthly);
  return takes ? readDeductions(client, key, before?.runId ?? null) : [];
}

const TIMING = 'audit.timing';

async function ledgerFacts(client: pg.ClientBase, key: RunKey): Promise<LedgerFacts> {
  const { consortium, kind, period } = key;
  return {
    carried: await readCarried(client, key),
    held: kind === 'release' ? await readHeld(client, consortium, period) : [],
    auditTaken: kind === 'year' ? await readAuditTaken(client, consortium, monthsOf(period)) : [],
  };
}
