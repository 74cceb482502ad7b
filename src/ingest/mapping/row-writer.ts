import { CopyBytes, mixed } from '../../database/copy-bytes.js';
import { FIELDS, type Stream } from '../fields.js';
import type { ByteField, ByteRow } from './byte-row.js';
import type { FreshLines } from './fresh-lines.js';
import { FEN, type RowScratch } from './row-scratch.js';

/** Seeds of the two lanes: any two numbers, always the same. */
const FIRST = 0x9747b28c | 0;
const SECOND = 0x41c6ce57 | 0;
const HASHES_BYTES = 1 << 14;

/** How rows go that need no decoding. */
export interface PlainFields {
  readonly row: ByteRow;
  readonly fields: readonly ByteField[];
  /** The checks of the whole row. */
  readonly isGood: () => boolean;
}

/**
 * Writes canonical rows for COPY: the fields in their order, then the content hash and the row's number in its batch.
 *
 * The hash tells whether a row's content changed between two reads: 64 bits over its canonical bytes. It guards against nothing but
 * chance (one in 2⁶⁴ a comparison); what must withstand people is the SHA-256 of the raw rows. It is taken of what the source gave, so a
 * national code that was looked up for a fresh table is no part of it.
 */
export class RowWriter {
  private readonly hashes: CopyBytes;
  private readonly codeAt: number;
  private readonly lanes = { first: FIRST, second: SECOND };

  constructor(
    stream: Stream,
    private readonly out: CopyBytes,
    private readonly fresh: FreshLines | null,
  ) {
    this.hashes = new CopyBytes(HASHES_BYTES);
    this.codeAt = stream === 'lines' ? Object.keys(FIELDS.lines).indexOf('itemCode') : -1;
  }

  /** Lines of COPY. */
  get lines(): Uint8Array {
    return this.out.written();
  }

  /** Content hashes of the rows written and marks of those left out, in order. */
  get contentHashes(): Uint8Array {
    return this.hashes.written();
  }

  row({ texts, numbers }: Pick<RowScratch, 'texts' | 'numbers'>, rawRow: number): void {
    this.fields(texts, numbers);
    this.end(texts, rawRow);
  }

  /**
   * A row whose cells go as they stand, once `isGood` has seen what was read of it.
   *
   * @returns false when a field or a check is not sure of it: then nothing is written
   */
  plainRow(plain: PlainFields, rawRow: number): boolean {
    const { out } = this;
    const start = out.length;
    if (this.plainFields(plain) && plain.isGood()) {
      this.end(plain.row.scratch.texts, rawRow);
      return true;
    }
    out.truncate(start);
    return false;
  }

  private plainFields({ row, fields }: PlainFields): boolean {
    const { out, codeAt, fresh } = this;
    const { texts } = row.scratch;
    row.start(out);
    let hashed = this.startHash();
    for (let index = 0; index < fields.length; index += 1) {
      if (index > 0) out.tab();
      const at = out.length;
      if (fields[index]?.(row) !== true) return false;
      if (index !== codeAt || texts[index] !== null) continue;
      out.truncate(at);
      out.hash(this.lanes, hashed, at);
      texts[index] = fresh?.nationalCodeOn(texts, row.days) ?? null;
      out.cell(texts[index]);
      hashed = out.length;
    }
    out.hash(this.lanes, hashed, out.length);
    return true;
  }

  /** What follows the fields: the hour of a fresh line, the content hash, the row's number. */
  private end(texts: readonly (string | null)[], rawRow: number): void {
    const { out, fresh, lanes } = this;
    if (fresh !== null) {
      fresh.watch(texts);
      out.tab();
      out.cell(fresh.chargedTime(texts));
    }
    const first = mixed(lanes.first);
    const second = mixed(lanes.second ^ first);
    out.tab();
    out.hex(first);
    out.hex(second);
    out.tab();
    out.whole(rawRow);
    out.endRow();
    this.hashes.hex(first);
    this.hashes.hex(second);
  }

  /** A refused row leaves its mark in the digest. */
  mark(rowHash: string): void {
    this.hashes.cell(rowHash);
  }

  /** @returns where the row begins */
  private startHash(): number {
    this.lanes.first = FIRST;
    this.lanes.second = SECOND;
    return this.out.length;
  }

  private fields(texts: readonly (string | null)[], numbers: readonly number[]): void {
    const { out, codeAt, lanes } = this;
    let hashed = this.startHash();
    for (let index = 0; index < texts.length; index += 1) {
      if (index > 0) out.tab();
      const text = texts[index] ?? null;
      if (text === FEN) out.whole(numbers[index] ?? 0);
      else if (index === codeAt && text === null) {
        out.hash(lanes, hashed, out.length);
        out.cell(this.fresh?.nationalCode(texts) ?? null);
        hashed = out.length;
      } else out.cell(text);
    }
    out.hash(lanes, hashed, out.length);
  }
}
