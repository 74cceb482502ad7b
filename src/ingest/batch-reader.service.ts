import type pg from 'pg';
import type {
  ControlTotals,
  RawBatch,
  SourceSession,
  SourceUnit,
} from '../connectors/connector.js';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import { sha256 } from '../kernel/hash.js';
import { addCounts, type BatchResult } from './batch.js';
import { batchContent, resultOf } from './batch-report.js';
import { compareTotals } from './control-totals.js';
import type { KnownFile } from './file-choice.js';
import type { StreamConfig } from './institution-config.js';
import * as batches from './landing/batch.repository.js';
import { type CopySink, openCopy } from './landing/copy.client.js';
import { ensurePartitions, mergeStaged } from './landing/landing.repository.js';
import type { Landing } from './landing/landing-statement.repository.js';
import { saveRefused } from './landing/quarantine.repository.js';
import { SliceBuffer } from './landing/slice-buffer.js';
import { noteFile } from './landing/source-file.repository.js';
import { copyStatement, createStaging } from './landing/staging.js';
import { compileMapping, type Mapper } from './mapping/compile-mapping.js';
import { mappingDigest, originOf } from './origin.js';
import {
  type Progress,
  startedFrom,
  tooManyRefused,
  type Verdict,
  verdictOf,
} from './read-progress.js';

/** Everything that reading one stream of one institution needs. */
export interface StreamRead {
  readonly key: batches.BatchKey;
  readonly config: StreamConfig;
  /** The stream as its connector knows it. */
  readonly source: unknown;
  readonly session: SourceSession<unknown>;
  readonly unit: (SourceUnit & { readonly fingerprint: string }) | null;
  readonly settledBy: string;
  readonly level: string;
  readonly certificateKey: string;
  readonly batchRows: number;
  readonly sliceRows: number;
  readonly quarantineRows: number;
  readonly signal: AbortSignal;
}

/** Reads one window, or one file, slice by slice: a slice is one transaction of rows, cursor, raw blob and quarantine. */
export class BatchReader {
  constructor(
    private readonly pool: pg.Pool,
    private readonly journal: JournalService,
  ) {}

  /** @throws SourceUnreachableError, SourceTimeoutError, or the signal's reason; what was committed stays and is continued */
  async read(read: StreamRead): Promise<BatchResult> {
    const progress = startedFrom(await batches.findResumable(this.pool, read.key));
    let totals: ControlTotals = { rows: null, amountFen: null };
    try {
      const known = await this.unchanged(read, read.unit?.fingerprint, progress);
      if (known !== null) return known;
      totals = await read.session.controlTotals(this.request(read));
      const still = await this.unchanged(read, totals.contentDigest, progress);
      if (still !== null) return still;
      // A window of which the source itself says that it is empty is not read; a file is, for its trailer may be wrong.
      const isEmpty = totals.rows === 0 && read.unit === null && progress.batchId === null;
      if (isEmpty) return await this.ended(read, { progress, totals, verdict: NO_DATA });
      return await this.slices(read, totals, progress);
    } catch (error) {
      const verdict = verdictOf(error);
      if (verdict === null) throw error;
      return this.ended(read, { progress, totals, verdict });
    }
  }

  /** The earlier batch when these very values landed before; a member's whole month is then one question. */
  private async unchanged(
    read: StreamRead,
    contentDigest: string | undefined,
    { batchId }: Progress,
  ): Promise<BatchResult | null> {
    if (contentDigest === undefined || batchId !== null) return null;
    const origin = { contentDigest, mappingDigest: mappingDigest(read) };
    const found = await batches.findUnchanged(this.pool, read.key, origin);
    return found === null ? null : resultOf(read.key, found.batchId, found.end);
  }

  private ended(read: StreamRead, ending: Ending): Promise<BatchResult> {
    return withTransaction(this.pool, (client) => this.finish(client, read, ending));
  }

  private request({ key, source, unit, signal }: StreamRead) {
    return { stream: source, window: key.window, ...(unit ? { unit: unit.name } : {}), signal };
  }

  private async slices(
    read: StreamRead,
    totals: ControlTotals,
    progress: Progress,
  ): Promise<BatchResult> {
    const mapper = compileMapping(read.key.stream, read.config, {
      certificateKey: read.certificateKey,
      settledBefore: read.key.window.to,
    });
    const source = read.session
      .read({
        ...this.request(read),
        batchRows: read.batchRows,
        ...(progress.after === null ? {} : { after: progress.after }),
      })
      [Symbol.asyncIterator]();
    try {
      for (;;) {
        const result = await withTransaction(this.pool, (client) =>
          this.slice(client, { read, totals, progress: { ...progress }, mapper, source }),
        );
        Object.assign(progress, result.progress);
        if (result.batch !== null) return result.batch;
      }
    } finally {
      await source.return?.();
    }
  }

