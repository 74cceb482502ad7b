import { copyCells } from '../../database/copy-text.js';
import type { RawBatch, RawRow } from '../connector.js';
import { resumeToken } from '../sql/read-pages.js';

/** Pieces are gathered up to this size, so that few large batches are made of them. */
const GATHERED_BYTES = 192 * 1024;
const NEWLINE = 10;

export interface CopyLayout {
  readonly columns: readonly string[];
  /** Positions of cursor and key. */
  readonly orderAt: readonly number[];
  readonly batchRows: number;
}

/** Makes batches of the bytes of a COPY, which may be cut anywhere. The bytes stay with their rows: they are what is archived. */
export class CopyBatches {
  private pieces: Uint8Array[] = [];
  private gathered = 0;

  constructor(private readonly layout: CopyLayout) {}

  /** @returns whole rows, once enough of them have come */
  take(piece: Uint8Array): readonly RawBatch[] {
    this.pieces.push(piece);
    this.gathered += piece.length;
    return this.gathered < GATHERED_BYTES ? [] : this.whole();
  }

  /** What is left when the COPY is over. */
  end(): readonly RawBatch[] {
    return this.whole();
  }

  private whole(): readonly RawBatch[] {
    const bytes = Buffer.concat(this.pieces);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.pieces = end === bytes.length ? [] : [bytes.subarray(end)];
    this.gathered = bytes.length - end;
    return end === 0 ? [] : this.batches(bytes.subarray(0, end));
  }

  private batches(lines: Buffer): readonly RawBatch[] {
    const texts = lines.toString('utf8').split('\n');
    texts.pop();
    const { batchRows } = this.layout;
    if (texts.length <= batchRows) return [this.batch(texts.map(copyCells), lines)];
    const batches: RawBatch[] = [];
    for (let start = 0, from = 0; start < texts.length; start += batchRows) {
      const some = texts.slice(start, start + batchRows);
      const to = from + some.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
      batches.push(this.batch(some.map(copyCells), lines.subarray(from, to)));
      from = to;
    }
    return batches;
  }

  private batch(rows: readonly RawRow[], lines: Uint8Array): RawBatch {
    const { columns, orderAt } = this.layout;
    return { columns, rows, lines, cursor: resumeToken(rows.at(-1), orderAt) };
  }
}
