import { createHash } from 'node:crypto';
import { rawContentBytes, rawRowLines, rowsOfLines } from '../../claims/raw-content.js';
import type { RawBatch, UnreadableRow } from '../../connectors/connector.js';
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

/** A batch as it was taken: the lines of its readable rows, and the others. */
interface Piece {
  readonly lines: Uint8Array;
  readonly cursor: string | null;
  readonly unreadable: readonly UnreadableRow[];
}

/** What gathers while one slice is read: its raw rows, what was refused, and what its digest is made of. */
export class SliceBuffer {
  private readonly pieces: Piece[] = [];
  private taken = 0;
  private readonly refusedRows: RefusedRow[] = [];
  private readonly hashes = createHash('sha256');

  /** @param fresh  the slice goes into a table that is being filled; null: it is staged and merged */
  constructor(
    private readonly mapper: Mapper,
    readonly firstRow: number,
    private readonly fresh: FreshLines | null = null,
  ) {}

  get rows(): number {
    return this.taken;
  }

  get refused(): readonly RefusedRow[] {
    return this.refusedRows;
  }

  /** Maps a batch and returns what COPY is to write. */
  take(batch: RawBatch): MappedBatch {
    const { rows, unreadable = [] } = batch;
    const mapped = this.mapper.map({ rows }, this.firstRow + this.taken, this.fresh);
    this.pieces.push({ lines: rawRowLines(rows), cursor: batch.cursor, unreadable });
    this.taken += rows.length;
    this.hashes.update(mapped.contentHashes);
    this.refusedRows.push(...mapped.refused);
    for (const row of unreadable) this.takeUnreadable(row);
    return mapped;
  }

  /** Rows that the merge turned back join those that the mapping refused. */
  refuse(refusals: readonly MergeRefusal[]): void {
    if (refusals.length === 0) return;
    const rows = this.pieces.flatMap(linesOf).flatMap(rowsOfLines);
    for (const { rule, rawRow, amountFen, naturalKey } of refusals) {
      const rowHash = rawLineHash(JSON.stringify(rows[rawRow - this.firstRow] ?? []));
      const faults = [{ rule: rule satisfies FaultRule, field: null, detail: '' }];
      this.refusedRows.push({ rawRow, faults, amountFen, naturalKey, rowHash });
    }
  }

  /** The rows as they were read, with the names of their columns, so that the blob explains itself. */
  raw(): Uint8Array {
    return rawContentBytes(this.mapper.columns, this.pieces.flatMap(linesOf));
  }

  /** The batches that were taken, to be taken once more in another way. */
  replay(): readonly RawBatch[] {
    const { columns } = this.mapper;
    return this.pieces.map(({ lines, cursor, unreadable }) => {
      const rows = rowsOfLines(lines);
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
    this.taken += 1;
    this.hashes.update(rowHash);
  }
}

/** An unreadable row is kept as a row of one cell. */
function linesOf({ lines, unreadable }: Piece): readonly Uint8Array[] {
  return [lines, ...unreadable.map(({ raw }) => rawRowLines([[raw]]))];
}
