import { rawContentText, rawRowsLine, rowsOfLine } from '../../claims/raw-content.js';
import type { RawBatch, UnreadableRow } from '../../connectors/connector.js';
import { sha256 } from '../../kernel/hash.js';
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

/** A batch as it was taken: its readable rows as a line, if it had any, then the others. */
interface Piece {
  readonly line: string | null;
  readonly cursor: string | null;
  readonly unreadable: readonly UnreadableRow[];
}

/** What gathers while one slice is read: its raw rows, what was refused, and what its digest is made of. */
export class SliceBuffer {
  private readonly pieces: Piece[] = [];
  private taken = 0;
  private readonly refusedRows: RefusedRow[] = [];
  private hashes = '';

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
    const line = rows.length === 0 ? null : rawRowsLine(rows);
    this.pieces.push({ line, cursor: batch.cursor, unreadable });
    this.taken += rows.length;
    this.hashes += mapped.contentHashes;
    this.refusedRows.push(...mapped.refused);
    for (const row of unreadable) this.takeUnreadable(row);
    return mapped;
  }

  /** Rows that the merge turned back join those that the mapping refused. */
  refuse(refusals: readonly MergeRefusal[]): void {
    if (refusals.length === 0) return;
    const rows = this.pieces.flatMap(linesOf).flatMap(rowsOfLine);
    for (const { rule, rawRow, amountFen, naturalKey } of refusals) {
      const rowHash = rawLineHash(JSON.stringify(rows[rawRow - this.firstRow] ?? []));
      const faults = [{ rule: rule satisfies FaultRule, field: null, detail: '' }];
      this.refusedRows.push({ rawRow, faults, amountFen, naturalKey, rowHash });
    }
  }

  /** The rows as they were read, with the names of their columns, so that the blob explains itself. */
  raw(): string {
    return rawContentText(this.mapper.columns, this.pieces.flatMap(linesOf));
  }

  /** The batches that were taken, to be taken once more in another way. */
  replay(): readonly RawBatch[] {
    const { columns } = this.mapper;
    return this.pieces.map(({ line, cursor, unreadable }) => {
      const rows = line === null ? [] : rowsOfLine(line);
      return { columns, rows, cursor, ...(unreadable.length > 0 ? { unreadable } : {}) };
    });
  }

  digest(): string {
    return sha256(this.hashes);
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
    this.hashes += rowHash;
  }
}

/** An unreadable row is kept as a row of one cell. */
function linesOf({ line, unreadable }: Piece): readonly string[] {
  const others = unreadable.map(({ raw }) => JSON.stringify([raw]));
  return line === null ? others : [line, ...others];
}
