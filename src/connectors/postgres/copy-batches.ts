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
    const { batchRows } = this.layout;
    const batches: RawBatch[] = [];
    for (let from = 0; from < lines.length; ) {
      let [to, last, count] = [from, from, 0];
      for (; count < batchRows && to < lines.length; count += 1) {
        last = to;
        to = lines.indexOf(NEWLINE, to) + 1;
      }
      batches.push(this.batch(lines.subarray(from, to), last - from, count));
      from = to;
    }
    return batches;
  }

  /** @param last  where the last row begins, of which the cursor is taken */
  private batch(lines: Buffer, last: number, count: number): RawBatch {
    const { columns, orderAt } = this.layout;
    const cursor = resumeToken(rowsOf(lines.subarray(last))[0], orderAt);
    let rows: readonly RawRow[] | null = null;
    return {
      ...{ columns, lines, count, cursor },
      get rows() {
        rows ??= rowsOf(lines);
        return rows;
      },
    };
  }
}

function rowsOf(lines: Buffer): readonly RawRow[] {
  const texts = lines.toString('utf8').split('\n');
  texts.pop();
  return texts.map(copyCells);
}
