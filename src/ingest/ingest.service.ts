import { resolve } from 'node:path';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type pg from 'pg';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { SITE, type Site } from '../config/site.js';
import type { SourceUnit } from '../connectors/connector.js';
import { UnfinishedFileError } from '../connectors/errors.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { Clock } from '../kernel/clock.js';
import { digest } from '../kernel/hash.js';
import { type BatchResult, isNews, NO_ROWS, type PullRequest, type PullResult } from './batch.js';
import { BatchReader } from './batch-reader.service.js';
import { resultOf } from './batch-report.js';
import type { Comparison } from './comparison.js';
import { dryRun } from './dry-run.service.js';
import { STREAMS, type Stream } from './fields.js';
import { fileChoice, type KnownFile, rememberedDigest } from './file-choice.js';
import { type BatchEnd, finishBatch, insertBatch } from './landing/batch.repository.js';
import { knownFiles, noteFile } from './landing/source-file.repository.js';
import type { LineScreen } from './mapping/line-screen.js';
import { windowsToRead } from './pull-windows.repository.js';
import { admitReading } from './reading-admission.service.js';
import { writeReceipts } from './receipt.client.js';
import {
  connectorStream,
  openSource,
  SiteSources,
  type SourceOfMember,
} from './site-sources.loader.js';
import { type File, pullResult, type Reading, streamKey, streamRead } from './stream-read.js';
import { INGEST_CLOCK } from './tokens.js';
import { WindowComparer } from './window-comparer.service.js';
import type { DayWindow } from './windows.js';

interface Pull extends Reading {
  readonly request: PullRequest;
}

