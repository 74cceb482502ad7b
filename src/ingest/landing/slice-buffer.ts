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
import type { MergeOutcome, MergeRefusal } from './landing.repository.js';

/** What gathers while one slice is read: its raw rows as JSON lines, what was refused, and what its digest is made of. */
export class SliceBuffer {
  /** Raw rows as JSON lines, a batch a piece. */
  private readonly pieces: string[] = [];
  private taken = 0;
  private readonly refusedRows: RefusedRow[] = [];
  private hashes = '';

  constructor(
    private readonly mapper: Mapper,
    readonly firstRow: number,
  ) {}

  get rows(): number {
    return this.taken;
  }

  get refused(): readonly RefusedRow[] {
    return this.refusedRows;
  }

  /** Maps a batch and returns what COPY is to write. */
  take({ rows, unreadable = [] }: RawBatch): MappedBatch {
    const mapped = this.mapper.map({ rows }, this.firstRow + this.taken);
    if (rows.length > 0) this.keep(rows.map((row) => JSON.stringify(row)).join('\n'), rows.length);
    this.hashes += mapped.contentHashes;
    this.refusedRows.push(...mapped.refused);
    for (const row of unreadable) this.takeUnreadable(row);
    return mapped;
  }

  /** Rows that the merge turned back join those that the mapping refused. */
  refuse(refusals: readonly MergeRefusal[]): void {
    const lines = refusals.length === 0 ? [] : this.pieces.join('\n').split('\n');
    for (const { rule, rawRow, amountFen, naturalKey } of refusals) {
      const rowHash = rawLineHash(lines[rawRow - this.firstRow] ?? '');
      const faults = [{ rule: rule satisfies FaultRule, field: null, detail: '' }];
      this.refusedRows.push({ rawRow, faults, amountFen, naturalKey, rowHash });
    }
  }

  /** The column names on the first line, then a row a line, so that the blob explains itself. */
  raw(): string {
    return `${[JSON.stringify(this.mapper.columns), ...this.pieces].join('\n')}\n`;
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
    const line = JSON.stringify([raw]);
    const rowHash = rawLineHash(line);
    this.refusedRows.push({
      rawRow: this.firstRow + this.taken,
      faults: [{ rule: 'unreadable-row', field: null, detail: `第 ${position} 行，${reason}` }],
      amountFen,
      naturalKey: null,
      rowHash,
    });
    this.keep(line, 1);
    this.hashes += rowHash;
  }

  private keep(piece: string, rows: number): void {
    this.pieces.push(piece);
    this.taken += rows;
  }
}
