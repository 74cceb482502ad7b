import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { lockStream } from '../ingest/landing/batch.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { ApprovalRequest, EntryOutcome } from './correction.js';
import {
  approveProposal,
  closeProposal,
  type Decision,
  lapseProposals,
  pendingDecision,
} from './decision.repository.js';
import { type EntryKey, lockEntry, type StoredEntry, storedEntry } from './entry.repository.js';
import { DeliveredError, UnknownEntryError, WrongStateError } from './errors.js';
import { outcomeOf } from './outcome.js';
import { type PreparedReplay, ReplayService } from './replay.service.js';
import { requireAnother, requireSigned } from './signature.js';

/** The second of the two people (复核). Nothing lands and nothing is dismissed without one. */
@Injectable()
export class ApprovalService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly replay: ReplayService,
    private readonly journal: JournalService,
  ) {}

  /**
   * Approves what others proposed. A correction is replayed now, against what stands now. Each entry has a transaction of its own, so
   * that one which cannot be approved holds no other back; its outcome says why.
   */
  async approve(request: ApprovalRequest): Promise<readonly EntryOutcome[]> {
    requireSigned(request.by, request.reason ?? '同意');
    const outcomes: EntryOutcome[] = [];
    for (const entry of request.entries) {
      outcomes.push(await outcomeOf(entry, () => this.approveOne({ ...request, entry })));
    }
    return outcomes;
  }

  /** Turns a proposal down; the entry is open again. @throws UnknownEntryError, WrongStateError, SamePersonError, UnsignedDecisionError */
  async reject(
    request: EntryKey & { readonly by: string; readonly reason: string },
  ): Promise<void> {
    const { entry, by, reason } = request;
    requireSigned(by, reason);
    await this.pending(request);
    await withTransaction(this.pool, async (client) => {
      await lockEntry(client, entry);
      const { decisionId, proposedBy } = await pendingNow(client, entry);
      requireAnother(proposedBy, by);
      await closeProposal(
        client,
        { decision: decisionId, entry },
        { state: 'rejected', by, reason },
      );
      await this.note(client, request, { action: 'reject', decision: decisionId, reason });
    });
  }

  private async approveOne(
    request: EntryKey & Pick<ApprovalRequest, 'by' | 'reason'>,
  ): Promise<string> {
    const { consortium, by } = request;
    const { entry, decision } = await this.pending(request);
    requireAnother(decision.proposedBy, by);
    const { cells } = decision;
    const prepared =
      cells === null ? null : await this.replay.prepare(consortium, entry, { cells });
    try {
      return await withTransaction(this.pool, (client) =>
        this.settle(client, request, { decision, prepared }),
      );
    } catch (error) {
      // What the source itself put right needs no proposal any more.
      if (error instanceof DeliveredError) await this.giveUp(request.entry);
      throw error;
    }
  }

  private async settle(
    client: pg.PoolClient,
    request: EntryKey & Pick<ApprovalRequest, 'by' | 'reason'>,
    {
      decision,
      prepared,
    }: { readonly decision: Decision; readonly prepared: PreparedReplay | null },
  ): Promise<string> {
    const { decisionId } = decision;
    const { by, reason = null } = request;
    if (prepared !== null) await lockStream(client, prepared.key);
    await lockEntry(client, request.entry);
    const entry = await storedEntry(client, request);
    const pending = await pendingDecision(client, request.entry);
    if (entry?.state === 'resolved') throw delivered(request.entry);
    if (entry === null || pending?.decisionId !== decisionId) throw changed(request.entry);
    const landed =
      prepared === null ? null : await this.replay.land(client, { ...prepared, entry }, decisionId);
    await approveProposal(client, { entry, decision: decisionId, by, reason, landed });
    await this.note(client, request, {
      action: landed === null ? 'approve-dismissal' : 'approve-correction',
      ...{
        decision: decisionId,
        reason,
        proposedBy: decision.proposedBy,
        readFen: entry.amountFen,
      },
      ...(landed === null
        ? { cause: decision.cause }
        : { batch: landed.batchId, landedFen: landed.fen }),
    });
    return decisionId;
  }

  /** @throws UnknownEntryError, DeliveredError, WrongStateError */
  private async pending(
    key: EntryKey,
  ): Promise<{ readonly entry: StoredEntry; readonly decision: Decision }> {
    const entry = await storedEntry(this.pool, key);
    if (entry === null) throw new UnknownEntryError(`没有编号为 ${key.entry} 的隔离记录`);
    const decision = await pendingDecision(this.pool, key.entry);
    if (decision === null) throw new WrongStateError(`隔离记录 ${key.entry} 没有待复核的提议`);
    if (entry.state === 'proposed') return { entry, decision };
    await lapseProposals(this.pool, key.entry);
    throw delivered(key.entry);
  }

  /** The proposal has lost its object; the next read of the window says what stands. */
  private async giveUp(entry: string): Promise<void> {
    await withTransaction(this.pool, async (client) => {
      await lockEntry(client, entry);
      await lapseProposals(client, entry);
      await client.query(
        `UPDATE quarantine SET state = 'open' WHERE quarantine_id = $1 AND state = 'proposed'`,
        [entry],
      );
    });
  }

  private note(
    client: pg.PoolClient,
    { consortium, entry, by }: EntryKey & { readonly by: string },
    content: Readonly<Record<string, string | bigint | null>>,
  ) {
    const subject = `quarantine:${entry}`;
    return this.journal.append(client, {
      consortium,
      kind: 'decision',
      subject,
      content: { ...content, by },
    });
  }
}

async function pendingNow(client: pg.PoolClient, entry: string): Promise<Decision> {
  const decision = await pendingDecision(client, entry);
  if (decision === null) throw changed(entry);
  return decision;
}

function delivered(entry: string): DeliveredError {
  return new DeliveredError(`来源已给出隔离记录 ${entry} 的正常行`);
}

function changed(entry: string): WrongStateError {
  return new WrongStateError(`隔离记录 ${entry} 刚被他人处理`);
}