  private async slice(client: pg.PoolClient, run: SliceRun) {
    const { read, progress, mapper } = run;
    await batches.lockStream(client, read.key);
    progress.batchId ??= await batches.insertBatch(client, read.key);
    const { batchId } = progress;
    const buffer = new SliceBuffer(mapper, progress.nextRow);
    const exhausted = await this.stage(client, run, buffer);
    await ensurePartitions(this.pool, mapper.months);
    const merged = await mergeStaged(client, landingOf(read, batchId));
    buffer.refuse(merged.refusals);
    const { refused } = buffer;
    if (refused.length > read.quarantineRows) throw tooManyRefused(refused.length);
    if (buffer.rows > 0) {
      const digest = buffer.digest();
      const blob = await batches.saveSlice(client, {
        batchId,
        slice: progress.slice,
        firstRow: progress.nextRow,
        rows: buffer.rows,
        digest,
        raw: buffer.raw(),
        resumeAfter: progress.after,
      });
      await saveRefused(client, read.key, { batchId, blob, refused });
      progress.digests = [...progress.digests, digest];
    }
    progress.slice += 1;
    progress.nextRow += buffer.rows;
    progress.counts = addCounts(progress.counts, buffer.counts(merged));
    if (!exhausted) {
      await batches.saveProgress(client, batchId, progress);
      return { progress, batch: null };
    }
    const verdict = compareTotals(run.totals, progress.counts);
    const batch = await this.finish(client, read, { progress, totals: run.totals, verdict });
    return { progress, batch };
  }

  /** Copies up to one slice of rows into staging; true when the source has no more. */
  private async stage(client: pg.PoolClient, run: SliceRun, buffer: SliceBuffer): Promise<boolean> {
    const { read, progress, source } = run;
    await client.query(createStaging(read.key.stream));
    let sink: CopySink | null = null;
    try {
      while (buffer.rows < read.sliceRows) {
        read.signal.throwIfAborted();
        const next = await source.next();
        if (next.done === true) {
          await sink?.end();
          return true;
        }
        const mapped = buffer.take(next.value);
        progress.after = next.value.cursor;
        sink ??= openCopy(client, copyStatement(read.key.stream));
        await sink.write(mapped.copyText);
      }
      await sink?.end();
      return false;
    } catch (error) {
      sink?.abandon(error as Error);
      throw error;
    }
  }

  private async finish(
    client: pg.PoolClient,
    read: StreamRead,
    { progress, totals, verdict }: Ending,
  ): Promise<BatchResult> {
    const batchId = progress.batchId ?? (await batches.insertBatch(client, read.key));
    const end = {
      ...verdict,
      source: totals,
      counts: progress.counts,
      digest: sha256(progress.digests.join('')),
      ...originOf(read, totals),
    };
    await batches.finishBatch(client, batchId, end);
    const isWhole = verdict.state === 'complete' || verdict.state === 'empty';
    if (isWhole) await batches.moveBookmark(client, read.key, batchId);
    const outcome = OUTCOMES[verdict.state];
    if (read.unit !== null && outcome !== undefined) {
      await noteFile(client, read.key, { batchId, file: read.unit, outcome });
    }
    const result = resultOf(read.key, batchId, end);
    if (verdict.state === 'empty') return result; // nothing came in: the batch row says so, the journal has nothing to keep
    await this.journal.append(client, {
      consortium: read.key.consortium,
      kind: 'batch',
      subject: `batch:${batchId}`,
      content: batchContent(read.key, result),
    });
    return result;
  }
}

/** How a file is remembered; one that is not whole is not, and met again. */
const OUTCOMES: Readonly<Partial<Record<Verdict['state'], KnownFile['outcome']>>> = {
  complete: 'landed',
  empty: 'empty',
  rejected: 'rejected',
};

const NO_DATA: Verdict = { state: 'empty', message: null, remedy: null };

interface SliceRun {
  readonly read: StreamRead;
  readonly totals: ControlTotals;
  readonly progress: Progress;
  readonly mapper: Mapper;
  readonly source: AsyncIterator<RawBatch>;
}

interface Ending {
  readonly progress: Progress;
  readonly totals: ControlTotals;
  readonly verdict: Verdict;
}

function landingOf(read: StreamRead, batchId: string): Landing {
  const { consortium, institution, stream } = read.key;
  return { consortium, institution, stream, batchId, settledBy: read.settledBy, level: read.level };
}
