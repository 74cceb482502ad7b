import { resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { CatalogueService } from '../catalogue/catalogue.service.js';
import { SITE, type Site } from '../config/site.js';
import type { SourceSession, SourceUnit } from '../connectors/connector.js';
import { UnfinishedFileError } from '../connectors/errors.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { digest } from '../kernel/hash.js';
import {
  type BatchResult,
  NO_ROWS,
  type PullRequest,
  type PullResult,
  worstState,
} from './batch.js';
import { BatchReader, type StreamRead } from './batch-reader.service.js';
import { resultOf } from './batch-report.js';
import { dryRun } from './dry-run.service.js';
import { STREAMS, type Stream } from './fields.js';
import { fileChoice, type KnownFile, rememberedDigest } from './file-choice.js';
import { type BatchEnd, finishBatch, insertBatch } from './landing/batch.repository.js';
import { knownFiles, noteFile } from './landing/source-file.repository.js';
import { writeReceipts } from './receipt.client.js';
import { openSource, SiteSources, type SourceOfMember } from './site-sources.loader.js';
import { sourceStream } from './source-stream.js';

type File = SourceUnit & { readonly fingerprint: string };

interface Pull {
  readonly request: PullRequest;
  readonly source: SourceOfMember;
  readonly session: SourceSession<unknown>;
  readonly signal: AbortSignal;
}

/** Brings a member's records in: one window of its streams, each its own batch. Safe to repeat: rows merge by natural key. */
@Injectable()
export class IngestService {
  private readonly reader: BatchReader;
  private readonly sources: SiteSources;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
    journal: JournalService,
    private readonly catalogue: CatalogueService,
  ) {
    this.reader = new BatchReader(pool, journal);
    this.sources = new SiteSources(site);
  }

  /**
   * @throws ConfigError; SourceUnreachableError and SourceTimeoutError (to be retried; slices already committed are kept);
   *   the signal's reason
   */
  async pull(request: PullRequest, signal: AbortSignal): Promise<PullResult> {
    const source = this.sources.of(request.institution);
    await this.catalogue.load(source.consortium.consortium, source.config);
    const session = await openSource(source);
    try {
      const pull = { request, source, session, signal };
      const batches: BatchResult[] = [];
      for (const stream of request.streams ?? STREAMS) {
        if (source.config.streams[stream] === undefined) continue;
        batches.push(...(await this.stream(stream, pull)));
      }
      await this.acknowledge(pull, batches);
      return pullResult(request, batches);
    } finally {
      await session.close();
    }
  }

  /** A member that drops files learns what became of each, where it asked for receipts. */
  private async acknowledge({ source, request }: Pull, batches: readonly BatchResult[]) {
    const { receipts } = source.config;
    if (receipts === null || request.dryRun === true) return;
    await writeReceipts(this.pool, resolve(source.dataDir, receipts), batches);
  }

  private async stream(stream: Stream, pull: Pull): Promise<readonly BatchResult[]> {
    const { session, request, signal } = pull;
    if (session.units === undefined) return [await this.batch(stream, pull, null)];
    const { window, late = true } = request;
    const config = pull.source.config.streams[stream];
    const source = config === undefined ? null : sourceStream(stream, config);
    const units = await session.units({ stream: source, window, late, signal });
    const results: BatchResult[] = [];
    const ask = () => knownFiles(this.pool, { ...this.keyOf(stream, pull), stream });
    let known = await ask();
    for (const unit of units) {
      const result = await this.file(stream, pull, { unit, known });
      if (result === null) continue;
      results.push(result);
      known = await ask(); // the same bytes may lie there twice
    }
    return results.length > 0 ? results : [await this.noFile(stream, pull)];
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

  private batch(stream: Stream, pull: Pull, file: File | null): Promise<BatchResult> {
    const read = this.readOf(stream, pull, file);
    return pull.request.dryRun === true ? dryRun(read) : this.reader.read(read);
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
    const key = { ...this.keyOf(stream, pull), unit };
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

  private keyOf(stream: Stream, { source, request }: Pull) {
    const { consortium } = source.consortium;
    return {
      consortium,
      institution: source.config.institution,
      stream,
      unit: null,
      window: request.window,
    };
  }

  private readOf(stream: Stream, pull: Pull, file: File | null): StreamRead {
    const { source, session, signal } = pull;
    const config = source.config.streams[stream];
    if (config === undefined) throw new RangeError(`stream ${stream} is not configured`);
    return {
      key: { ...this.keyOf(stream, pull), unit: file?.name ?? null },
      config,
      source: sourceStream(stream, config),
      session,
      unit: file,
      settledBy: source.member.settledBy ?? source.member.institution,
      level: source.member.level,
      certificateKey: source.consortium.certificateKey,
      batchRows: source.limits.source.batchRows,
      sliceRows: source.limits.ingest.sliceRows,
      quarantineRows: source.limits.ingest.quarantineRowsPerBatch,
      signal,
    };
  }
}

function pullResult(request: PullRequest, batches: readonly BatchResult[]): PullResult {
  return {
    institution: request.institution,
    window: request.window,
    state: worstState(batches.map(({ state }) => state)),
    batches,
    digest: digest(batches.map(({ stream, unit, digest: each }) => [stream, unit, each])),
  };
}
