import type { LineCells } from './line-cells.js';

const SLOTS = 1 << 13;
/** A longer text is a part of its batch's, which would be kept with it. */
const REMEMBERED = 12;

/**
 * The texts of a column's cells. Codes repeat, and rows of a claim share its number: a text that is known is given again as it is, for
 * to make it and to hash it costs more than to see that the bytes are the same.
 */
export class CellTexts {
  private readonly slots: (string | undefined)[] = new Array<string | undefined>(SLOTS);
  private bytes: Uint8Array | null = null;
  private from = 0;
  private length = 0;
  private last: string | null = null;

  constructor(private readonly column: number) {}

  text(cells: LineCells): string | null {
    const { column, length } = this;
    if (this.bytes === cells.bytes && cells.isSame(column, this.from, length)) return this.last;
    this.bytes = cells.bytes;
    this.from = cells.from(column);
    this.length = cells.to(column) - this.from;
    this.last = this.length > REMEMBERED ? cells.text(column) : this.remembered(cells);
    return this.last;
  }

  private remembered(cells: LineCells): string | null {
    const { slots, from, length } = this;
    let hash = length;
    for (let at = from; at < from + length; at += 1) {
      hash = Math.imul(hash ^ (cells.bytes[at] ?? 0), 0x01000193);
    }
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = slots[slot];
    if (known !== undefined && isAscii(known, cells.bytes, from, length)) return known;
    const text = cells.text(this.column);
    slots[slot] = text ?? undefined;
    return text;
  }
}

/** Whether the bytes are those of the text, which is ASCII. */
function isAscii(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[from + index] ?? 0;
    if (byte > 0x7f || text.charCodeAt(index) !== byte) return false;
  }
  return true;
}
