import type pg from 'pg';
import type { ControlTotals, SourceSession, SourceUnit } from '../connectors/connector.js';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import { sha256 } from '../kernel/hash.js';
import type { BatchResult } from './batch.js';
import { noteAdjustments, resolveVanished, withinThreshold } from './batch-end.repository.js';
import { batchContent, resultOf } from './batch-report.js';
import { compareTotals } from './control-totals.js';
import type { StreamConfig } from './institution-config.js';
import * as batches from './landing/batch.repository.js';
import { adoptFresh } from './landing/fresh-partition.repository.js';
import { noteFile } from './landing/source-file.repository.js';
import { findUnchanged } from './landing/unchanged.repository.js';
import { compileMapping } from './mapping/compile-mapping.js';
import type { LineScreen } from './mapping/line-screen.js';
import { mappingDigest, originOf } from './origin.js';
import {
  FILE_OUTCOMES,
  type Progress,
  startedFrom,
  type Verdict,
  verdictOf,
  verdictUntil,
} from './read-progress.js';
import { SliceLander } from './slice-lander.service.js';

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
  /** Place in the consortium's list of members. */
  readonly rank?: number;
  readonly certificateKey: string;
  readonly batchRows: number;
  readonly sliceRows: number;
  readonly quarantineRows: number;
  /** From so many rows on, lines of an untouched month go into a table of their own; see docs/decisions/0140. */
  readonly freshRows: number;
  /** Looks at lines as they land. */
  readonly screen?: LineScreen;
  /** The window's end while its last day is still running, on the source's clock; null: the whole window. */
  readonly until?: string | null;
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
      totals = await this.totals(read, progress);
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

  /**
   * What the source says it has. A digest of its values costs it as much as reading them, so a large window is asked for one only
   * when it was read before; and never in the middle of a read, for it would not be of the values that the read began with.
   */
  private async totals(read: StreamRead, { batchId }: Progress): Promise<ControlTotals> {
    const request = this.request(read);
    const ask = (digest: boolean) => read.session.controlTotals({ ...request, digest });
    if (read.unit !== null || batchId !== null) return ask(false);
    if (await batches.wasRead(this.pool, read.key)) return ask(true);
    const totals = await ask(false);
    return totals.rows === null || totals.rows >= read.freshRows ? totals : ask(true);
  }

  /** The earlier batch when these very values landed before; a member's whole month is then one question. */
  private async unchanged(
    read: StreamRead,
    contentDigest: string | undefined,
    { batchId }: Progress,
  ): Promise<BatchResult | null> {
    if (contentDigest === undefined || batchId !== null) return null;
    const origin = { contentDigest, mappingDigest: mappingDigest(read) };
    const found = await findUnchanged(this.pool, read.key, origin);
    return found === null ? null : resultOf(read.key, found.batchId, found.end);
  }

  private ended(read: StreamRead, ending: Ending): Promise<BatchResult> {
    return withTransaction(this.pool, (client) => this.finish(client, read, ending));
  }

  private request({ key, source, unit, until, signal }: StreamRead) {
    const window = { from: key.window.from, to: until ?? key.window.to };
    return { stream: source, window, ...(unit ? { unit: unit.name } : {}), signal };
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
    const rows = read.session
      .read({
        ...this.request(read),
        batchRows: read.batchRows,
        ...(progress.after === null ? {} : { after: progress.after }),
      })
      [Symbol.asyncIterator]();
    const lander = new SliceLander(this.pool, read, { mapper, rows, sourceRows: totals.rows });
    try {
      for (;;) {
        const landed = await lander.next(progress, (client, reached) => {
          const verdict = compareTotals(totals, reached.counts);
          return this.finish(client, read, { progress: reached, totals, verdict });
        });
        Object.assign(progress, landed.progress);
        if (landed.batch !== null) return landed.batch;
      }
    } finally {
      await rows.return?.();
    }
  }

  private async finish(
    client: pg.PoolClient,
    read: StreamRead,
    { progress, totals, verdict: reached }: Ending,
  ): Promise<BatchResult> {
    const batchId = progress.batchId ?? (await batches.insertBatch(client, read.key));
    const counts = await adoptFresh(client, { ...read.key, batchId, counts: progress.counts });
    const verdict = await withinThreshold(client, read.config, {
      ...{ batchId, counts },
      verdict: verdictUntil(read.until, reached),
    });
    const end = {
      ...verdict,
      source: totals,
      counts,
      digest: sha256(progress.digests.join('')),
      ...originOf(read, totals),
    };
    await batches.finishBatch(client, batchId, end);
    const isWhole = verdict.state === 'complete' || verdict.state === 'empty';
    if (isWhole) {
      await batches.moveBookmark(client, read.key, batchId);
      await resolveVanished(client, read.key, batchId);
    }
    await noteAdjustments(client, this.journal, { key: read.key, batchId });
    const outcome = FILE_OUTCOMES[verdict.state];
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

const NO_DATA: Verdict = { state: 'empty', message: null, remedy: null };

interface Ending {
  readonly progress: Progress;
  readonly totals: ControlTotals;
  readonly verdict: Verdict;
}
