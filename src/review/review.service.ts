import { Inject, Injectable, Optional } from '@nestjs/common';
import type pg from 'pg';
import { AuditService } from '../audit/audit.service.js';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { digest } from '../kernel/hash.js';
import { type Fen, fen, sum, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import {
  AlreadyDecidedError,
  IncompleteDecisionError,
  NotConfirmableError,
  NotOpenError,
  ShortPathError,
  UnknownFindingError,
} from './errors.js';
import { decideAtOnce } from './open-cases.repository.js';
import { openMonth } from './open-month.js';
import {
  closedMonths,
  confirmableShares,
  type Decision,
  type FindingFilter,
  insertDecisions,
  insertDeductions,
  type ListedFinding,
  listFindings,
  type StandingFinding,
  sharesOfFinding,
  standingFinding,
} from './review.repository.js';
import { loadReviewSettings } from './review-settings.loader.js';

export interface ConfirmRequest extends Decision {
  readonly months: readonly Month[];
  /** Say what would be confirmed, change nothing. */
  readonly dryRun?: boolean;
}

export interface Confirmation {
  /** Findings confirmed by this call, and those that were before. */
  readonly confirmed: number;
  readonly alreadyConfirmed: number;
  /** Of the findings confirmed by this call. */
  readonly amountFen: Fen;
}

/**
 * The short path (直接确认): one person decides at once, where the site lets it. A confirmed finding becomes deductions; a dismissed one makes
 * room for the next. Each leaves the same case and step as due process (`CasesService`); what is in due process stays there.
 */
@Injectable()
export class ReviewService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly audit: AuditService,
    private readonly journal: JournalService,
    @Optional() @Inject(SITE) private readonly site: Site | null = null,
  ) {}

  list(filter: FindingFilter): Promise<readonly ListedFinding[]> {
    return listFindings(this.pool, filter);
  }

  /**
   * Confirms all HARD primary findings of the months that carry money and nobody decided against (批量确认). Each share becomes a deduction
   * in the finding's month, or in the next open one when that is closed. Safe to repeat.
   *
   * @throws IncompleteDecisionError when nobody stands for the decision
   */
  async confirmHard(request: ConfirmRequest): Promise<Confirmation> {
    this.requireAllowed(request);
    return withTransaction(this.pool, async (client) => {
      const shares = await confirmableShares(client, request);
      const fresh = shares.filter(({ confirmed }) => !confirmed);
      const findingIds = [...new Set(fresh.map(({ findingId }) => findingId))];
      const result = {
        confirmed: findingIds.length,
        alreadyConfirmed:
          new Set(shares.map(({ findingId }) => findingId)).size - findingIds.length,
        amountFen: sum(fresh.map(({ amountFen }) => fen(BigInt(amountFen)))),
      };
      if (request.dryRun === true || findingIds.length === 0) return result;
      const closed = await closedMonths(client, request.consortium);
      await insertDecisions(client, { ...request, outcome: 'confirmed' }, findingIds);
      await recordDecision(client, request, { outcome: 'uphold', findingIds });
      await insertDeductions(
        client,
        request,
        fresh.map((share) => ({ ...share, postingMonth: openMonth(share.month, closed) })),
      );
      await this.journal.append(client, {
        consortium: request.consortium,
        kind: 'decision',
        subject: `review:${[...request.months].sort().join(',')}`,
        content: {
          outcome: 'confirmed',
          class: 'HARD',
          decidedBy: request.decidedBy,
          reason: request.reason,
          findings: findingIds.length,
          amount: toYuan(result.amountFen),
          findingsDigest: digest(findingIds),
        },
      });
      return result;
    });
  }

  /**
   * Confirms one finding, of whatever class, after a person has looked at it; its shares become deductions as in `confirmHard`.
   *
   * @throws UnknownFindingError, AlreadyDecidedError, NotConfirmableError, IncompleteDecisionError
   */
  async confirm(request: Decision & { readonly findingId: string }): Promise<Fen> {
    this.requireAllowed(request);
    const { consortium, findingId, decidedBy, reason } = request;
    return withTransaction(this.pool, async (client) => {
      const standing = await standingFinding(client, request);
      if (standing === null) throw new UnknownFindingError(`没有疑点 ${findingId}`);
      if (standing.outcome !== null) throw new AlreadyDecidedError(`疑点 ${findingId} 已有决定`);
      requireUntouched(standing);
      const shares = await sharesOfFinding(client, request);
      if (shares.length === 0) throw new NotConfirmableError(`疑点 ${findingId} 没有可扣的金额`);
      const closed = await closedMonths(client, consortium);
      const decided = await insertDecisions(client, { ...request, outcome: 'confirmed' }, [
        findingId,
      ]);
      if (decided === 0) throw new AlreadyDecidedError(`疑点 ${findingId} 刚有他人决定`);
      await recordDecision(client, request, { outcome: 'uphold', findingIds: [findingId] });
      await insertDeductions(
        client,
        request,
        shares.map((share) => ({ ...share, postingMonth: openMonth(share.month, closed) })),
      );
      const amountFen = sum(shares.map((share) => fen(BigInt(share.amountFen))));
      await this.journal.append(client, {
        consortium,
        kind: 'decision',
        subject: `finding:${findingId}`,
        content: { outcome: 'confirmed', decidedBy, reason, amount: toYuan(amountFen) },
      });
      return amountFen;
    });
  }

  /**
   * Decides against one finding and audits its months again, so that the next finding on the same money takes its place.
   *
   * @throws UnknownFindingError, AlreadyDecidedError, IncompleteDecisionError
   */
  async dismiss(request: Decision & { readonly findingId: string }): Promise<readonly Month[]> {
    this.requireAllowed(request);
    const months = await withTransaction(this.pool, async (client) => {
      const standing = await standingFinding(client, request);
      if (standing === null) throw new UnknownFindingError(`没有疑点 ${request.findingId}`);
      if (standing.outcome === 'confirmed') {
        throw new AlreadyDecidedError(`疑点 ${request.findingId} 已确认`);
      }
      requireUntouched(standing);
      const { findingId } = request;
      const decided = await insertDecisions(client, { ...request, outcome: 'dismissed' }, [
        findingId,
      ]);
      await recordDecision(client, request, { outcome: 'dismiss', findingIds: [findingId] });
      if (decided === 0 && standing.outcome === null) {
        throw new AlreadyDecidedError(`疑点 ${request.findingId} 刚有他人决定`);
      }
      await this.journal.append(client, {
        consortium: request.consortium,
        kind: 'decision',
        subject: `finding:${request.findingId}`,
        content: { outcome: 'dismissed', decidedBy: request.decidedBy, reason: request.reason },
      });
      return standing.months;
    });
    await this.audit.run({ consortium: request.consortium, months });
    return months;
  }

  /** @throws IncompleteDecisionError, ShortPathError */
  private requireAllowed(decision: Decision): void {
    requireSigned(decision);
    if (this.site !== null && !loadReviewSettings(this.site).shortPath)
      throw new ShortPathError('本站点不允许一人直接确认或驳回');
  }
}

function recordDecision(
  client: pg.ClientBase,
  { consortium, decidedBy: by, reason }: Decision,
  of: { readonly outcome: 'uphold' | 'dismiss'; readonly findingIds: readonly string[] },
): Promise<void> {
  return decideAtOnce(client, { consortium, by, reason, outcome: of.outcome }, of.findingIds);
}

/** @throws NotOpenError */
function requireUntouched({ caseState }: StandingFinding): void {
  if (caseState !== null && caseState !== 'DETECTED' && caseState !== 'DISMISSED')
    throw new NotOpenError('该疑点已按程序办理，不能直接决定');
}

function requireSigned({ decidedBy, reason }: Decision): void {
  if (decidedBy.trim() === '' || reason.trim() === '') {
    throw new IncompleteDecisionError('决定缺少决定人或理由');
  }
}
