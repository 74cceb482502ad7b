import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { fen, toYuan } from '../kernel/money.js';
import type { PullRequest, PullResult } from './batch.js';
import type { Comparison } from './comparison.js';
import { SyncRequestError } from './errors.js';
import { STREAMS, type Stream } from './fields.js';
import { IngestService } from './ingest.service.js';
import {
  type AdjustmentRow,
  impactOf,
  listAdjustments,
  listRefunds,
  listWithdrawn,
  type RefundRow,
  type RefundState,
  rewindBookmark,
  type SyncImpact,
  type SyncListing,
  type WithdrawnRow,
} from './landing/sync.repository.js';
import { bookmarkOf } from './landing/window.repository.js';
import { SiteSources } from './site-sources.loader.js';
import type { DayWindow } from './windows.js';

/** A stretch of days of one member. */
export interface SyncRequest extends DayWindow {
  readonly institution: string;
  /** Default: all that are configured. */
  readonly streams?: readonly Stream[] | undefined;
  readonly outsideHours?: PullRequest['outsideHours'];
  /** Only the windows that begin within these days of it; the parts together are the stretch. */
  readonly part?: DayWindow;
}

export interface RewindRequest {
  readonly institution: string;
  readonly stream: Stream;
  readonly day: string;
  readonly by: string;
  readonly reason: string;
}

/** Looking again, on a person's word: compare, read anew, set a bookmark back; and what came of changes. */
@Injectable()
export class SyncService {
  private readonly sources: SiteSources;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
    private readonly journal: JournalService,
    private readonly ingest: IngestService,
  ) {
    this.sources = new SiteSources(site);
  }

  /** Every window of the stretch, key by key; writes nothing. Only for databases: a file is compared whenever it is read. */
  compare(
    request: SyncRequest,
    signal: AbortSignal,
    onWindow?: (done: Comparison) => void,
  ): Promise<readonly Comparison[]> {
    return this.ingest.compare(pullOf(request), signal, onWindow);
  }

  /** What reading the stretch again concerns; asks nothing of the source. */
  async impact({ institution, streams, from, to }: SyncRequest): Promise<readonly SyncImpact[]> {
    const { consortium, config } = this.sources.of(institution);
    const wanted = (streams ?? STREAMS).filter((stream) => config.streams[stream] !== undefined);
    return Promise.all(
      wanted.map((stream) =>
        impactOf(
          this.pool,
          { consortium: consortium.consortium, institution, stream },
          { from, to },
        ),
      ),
    );
  }

  /** Reads the stretch anew, in the windows it was read in. `withdrawal` lets any number of deleted rows go. */
  async read(
    request: SyncRequest & { readonly withdrawal?: PullRequest['withdrawal'] },
    signal: AbortSignal,
  ): Promise<PullResult> {
    const { withdrawal } = request;
    return this.ingest.pull(
      { ...pullOf(request), ...(withdrawal === undefined ? {} : { withdrawal }) },
      signal,
    );
  }

  /** What setting the bookmark back would have read again. @throws SyncRequestError */
  async rewindImpact({
    institution,
    stream,
    day,
  }: Omit<RewindRequest, 'by' | 'reason'>): Promise<SyncImpact & { readonly bookmark: string }> {
    const { consortium } = this.sources.of(institution).consortium;
    const key = { consortium, institution, stream };
    const bookmark = await bookmarkOf(this.pool, key);
    if (bookmark === null || bookmark <= day) throw notAhead(stream, bookmark, day);
    return { ...(await impactOf(this.pool, key, { from: day, to: bookmark })), bookmark };
  }

  /** Sets a bookmark back: the next nights read from there again, some days at a time. @throws SyncRequestError */
  async rewind(request: RewindRequest): Promise<SyncImpact & { readonly bookmark: string }> {
    const { institution, stream, day, by, reason } = request;
    if (by.trim() === '' || reason.trim() === '') {
      throw new SyncRequestError('回退书签须写明经手人和原因', '请补上 --as 与 --reason。');
    }
    const impact = await this.rewindImpact(request);
    const { consortium } = this.sources.of(institution).consortium;
    await withTransaction(this.pool, async (client) => {
      const was = await rewindBookmark(client, { consortium, institution, stream }, day);
      if (was === null) throw notAhead(stream, was, day);
      await this.journal.append(client, {
        consortium,
        kind: 'decision',
        subject: `rewind:${institution}:${stream}`,
        content: {
          ...{ from: was, to: day, by, reason, windows: impact.windows, rows: impact.rows },
          amount: toYuan(fen(BigInt(impact.fen))),
          closedMonths: impact.closedMonths,
        },
      });
    });
    return impact;
  }

  /** Changes that a month carries for months that were closed before (红冲、补记), and claims that came late. */
  adjustments(
    request: SyncListing & { readonly month: string },
  ): Promise<readonly AdjustmentRow[]> {
    return listAdjustments(this.pool, request);
  }

  /** Refunds booked in a month, each with its original or with what is wrong. */
  refunds(
    request: SyncListing & { readonly month: string; readonly states?: readonly RefundState[] },
  ): Promise<readonly RefundRow[]> {
    return listRefunds(this.pool, request);
  }

  /** Rows settled in a month that their source deleted while the month was open. */
  withdrawn(request: SyncListing & { readonly month: string }): Promise<readonly WithdrawnRow[]> {
    return listWithdrawn(this.pool, request);
  }
}

function pullOf({ institution, from, to, streams, outsideHours, part }: SyncRequest): PullRequest {
  return {
    ...{ institution, window: { from, to }, late: false, eachWindow: true },
    ...(streams === undefined ? {} : { streams }),
    ...(outsideHours === undefined ? {} : { outsideHours }),
    ...(part === undefined ? {} : { part }),
  };
}

function notAhead(stream: Stream, bookmark: string | null, day: string): SyncRequestError {
  return new SyncRequestError(
    `数据流 ${stream} 的书签在 ${bookmark ?? '起点之前'}，不在 ${day} 之后，无须回退`,
    '请用 heyi sync backfill 补读还没有读过的日子。',
  );
}
