import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { digest } from '../kernel/hash.js';
import type { CorrectedCells, NamedRow } from './corrected-row.js';
import type {
  BulkCorrection,
  CorrectionPreview,
  CorrectionRequest,
  EntryOutcome,
  ProposedCorrection,
  ProposedDismissal,
} from './correction.js';
import {
  closeProposal,
  insertProposal,
  lapseProposals,
  type Proposal,
  pendingDecision,
} from './decision.repository.js';
import {
  type EntryKey,
  lockEntry,
  type StoredEntry,
  storedEntries,
  storedEntry,
} from './entry.repository.js';
import { StillRefusedError, UnknownEntryError, WrongStateError } from './errors.js';
import { outcomeOf } from './outcome.js';
import { RawRows } from './raw-rows.repository.js';
import { ReplayService } from './replay.service.js';
import { isSamePerson, requireSigned } from './signature.js';

/** The first of the two people (经办): what is to become of a row that did not land. */
@Injectable()
export class ProposalService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly replay: ReplayService,
    private readonly journal: JournalService,
  ) {}

  /** What a correction would do; nothing is kept. @throws UnknownEntryError, WrongStateError, UnknownFieldError, RawRowGoneError */
  async preview(request: CorrectionRequest): Promise<CorrectionPreview> {
    const entry = await this.openEntry(request);
    return this.previewOf(request.consortium, entry, { cells: request.cells });
  }

  /**
   * Proposes a corrected row; it lands when another person approves it.
   *
   * @throws UnknownEntryError, WrongStateError, UnknownFieldError, StillRefusedError, RawRowGoneError, UnsignedDecisionError
   */
  async correct(
    request: ProposedCorrection,
  ): Promise<{ readonly decision: string; readonly preview: CorrectionPreview }> {
    requireSigned(request.by, request.reason);
    const preview = await this.preview(request);
    return { decision: await this.proposeLanding(request, preview), preview };
  }

  /** The same correction for every open entry of a filter whose raw cells hold the given texts: a proposal each. */
  async correctMany(request: BulkCorrection): Promise<readonly EntryOutcome[]> {
    requireSigned(request.by, request.reason);
    const { filter, limit } = request;
    const raws = new RawRows(this.pool);
    const outcomes: EntryOutcome[] = [];
    for (const entry of await storedEntries(this.pool, { ...filter, states: ['open'] }, limit)) {
      const outcome = await outcomeOf(entry.quarantineId, () =>
        this.oneOfMany(request, entry, raws),
      );
      if (outcome.decision !== SKIPPED) outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Proposes that the row is not to land; it keeps counting as set aside. @throws as correct */
  async dismiss(request: ProposedDismissal): Promise<{ readonly decision: string }> {
    const { consortium, entry, cause, by, reason } = request;
    requireSigned(by, reason);
    await this.openEntry(request);
    const proposal = { consortium, entry, by, reason, what: { cause } };
    return { decision: await this.propose(proposal, { action: 'propose-dismissal', cause }) };
  }

  /** Whoever proposed takes it back. @throws UnknownEntryError, WrongStateError */
  async withdraw(request: EntryKey & { readonly by: string }): Promise<void> {
    const { consortium, entry, by } = request;
    if ((await storedEntry(this.pool, request)) === null) throw unknown(entry);
    await withTransaction(this.pool, async (client) => {
      await lockEntry(client, entry);
      const pending = await pendingDecision(client, entry);
      if (pending === null) throw new WrongStateError(`隔离记录 ${entry} 没有待复核的提议`);
      if (!isSamePerson(pending.proposedBy, by)) throw new WrongStateError('只有提出人可以撤回');
      await closeProposal(client, { decision: pending.decisionId, entry }, { state: 'withdrawn' });
      await this.journal.append(client, {
        consortium,
        kind: 'decision',
        subject: `quarantine:${entry}`,
        content: { action: 'withdraw', decision: pending.decisionId, by },
      });
    });
  }

  private async oneOfMany(
    { filter, when, cells, by, reason, dryRun = false }: BulkCorrection,
    entry: StoredEntry,
    raws: RawRows,
  ): Promise<string | null> {
    const { consortium, institutions } = filter;
    const raw = await raws.of(entry);
    if (!holds(raw, this.replay.conditions(entry, when))) return SKIPPED;
    const preview = await this.previewOf(consortium, entry, { cells, raw });
    if (preview.refusals.length > 0) throw new StillRefusedError(preview.refusals.join('；'));
    if (dryRun) return null;
    const request = { consortium, institutions, entry: entry.quarantineId, cells, by, reason };
    return this.proposeLanding(request, preview);
  }

  private async openEntry(key: EntryKey): Promise<StoredEntry> {
    const entry = await storedEntry(this.pool, key);
    if (entry === null) throw unknown(key.entry);
    if (entry.state !== 'open') throw notOpen(entry.quarantineId, entry.state);
    return entry;
  }

  private async previewOf(
    consortium: string,
    entry: StoredEntry,
    { cells, raw }: { readonly cells: CorrectedCells; readonly raw?: NamedRow },
  ): Promise<CorrectionPreview> {
    const columns = this.replay.columns(entry, cells);
    const given = { cells: columns, ...(raw === undefined ? {} : { raw }) };
    return this.replay.preview(await this.replay.prepare(consortium, entry, given));
  }

  private proposeLanding(
    { consortium, entry, by, reason }: ProposedCorrection,
    { refusals, cells, readFen, landedFen }: CorrectionPreview,
  ): Promise<string> {
    if (refusals.length > 0) throw new StillRefusedError(refusals.join('；'));
    return this.propose(
      { consortium, entry, by, reason, what: { cells } },
      {
        ...{ action: 'propose-correction', columns: Object.keys(cells).join(',') },
        ...{ cellsDigest: digest(cells), readFen, landedFen: landedFen ?? '0' },
      },
    );
  }

  private propose(proposal: Proposal, content: Readonly<Record<string, string>>): Promise<string> {
    const { consortium, entry, by, reason } = proposal;
    return withTransaction(this.pool, async (client) => {
      await lockEntry(client, entry);
      const current = await storedEntry(client, { consortium, entry, institutions: 'all' });
      if (current?.state !== 'open') throw notOpen(entry, current?.state ?? '');
      await lapseProposals(client, entry);
      const decision = await insertProposal(client, proposal);
      await this.journal.append(client, {
        consortium,
        kind: 'decision',
        subject: `quarantine:${entry}`,
        content: { ...content, decision, by, reason },
      });
      return decision;
    });
  }
}

const SKIPPED = 'skipped';

function holds({ columns, cells }: NamedRow, when: CorrectedCells): boolean {
  return Object.entries(when).every(([column, text]) => {
    const cell = cells[columns.indexOf(column)] ?? '';
    return cell.trim() === (text ?? '').trim();
  });
}

function unknown(entry: string): UnknownEntryError {
  return new UnknownEntryError(`没有编号为 ${entry} 的隔离记录`);
}

function notOpen(entry: string, state: string): WrongStateError {
  const names: Readonly<Record<string, string>> = {
    proposed: '已有待复核的提议',
    resolved: '已处理',
    dismissed: '已排除',
  };
  return new WrongStateError(`隔离记录 ${entry} ${names[state] ?? '不存在'}`);
}
