import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { BookReader, type PeriodBooks } from './books.service.js';
import { factsDigest, policyDigest } from './canonical.js';
import { computeFacts, isInForce, planOf } from './compute.js';
import { CrossCheckError, SettlementInputError } from './errors.js';
import { type ExplainRequest, type Explanation, explainFigure } from './explain.repository.js';
import { planParameters } from './plan.js';
import { snapshotOf } from './policy-snapshot.js';
import { type Posting, postingsOf } from './postings.js';
import type { SettlementResult } from './result.js';
import { assertNothingRests, storeReversal } from './reversal.repository.js';
import {
  closePeriod,
  currentRun,
  lockPeriods,
  lockSettlement,
  reserveRun,
  type StoredRun,
  storeRun,
} from './run.repository.js';
import { closedError, isSame, type RunDigests } from './run-digests.js';
import type { RunKey } from './run-key.js';
import { loadSitePolicy } from './site-policy.loader.js';
import { hasPoints } from './unit-points.js';

export interface SettleRequest extends RunKey {
  readonly close?: boolean;
  readonly dryRun?: boolean;
}

export interface MonthRequest {
  readonly consortium: string;
  readonly month: string;
  readonly close?: boolean;
  readonly dryRun?: boolean;
}

export interface YearRequest {
  readonly consortium: string;
  readonly year: string;
  readonly close?: boolean;
  readonly dryRun?: boolean;
}

export interface SettlementOutcome {
  readonly result: SettlementResult;
  readonly digests: RunDigests;
  /** Null on a dry run without an earlier run. */
  readonly runId: string | null;
  readonly version: number;
  /** False: the same inputs and policy as the current run, nothing was written. */
  readonly changed: boolean;
  readonly closed: boolean;
}

