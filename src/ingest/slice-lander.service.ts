import type pg from 'pg';
import { RawPacker } from '../claims/raw-content.client.js';
import type { RawBatch } from '../connectors/connector.js';
import { CopyBytes } from '../database/copy-bytes.js';
import { withTransaction } from '../database/transaction.repository.js';
import { addCounts, type BatchCounts } from './batch.js';
import type { StreamRead } from './batch-reader.service.js';
import * as batches from './landing/batch.repository.js';
import { type CopySink, openCopy } from './landing/copy.client.js';
import { adoptFresh, type FreshSlice, FreshWay } from './landing/fresh-partition.repository.js';
import { ensurePartitions, type MergeOutcome, mergeStaged } from './landing/landing.repository.js';
import type { Landing } from './landing/landing-statement.repository.js';
import { saveRefused } from './landing/quarantine.repository.js';
import { SliceBuffer } from './landing/slice-buffer.js';
import { copyStatement, createStaging } from './landing/staging.js';
import type { Mapper } from './mapping/compile-mapping.js';
import { type Progress, tooManyRefused } from './read-progress.js';

/** Where a read's rows come from and what makes them canonical. */
export interface SliceSource {
  readonly mapper: Mapper;
  readonly rows: AsyncIterator<RawBatch>;
  /** What the source says it has. */
  readonly sourceRows: number | null;
}

/** Ends the batch in the transaction of its last slice. */
export type EndOfBatch<Result> = (client: pg.PoolClient, progress: Progress) => Promise<Result>;

/** Lands one slice after another: each is one transaction of rows, cursor, raw blob and quarantine. */
export class SliceLander {
  private readonly way: FreshWay;
  private readonly again: RawBatch[] = [];
  private merges = false as boolean;
  private readonly rawBytes = new CopyBytes();

  constructor(
    private readonly pool: pg.Pool,
    private readonly read: StreamRead,
    private readonly source: SliceSource,
  ) {
    const { key, freshRows, screen = null } = read;
    this.way = new FreshWay({ key, sourceRows: source.sourceRows, leastRows: freshRows, screen });
  }

  /** @returns where the read stands now, and what `end` gave when the source has no more */
  async next<Result>(
    progress: Progress,
    end: EndOfBatch<Result>,
  ): Promise<{ readonly progress: Progress; readonly batch: Result | null }> {
    const month = this.merges ? null : this.way.wantedMonth;
    if (month !== null) await ensurePartitions(this.pool, [month]);
    try {
      return await withTransaction(this.pool, (client) => this.slice(client, { ...progress }, end));
    } catch (error) {
      this.read.screen?.forget();
      if (!(error instanceof OutOfOrdinary)) throw error;
      this.merges = true;
      this.again.unshift(...error.batches);
      return this.next(progress, end);
    }
  }

  private async slice<Result>(client: pg.PoolClient, progress: Progress, end: EndOfBatch<Result>) {
    const { read } = this;
    await batches.lockStream(client, read.key);
    const isFirst = progress.batchId === null;
    progress.batchId ??= await batches.insertBatch(client, read.key);
    const { batchId } = progress;
    const fresh = this.merges ? null : await this.way.open(client, { batchId, isFirst });
    this.merges = fresh === null;
    const buffer = new SliceBuffer(this.source.mapper, progress.nextRow, {
      fresh: fresh?.lines ?? null,
      bytes: this.rawBytes,
    });
    const packer = new RawPacker();
    const { exhausted, landed } = await this.copy(client, { progress, buffer, fresh, packer });
    const packed = packer.packed();
    packed.catch(() => {}); // reported where it is awaited
    const merged =
      fresh === null ? await this.merge(client, progress) : await landedFresh(fresh, landed);
    buffer.refuse(merged.refusals);
    if (fresh !== null) await this.read.screen?.keep(client);
    await this.keep(client, progress, { buffer, packed });
    progress.slice += 1;
    progress.nextRow += buffer.rows;
    progress.counts = addCounts(progress.counts, buffer.counts(merged));
    if (exhausted) return { progress, batch: await end(client, progress) };
    await batches.saveProgress(client, batchId, progress);
    return { progress, batch: null };
  }