/** Brings a member's records in: one window of its streams, each its own batch. Safe to repeat: rows merge by natural key. */
@Injectable()
export class IngestService {
  private readonly reader: BatchReader;
  private readonly sources: SiteSources;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
    private readonly journal: JournalService,
    private readonly catalogue: CatalogueService,
    @Optional() @Inject(INGEST_CLOCK) private readonly clock: Clock = { now: () => new Date() },
  ) {
    this.reader = new BatchReader(pool, journal);
    this.sources = new SiteSources(site);
  }

  /**
   * @param screen  looks at lines as they land in a table of their own
   * @throws ConfigError; SourceUnreachableError and SourceTimeoutError (to be retried; slices already committed are kept);
   *   OutsideHoursError; the signal's reason
   */
  async pull(request: PullRequest, signal: AbortSignal, screen?: LineScreen): Promise<PullResult> {
    return this.reading(request, signal, async (given) => {
      const pull = { ...given, screen };
      const batches: BatchResult[] = [];
      for (const stream of this.streamsOf(pull)) batches.push(...(await this.stream(stream, pull)));
      await this.acknowledge(pull, batches);
      return pullResult(request, batches);
    });
  }

  /**
   * Compares windows with their source key by key and writes nothing.
   *
   * @param onWindow  told of each window as it is done
   * @throws as pull
   */
  async compare(
    request: PullRequest,
    signal: AbortSignal,
    onWindow: (done: Comparison) => void = () => {},
  ): Promise<readonly Comparison[]> {
    return this.reading(request, signal, async (pull) => {
      const found: Comparison[] = [];
      for (const stream of this.streamsOf(pull)) {
        if (stream === 'persons' || pull.session.units !== undefined) continue;
        for (const window of await this.windowsOf(stream, pull)) {
          const read = streamRead(stream, { ...pull, window }, null);
          const done = await this.comparer(pull.source).compare(read);
          found.push(done);
          onWindow(done);
        }
      }
      return found;
    });
  }

  private async reading<T>(
    request: PullRequest,
    signal: AbortSignal,
    work: (pull: Pull) => Promise<T>,
  ): Promise<T> {
    const { pool, journal } = this;
    const source = this.sources.of(request.institution);
    const now = this.clock.now();
    await admitReading({ pool, journal, source, request, now });
    await this.catalogue.load(source.consortium.consortium, source.config);
    const session = await openSource(source);
    try {
      const window = request.part ?? request.window;
      return await work({ request, source, session, signal, now, window });
    } finally {
      await session.close();
    }
  }

  private streamsOf({ request, source }: Pull): readonly Stream[] {
    return (request.streams ?? STREAMS).filter(
      (stream) => source.config.streams[stream] !== undefined,
    );
  }

  private windowsOf(stream: Stream, pull: Pull): Promise<readonly DayWindow[]> {
    const { limits, config } = pull.source;
    const { lookBackDays, catchUpDays } = limits.sync;
    const days = config.streams[stream]?.lookBackDays ?? lookBackDays;
    return windowsToRead(this.pool, streamKey(stream, pull), pull.request, { days, catchUpDays });
  }

  private comparer({ limits }: SourceOfMember): WindowComparer {
    return new WindowComparer(this.pool, this.journal, limits.sync);
  }

  /** A member that drops files learns what became of each, where it asked for receipts. */
  private async acknowledge({ source, request }: Pull, batches: readonly BatchResult[]) {
    const { receipts } = source.config;
    if (receipts === null || request.dryRun === true) return;
    await writeReceipts(this.pool, resolve(source.dataDir, receipts), batches);
  }

  private async stream(stream: Stream, pull: Pull): Promise<readonly BatchResult[]> {
    const { session, request, signal, window } = pull;
    if (session.units === undefined) return this.windows(stream, pull);
    const units = await session.units({
      stream: connectorStream(pull.source, stream),
      ...{ window, late: request.late ?? true, signal },
    });
    const results: BatchResult[] = [];
    const ask = () => knownFiles(this.pool, { ...streamKey(stream, pull), stream });
    let known = await ask();
    for (const unit of units) {
      const result = await this.file(stream, pull, { unit, known });
      if (result === null) continue;
      results.push(result);
      known = await ask(); // the same bytes may lie there twice
    }
    return results.length > 0 ? results : [await this.noFile(stream, pull)];
  }

  private async windows(stream: Stream, pull: Pull): Promise<readonly BatchResult[]> {
    const { request } = pull;
    const windows = request.dryRun === true ? [pull.window] : await this.windowsOf(stream, pull);
    if (windows.length === 0) return []; // the windows of this part were begun in an earlier one
    const results: BatchResult[] = [];
    for (const window of windows.slice(0, -1)) {
      const again = await this.batch(stream, { ...pull, window }, null);
      if (request.eachWindow === true) results.push(again);
      else if (isNews(again)) results.push({ ...again, lookBack: true });
    }
    const [window = pull.window] = windows.slice(-1);
    return [...results, await this.batch(stream, { ...pull, window }, null)];
  }

  private async file(
    stream: Stream,
    pull: Pull,
    { unit, known }: { readonly unit: SourceUnit; readonly known: readonly KnownFile[] },
  ): Promise<BatchResult | null> {
    let fingerprint = rememberedDigest(unit, known);
    try {
      fingerprint ??= (await pull.session.fingerprint?.(unit.name)) ?? '';
    } catch (error) {
      if (!(error instanceof UnfinishedFileError)) throw error;
      return this.close(stream, pull, {
        unit: unit.name,
        end: { state: 'incomplete', message: error.message, remedy: error.remedy },
      });
    }
    const file: File = { ...unit, fingerprint };
    const choice = fileChoice(file, known, pull.request.window);
    if (choice === 'skip') return null;
    if (choice === 'read') return this.batch(stream, pull, file);
    const original =
      known.find((each) => each.digest === fingerprint && each.outcome === 'landed')?.name ?? '';
    return this.close(stream, pull, {
      unit: unit.name,
      file,
      end: {
        state: 'duplicate',
        message: `文件 ${unit.name} 与已落地的 ${original} 内容相同，未重复落地`,
        remedy: '无须处理；如应有新内容，请来源单位核对投放的文件。',
      },
    });
  }

  private async batch(stream: Stream, pull: Pull, file: File | null): Promise<BatchResult> {
    const read = streamRead(stream, pull, file);
    if (pull.request.dryRun === true) return dryRun(read);
    const batch = await this.reader.read(read);
    return this.comparer(pull.source).settle(read, batch, pull.request.withdrawal ?? null);
  }

  private noFile(stream: Stream, pull: Pull): Promise<BatchResult> {
    const end = { state: 'empty', message: null, remedy: null } as const;
    return this.close(stream, pull, { unit: null, end });
  }

  /** A batch that ends before anything is read. */
  private async close(
    stream: Stream,
    pull: Pull,
    {
      unit,
      file,
      end,
    }: {
      readonly unit: string | null;
      readonly file?: File;
      readonly end: Pick<BatchEnd, 'state' | 'message' | 'remedy'>;
    },
  ): Promise<BatchResult> {
    const key = { ...streamKey(stream, pull), unit };
    const whole: BatchEnd = {
      ...end,
      source: { rows: end.state === 'empty' ? 0 : null, amountFen: null },
      counts: NO_ROWS,
      digest: digest([]),
    };
    if (pull.request.dryRun === true) return resultOf(key, null, whole);
    return withTransaction(this.pool, async (client) => {
      const batchId = await insertBatch(client, key);
      await finishBatch(client, batchId, whole);
      if (file !== undefined) {
        await noteFile(client, key, { batchId, file, outcome: 'duplicate' });
      }
      return resultOf(key, batchId, whole);
    });
  }
}
