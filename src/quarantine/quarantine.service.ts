import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { quarantineAccount } from './account.repository.js';
import { type Decision, decisionsOf } from './decision.repository.js';
import type {
  EntryFilter,
  EntryGroup,
  EntryPage,
  EntryPageRequest,
  EntrySummary,
  QuarantineAccount,
  Scope,
  StreamThreshold,
} from './entry.js';
import {
  type EntryKey,
  entryGroups,
  entryPage,
  type StoredEntry,
  storedEntry,
} from './entry.repository.js';
import { RawRowGoneError, UnknownEntryError, UnsignedDecisionError } from './errors.js';
import { maskedCell, maskedEntry, personalColumns } from './masking.js';
import { RawRows } from './raw-rows.repository.js';
import { SiteMappings } from './site-mappings.loader.js';

/** Who asks to see personal data, and why. */
export interface Unmasking {
  readonly by: string;
  readonly reason: string;
}

export interface AccountOfStream extends QuarantineAccount {
  /** Null: none is configured. */
  readonly threshold: StreamThreshold | null;
}

export interface ShownCell {
  readonly column: string;
  readonly text: string | null;
  /** Part of the text is hidden. */
  readonly masked: boolean;
}

export interface EntryDetail {
  readonly entry: EntrySummary;
  /** Null when the raw row is no longer kept. */
  readonly cells: readonly ShownCell[] | null;
  readonly decisions: readonly Decision[];
}

/** Rows that did not land, for the people who have to do something about them (隔离区). Nothing here changes an entry. */
@Injectable()
export class QuarantineService {
  private readonly mappings: SiteMappings;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
    private readonly journal: JournalService,
  ) {
    this.mappings = new SiteMappings(site);
  }

  /** @throws RangeError when `after` is no cursor of this list */
  list(request: EntryPageRequest): Promise<EntryPage> {
    return entryPage(this.pool, request);
  }

  groups(filter: EntryFilter): Promise<readonly EntryGroup[]> {
    return entryGroups(this.pool, filter);
  }

  /** What has become of everything that the current reads set aside, by institution and stream, and how much of it is tolerated. */
  async account(request: {
    readonly consortium: string;
    readonly institutions: Scope;
  }): Promise<readonly AccountOfStream[]> {
    const rows = await quarantineAccount(this.pool, request.consortium, request.institutions);
    return rows.map((row) => {
      const threshold = this.mappings.stream(row.institution, row.stream)?.quarantine ?? null;
      return {
        ...row,
        threshold: threshold === null ? null : { rows: threshold.rows, share: threshold.share },
      };
    });
  }

  /**
   * One entry with its raw row and what was decided about it. Personal cells are masked, unless somebody says who they are and why they
   * must see them; the journal keeps that.
   *
   * @throws UnknownEntryError, UnsignedDecisionError
   */
  async show(key: EntryKey & { readonly unmask?: Unmasking | undefined }): Promise<EntryDetail> {
    const { unmask } = key;
    const entry = await storedEntry(this.pool, key);
    if (entry === null) throw new UnknownEntryError(`没有编号为 ${key.entry} 的隔离记录`);
    if (unmask !== undefined) await this.noteUnmasking(key, unmask);
    const decisions = await decisionsOf(this.pool, key.entry);
    const isMasked = unmask === undefined;
    return {
      entry: isMasked ? maskedEntry(summaryOf(entry)) : summaryOf(entry),
      cells: await this.cells(entry, isMasked),
      decisions: isMasked ? decisions.map((each) => this.maskedDecision(entry, each)) : decisions,
    };
  }

  private async cells(entry: StoredEntry, isMasked: boolean): Promise<readonly ShownCell[] | null> {
    const row = await new RawRows(this.pool).of(entry).catch((error: unknown) => {
      if (error instanceof RawRowGoneError) return null;
      throw error;
    });
    if (row === null) return null;
    const isReadable = row.cells.length === row.columns.length;
    const columns = isReadable ? row.columns : row.cells.map(() => '（整行原文）');
    // A line that could not be cut into cells, or whose mapping is gone, may hold anything anywhere.
    const privacy = isReadable ? this.privacyOf(entry) : null;
    return columns.map((column, index) => {
      const text = row.cells[index] ?? null;
      const hidden = maskedBy(privacy, column, text);
      const shown = isMasked ? hidden : text;
      return { column, text: shown, masked: shown !== text };
    });
  }

  private maskedDecision(entry: StoredEntry, decision: Decision): Decision {
    if (decision.cells === null) return decision;
    const privacy = this.privacyOf(entry);
    const cells = Object.entries(decision.cells).map(([column, text]) => [
      column,
      maskedBy(privacy, column, text),
    ]);
    return { ...decision, cells: Object.fromEntries(cells) };
  }

  private privacyOf({ institution, stream }: StoredEntry) {
    const config = this.mappings.stream(institution, stream);
    return config === null ? null : personalColumns(stream, config);
  }

  private async noteUnmasking(
    { consortium, entry }: EntryKey,
    { by, reason }: Unmasking,
  ): Promise<void> {
    if (by.trim() === '' || reason.trim() === '') {
      throw new UnsignedDecisionError('查看未遮盖的原始行须写明查看人和理由');
    }
    await withTransaction(this.pool, (client) =>
      this.journal.append(client, {
        consortium,
        kind: 'access',
        subject: `quarantine:${entry}`,
        content: { action: 'unmask', by, reason },
      }),
    );
  }
}

function maskedBy(
  privacy: ReturnType<typeof personalColumns> | null,
  column: string,
  text: string | null,
): string | null {
  if (privacy === null) return text?.replace(/[\p{L}\p{N}]/gu, '*') ?? null;
  return maskedCell(text, privacy.get(column));
}

function summaryOf({ blobDigest: _, rowHash: __, ...entry }: StoredEntry): EntrySummary {
  return entry;
}