  private async merge(client: pg.PoolClient, progress: Progress): Promise<MergeOutcome> {
    await ensurePartitions(this.pool, this.source.mapper.months);
    progress.counts = await this.adopt(client, progress);
    return mergeStaged(client, landingOf(this.read, progress.batchId ?? ''));
  }

  /** Lines that went past staging are put in their place before anything is compared with them. */
  adopt(client: pg.PoolClient, { batchId, counts }: Progress): Promise<BatchCounts> {
    return adoptFresh(client, { ...this.read.key, batchId, counts });
  }

  /** Raw rows and refused ones, with the slice's digest. */
  private async keep(client: pg.PoolClient, progress: Progress, { buffer, packed }: Kept) {
    const { read } = this;
    const { refused } = buffer;
    const batchId = progress.batchId ?? '';
    if (refused.length > read.quarantineRows) throw tooManyRefused(refused.length);
    if (buffer.rows === 0) return;
    const digest = buffer.digest();
    const blob = await batches.saveSlice(client, {
      batchId,
      slice: progress.slice,
      firstRow: progress.nextRow,
      rows: buffer.rows,
      digest,
      raw: buffer.content(),
      packed,
      resumeAfter: progress.after,
    });
    await saveRefused(client, read.key, { batchId, blob, refused });
    progress.digests = [...progress.digests, digest];
  }

  /** Copies up to one slice of rows; says whether the source has no more. */
  private async copy(client: pg.PoolClient, { progress, buffer, fresh, packer }: Copying) {
    const { stream } = this.read.key;
    if (fresh === null) await client.query(createStaging(stream));
    const statement = fresh?.copyStatement ?? copyStatement(stream);
    const landed = { rows: 0, fen: 0n };
    let sink: CopySink | null = null;
    let written = Promise.resolve();
    const close = async () => {
      await written;
      await sink?.end();
    };
    try {
      while (buffer.rows < this.read.sliceRows) {
        this.read.signal.throwIfAborted();
        const batch = this.again.shift() ?? (await this.source.rows.next()).value;
        if (batch === undefined) {
          await close();
          return { exhausted: true, landed };
        }
        const mapped = buffer.take(batch);
        if (fresh?.lines.isOrdinary === false) throw new OutOfOrdinary(buffer.replay());
        progress.after = batch.cursor;
        landed.rows += mapped.rows;
        landed.fen += mapped.amountFen;
        packer.write(buffer.added());
        sink ??= openCopy(client, statement);
        await written;
        written = sink.write(mapped.copyBytes); // on its way while the next batch is mapped
        written.catch(() => {}); // reported where it is awaited
      }
      await close();
      return { exhausted: false, landed };
    } catch (error) {
      sink?.abandon(error as Error);
      throw error;
    }
  }
}

interface Copying {
  readonly progress: Progress;
  readonly buffer: SliceBuffer;
  readonly fresh: FreshSlice | null;
  readonly packer: RawPacker;
}

interface Kept {
  readonly buffer: SliceBuffer;
  readonly packed: Promise<Buffer>;
}

/** A slice that must be compared after all: it is rolled back and its batches take the other way. */
class OutOfOrdinary extends Error {
  constructor(readonly batches: readonly RawBatch[]) {
    super('the slice holds lines that must be merged');
  }
}

/** Nothing stood there before, and no key comes twice: every row is new. */
async function landedFresh(
  fresh: FreshSlice,
  { rows, fen }: { readonly rows: number; readonly fen: bigint },
): Promise<MergeOutcome> {
  await fresh.landed(rows, fen);
  const none = { changedRows: 0, sameRows: 0, repeatedRows: 0, adjustments: 0, refusals: [] };
  return { landedRows: rows, landedFen: fen, newRows: rows, ...none };
}

function landingOf(read: StreamRead, batchId: string): Landing {
  const { consortium, institution, stream } = read.key;
  const { settledBy, level, rank } = read;
  const whose = { consortium, institution, stream, batchId, settledBy, level };
  return rank === undefined ? whose : { ...whose, rank };
}
