import { isUtf8 } from 'node:buffer';

const TAB = 9;
const NEWLINE = 10;
const BACKSLASH = 92;
const UPPER_N = 78;

/** What a byte means for the line that it stands in. */
const PLAIN = 0;
const NEXT_CELL = 1;
const END = 2;
/** To be looked at more closely: it may be part of a character that is refused, or of an escape. */
const DOUBTFUL = 3;

const MEANING = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === TAB) return NEXT_CELL;
  if (byte === NEWLINE) return END;
  const isDoubtful = byte < 32 || byte === 0x7f || byte === BACKSLASH;
  return isDoubtful || byte === 0xc2 || byte === 0xef ? DOUBTFUL : PLAIN;
});

/**
 * Walks through lines of COPY and finds their cells where they stand. A line is plain when its bytes are its text: no escape but a
 * whole cell's null, no control character, no replacement character. What is not plain is for a reader of texts.
 */
export class LineCells {
  bytes: Uint8Array = new Uint8Array();
  /** Where each cell of the line at hand begins, and where one behind the last would; a cell ends one byte before the next. */
  private readonly starts: Int32Array;
  private begin = 0;
  private beyond = 0;
  private latin: string | null = null;

  /** @param needed  cells that a line must have at least */
  constructor(private readonly needed: number) {
    this.starts = new Int32Array(needed + 1);
  }

  /** @returns false when the bytes are not UTF-8, so that nothing can be said of them */
  open(lines: Uint8Array): boolean {
    this.bytes = lines;
    this.beyond = 0;
    this.latin = null;
    return isUtf8(lines);
  }

  /** Goes to the next line. @returns whether it is plain */
  next(): boolean {
    const { bytes, starts, needed } = this;
    let at = this.beyond;
    let cell = 0;
    let isPlain = true;
    this.begin = at;
    starts[0] = at;
    for (; ; at += 1) {
      const meaning = MEANING[bytes[at] ?? NEWLINE];
      if (meaning === PLAIN) continue;
      if (meaning === END) break;
      if (meaning === DOUBTFUL) isPlain &&= this.isHarmless(at);
      else if (cell < needed) starts[++cell] = at + 1;
    }
    if (cell < needed) starts[++cell] = at + 1;
    this.beyond = at + 1;
    return isPlain && cell === needed;
  }

  /** Where a cell of the line at hand begins. */
  from(cell: number): number {
    return this.starts[cell] ?? 0;
  }

  /** Where it ends: the place behind its last byte. */
  to(cell: number): number {
    return (this.starts[cell + 1] ?? 0) - 1;
  }

  /** Blank: nothing at all, or null. */
  isBlank(cell: number): boolean {
    const from = this.from(cell);
    const length = this.to(cell) - from;
    return length === 0 || (length === 2 && this.bytes[from] === BACKSLASH);
  }

  /** The text of a cell of a plain line; null where the source has none. */
  text(cell: number): string | null {
    const [from, to] = [this.from(cell), this.to(cell)];
    if (to - from === 2 && this.bytes[from] === BACKSLASH) return null;
    for (let at = from; at < to; at += 1) {
      if ((this.bytes[at] ?? 0) > 0x7f) return this.buffer().toString('utf8', from, to);
    }
    this.latin ??= this.buffer().toString('latin1'); // once for all cells: a part of it costs next to nothing
    return this.latin.slice(from, to);
  }

  /** The line at hand as text, plain or not, without its end. */
  line(): string {
    return this.buffer().toString('utf8', this.begin, this.beyond - 1);
  }

  /** Whether the cell holds the bytes of an earlier stretch. */
  isSame(cell: number, from: number, length: number): boolean {
    const { bytes } = this;
    const start = this.from(cell);
    if (this.to(cell) - start !== length) return false;
    for (let index = 0; index < length; index += 1) {
      if (bytes[start + index] !== bytes[from + index]) return false;
    }
    return true;
  }

  private buffer(): Buffer {
    const { buffer, byteOffset, length } = this.bytes;
    return Buffer.from(buffer, byteOffset, length);
  }

  /** A whole cell's null; a character of two or three bytes that is neither a control character nor the replacement character. */
  private isHarmless(at: number): boolean {
    const { bytes } = this;
    const [byte, second] = [bytes[at], bytes[at + 1] ?? 0];
    if (byte === 0xc2) return second >= 0xa0;
    if (byte === 0xef) return second !== 0xbf || bytes[at + 2] !== 0xbd;
    if (byte !== BACKSLASH || second !== UPPER_N) return false;
    const isFirst = at === this.begin || bytes[at - 1] === TAB;
    return isFirst && (bytes[at + 2] === TAB || bytes[at + 2] === NEWLINE);
  }
}
