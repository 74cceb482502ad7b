import { createHash } from 'node:crypto';
import { RawWriter } from '../../claims/raw-content.js';
import type { RawBatch, UnreadableRow } from '../../connectors/connector.js';
import { CopyBytes } from '../../database/copy-bytes.js';
import type { BatchCounts } from '../batch.js';
import {
  type MappedBatch,
  type Mapper,
  type RefusedRow,
  rawLineHash,
} from '../mapping/compile-mapping.js';
import type { FaultRule } from '../mapping/faults.js';
import type { FreshLines } from '../mapping/fresh-lines.js';
import type { MergeOutcome, MergeRefusal } from './landing.repository.js';

/** A batch as it was taken: where its readable rows stand, and the others, which stand behind them as rows of one cell. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
  readonly unreadable: readonly UnreadableRow[];
}

interface SliceOptions {
  /** The slice goes into a table that is being filled; null: it is staged and merged. */
  readonly fresh?: FreshLines | null;
  /** Where the raw rows are written; emptied first. */
  readonly bytes?: CopyBytes;
}

/** What gathers while one slice is read: its raw rows, what was refused, and what its digest is made of. */
export class SliceBuffer {
  private readonly pieces: Piece[] = [];
  private taken = 0;
  private readonly refusedRows: RefusedRow[] = [];
  private readonly hashes = createHash('sha256');

  private readonly raw: RawWriter;
  private readonly fresh: FreshLines | null;
  private given = 0;

  constructor(
    private readonly mapper: Mapper,
    readonly firstRow: number,
    { fresh = null, bytes = new CopyBytes() }: SliceOptions = {},
  ) {
    this.fresh = fresh;
    bytes.truncate(0);
    this.raw = new RawWriter(bytes, mapper.columns);
  }

  get rows(): number {
    return this.taken;
  }

  get refused(): readonly RefusedRow[] {
    return this.refusedRows;
  }

  /** Maps a batch and returns what COPY is to write. */
  take(batch: RawBatch): MappedBatch {
    const { lines, unreadable = [] } = batch;
    const mapped = this.mapper.map(batch, this.firstRow + this.taken, this.fresh);
    const from = this.raw.end;
    if (lines === undefined) for (const row of batch.rows) this.raw.line(row);
    else this.raw.append(lines);
    this.pieces.push({ from, to: this.raw.end, cursor: batch.cursor, unreadable });
    this.taken += batch.count ?? batch.rows.length;
    this.hashes.update(mapped.contentHashes);
    this.refusedRows.push(...mapped.refused);
    for (const row of unreadable) this.takeUnreadable(row);
    return mapped;
  }

  /** Rows that the merge turned back join those that the mapping refused. */
  refuse(refusals: readonly MergeRefusal[]): void {
    if (refusals.length === 0) return;
    const rows = this.raw.rows();
    for (const { rule, rawRow, amountFen, naturalKey } of refusals) {
      const rowHash = rawLineHash(JSON.stringify(rows[rawRow - this.firstRow] ?? []));
      const faults = [{ rule: rule satisfies FaultRule, field: null, detail: '' }];
      this.refusedRows.push({ rawRow, faults, amountFen, naturalKey, rowHash });
    }
  }

  /** The rows as they were read, with the names of their columns, so that the blob explains itself. */
  content(): Uint8Array {
    return this.raw.content;
  }

  /** What came to that content since this was asked last. */
  added(): Uint8Array {
    const added = this.raw.content.subarray(this.given);
    this.given = this.raw.end;
    return added;
  }

  /** The batches that were taken, to be taken once more in another way. */
  replay(): readonly RawBatch[] {
    const { columns } = this.mapper;
    return this.pieces.map(({ from, to, cursor, unreadable }) => {
      const rows = this.raw.rows(from, to);
      return { columns, rows, cursor, ...(unreadable.length > 0 ? { unreadable } : {}) };
    });
  }

  digest(): string {
    return this.hashes.copy().digest('hex');
  }

  counts(merged: MergeOutcome): BatchCounts {
    return {
      landedRows: merged.landedRows,
      landedFen: merged.landedFen,
      quarantinedRows: this.refusedRows.length,
      quarantinedFen: this.refusedRows.reduce((sum, { amountFen }) => sum + amountFen, 0n),
      newRows: merged.newRows,
      changedRows: merged.changedRows,
      sameRows: merged.sameRows,
      repeatedRows: merged.repeatedRows,
    };
  }

  private takeUnreadable({ position, reason, raw, amountFen = 0n }: UnreadableRow): void {
    const rowHash = rawLineHash(JSON.stringify([raw]));
    this.refusedRows.push({
      rawRow: this.firstRow + this.taken,
      faults: [{ rule: 'unreadable-row', field: null, detail: `第 ${position} 行，${reason}` }],
      amountFen,
      naturalKey: null,
      rowHash,
    });
    this.raw.line([raw]);
    this.taken += 1;
    this.hashes.update(rowHash);
  }
}
