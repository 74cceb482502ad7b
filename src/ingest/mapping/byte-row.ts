import { CopyBytes } from '../../database/copy-bytes.js';
import { LineCells } from './line-cells.js';
import type { RowScratch } from './row-scratch.js';

/** The row at hand while its cells go from the source's line to the gateway's without becoming texts. */
export class ByteRow {
  readonly cells: LineCells;
  /** Days read by field position, as numbers (`20240105`); 0 where none is given. */
  readonly days: Int32Array;
  /** Cells that had to become texts after all, by column. */
  readonly texts: (string | null)[];
  /** Whether every field is wanted as a text, not only those that a check or a key needs. */
  wantsTexts = false;
  /** Where the row is written. */
  out = new CopyBytes(0);

  constructor(
    columns: number,
    readonly scratch: RowScratch,
  ) {
    this.cells = new LineCells(columns);
    this.days = new Int32Array(scratch.texts.length);
    this.texts = new Array<string | null>(columns).fill(null);
  }

  start(out: CopyBytes): void {
    this.out = out;
    this.scratch.start(this.texts);
  }
}

/**
 * Writes one field of the row at hand, as decoding it and writing its text would. False where it is not sure of that: the row is then
 * taken back and decoded, which also tells what is wrong with it.
 */
export type ByteField = (row: ByteRow) => boolean;