/** Settles months and years on the books. Running again on the same inputs changes nothing and says so. */
@Injectable()
export class SettlementService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly books: BookReader,
    private readonly journal: JournalService,
  ) {}

  /** @throws PolicyGapError, SettlementInputError, ClosedPeriodError, CrossCheckError */
  settleMonth({ month, ...rest }: MonthRequest): Promise<SettlementOutcome> {
    return this.settle({ ...rest, kind: 'month', period: month });
  }

  /** @throws as settleMonth; also when a month of the year is not settled */
  settleYear({ year, ...rest }: YearRequest): Promise<SettlementOutcome> {
    return this.settle({ ...rest, kind: 'year', period: year });
  }

  /** Whether the consortium's region has its text in force for a period. A period before it has nothing to settle. */
  isInForce(consortium: string, period: string): boolean {
    return isInForce(loadSitePolicy(this.site, consortium).chain, period);
  }

  /** A figure with formula, inputs, clauses, and the claims behind it down to the raw row. @throws UnknownFigureError */
  explain(request: ExplainRequest): Promise<Explanation> {
    return explainFigure(this.pool, loadSitePolicy(this.site, request.consortium), request);
  }

  /** A run of any kind. @throws as settleMonth; also when what it rests on is not settled */
  settle(request: SettleRequest): Promise<SettlementOutcome> {
    return withTransaction(this.pool, async (client) => {
      await lockSettlement(client, request.consortium);
      if (request.close === true) await lockPeriods(client, request.consortium);
      const before = await currentRun(client, request);
      // The first run of a period is sure to be stored, so its cases are written while they are read.
      const isFirst = before === null && request.dryRun !== true;
      const runId = isFirst ? await reserveRun(client) : null;
      const books = await this.books.read(client, request, { runId, before });
      const computed = computeRun(request, books);
      if (before?.closed === true && before.digests.result !== computed.digests.result)
        throw closedError(request, before, computed.digests);
      return this.keep(client, { request, books, before, runId, ...computed });
    });
  }

  /**
   * Takes a run back (红冲): its vouchers are booked with their amounts turned round, its deductions are free again, and its period is
   * open for settlement until it is settled anew. The run itself stays as it was. A closed month still takes no late rows.
   *
   * @throws SettlementInputError when there is nothing to take back, or a later run rests on it
   */
  reverse({ reason, ...key }: RunKey & { readonly reason: string }): Promise<ReversedRun> {
    return withTransaction(this.pool, async (client) => {
      await lockSettlement(client, key.consortium);
      const before = await currentRun(client, key);
      if (before === null || before.takesBack)
        throw new SettlementInputError(`${key.kind} ${key.period} 没有可以冲回的结算`);
      await assertNothingRests(client, key);
      const runId = await reserveRun(client);
      const version = before.version + 1;
      await storeReversal(client, { ...key, runId, version, before, reason });
      const content = { version, reverses: before.version, reason };
      await this.post(client, key, content);
      return { runId, version, reversed: before.version };
    });
  }

  /** Stores the run unless it is the current one, and closes its period if asked. */
  private async keep(client: pg.PoolClient, computed: Kept): Promise<SettlementOutcome> {
    const { request, before, result, digests } = computed;
    const current = before !== null && isSame(before, digests) ? before : null;
    const version = current?.version ?? (before?.version ?? 0) + 1;
    const outcome = { result, digests, version, changed: current === null };
    if (request.dryRun === true)
      return { ...outcome, runId: before?.runId ?? null, closed: before?.closed === true };
    const runId = current?.runId ?? (await this.store(client, { ...computed, version }));
    if (request.close === true) await this.close(client, request, { runId, result });
    return { ...outcome, runId, closed: request.close === true || current?.closed === true };
  }

  private async store(
    client: pg.PoolClient,
    { request, books, before, result, ...computed }: Kept & { readonly version: number },
  ): Promise<string> {
    const { runId: reserved, digests, postings, version } = computed;
    const { consortium, kind, period } = request;
    const runId = reserved ?? (await this.scored(client, books));
    await storeRun(client, {
      ...{ runId, consortium, kind, period, version, before, digests, postings },
      ...{ region: result.region, figures: result.figures, deductions: books.deductions },
      facts: books.facts,
      policy: snapshotOf(books.policy, planOf(books.chain, kind)),
    });
    await this.post(client, request, { version, ...digests });
    return runId;
  }

  private async post(
    client: pg.PoolClient,
    { consortium, kind, period }: RunKey,
    content: Readonly<Record<string, string | number>>,
  ): Promise<void> {
    const subject = `${kind}:${period}`;
    await this.journal.append(client, { consortium, kind: 'posting', subject, content });
  }

  /** Stores the cases of a run that turned out to be a new version. @throws CrossCheckError when rows landed in between */
  private async scored(client: pg.PoolClient, { cases, facts }: PeriodBooks): Promise<string> {
    const runId = await reserveRun(client);
    if (cases === null) return runId;
    const totals = await this.books.score(client, cases, runId);
    if (!hasPoints(facts, totals.unitPoints()))
      throw new CrossCheckError('结算期间又有病例数据落地，请重新结算');
    return runId;
  }

  private async close(
    client: pg.PoolClient,
    key: RunKey,
    { runId, result }: { readonly runId: string; readonly result: SettlementResult },
  ): Promise<void> {
    if (!(await closePeriod(client, key, runId))) return;
    const { consortium, kind, period } = key;
    await this.journal.append(client, {
      consortium,
      kind: 'period',
      subject: `${kind}:${period}`,
      content: { result: result.digest },
    });
  }
}

export interface ReversedRun {
  readonly runId: string;
  readonly version: number;
  /** Version that was taken back. */
  readonly reversed: number;
}

interface ComputedRun {
  readonly result: SettlementResult;
  readonly digests: RunDigests;
  readonly postings: readonly Posting[];
}

/** @throws PolicyGapError before SettlementInputError: what is open in the policy is said first; CrossCheckError */
function computeRun({ kind, period }: RunKey, books: PeriodBooks): ComputedRun {
  const { chain, facts, policy, dipDigest, unsettled } = books;
  const steps = planOf(chain, kind);
  const result = computeFacts(chain, facts, policy);
  const names = unsettled.map((run) => run.replace('month ', '').replace('start ', '年初预付 '));
  if (unsettled.length > 0)
    throw new SettlementInputError(
      `${period} ${KIND_LABELS[kind]}前须先结算：${names.join('、')}（npx heyi settle ${unsettled[0]}）`,
      { period },
    );
  const digests = {
    inputs: factsDigest(facts),
    policy: policyDigest(policy, steps, planParameters(facts, steps, policy)),
    knowledge: dipDigest,
    result: result.digest,
  };
  return { result, digests, postings: postingsOf(result.figures) };
}

interface Kept extends ComputedRun {
  readonly request: SettleRequest;
  readonly books: PeriodBooks;
  readonly before: StoredRun | null;
  /** The run whose cases are stored already; null: none are. */
  readonly runId: string | null;
}

/** Runs in words. */
const KIND_LABELS: Readonly<Record<RunKey['kind'], string>> = {
  start: '年初预付',
  month: '月度结算',
  release: '月度考核金发放',
  year: '年度清算',
};
