import { type ByteKeys, HASH_BASIS, hashBytes } from '../screen/byte-keys.js';
import type { Screen } from '../screen/compile-screen.js';
import { ROW, ROW_WIDTH } from '../screen/positional-row.js';

/** Columns of `claim_line l` in the order in which the scanner reads them. */
export const SCANNED_COLUMNS =
  'l.institution, l.claim_no, l.line_no, l.item_code, l.charged_on, l.quantity, l.unit_price, l.line_amount_fen, l.line_eligible_fen';

/** What the scanner hands its lines to. */
export interface LineTarget {
  /** Profile and birth date of a claim, into the row. */
  startClaim(claim: number, row: Float64Array): void;
  /** A line of a known claim, after it was judged; `flags` is what the compiled function returned. */
  line(claim: number, flags: number): void;
}

const TAB = 9;
const LINE_END = 10;
const ZERO = 48;
const MINUS = 45;
const POINT = 46;
const QUANTITY_PLACES = 4;
const PRICE_PLACES = 6;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const PRIME = 0x01000193;

/**
 * Reads lines in COPY's text format byte by byte: the claim's key and the item code become numbers by their bytes, amounts and quantities
 * exact integers; no text is made. Lines of a claim that is not known are passed over.
 */
export class LineScanner {
  readonly row = new Float64Array(ROW_WIDTH);
  /** Lines of known claims so far. */
  lines = 0;
  /** Where the line number of the current line stands. */
  bytes: Uint8Array = new Uint8Array();
  lineNoStart = 0;
  lineNoEnd = 0;
  private readonly codes: ByteKeys;
  private rest: Uint8Array = new Uint8Array();
  private claim = -1;
  private position = 0;

  constructor(
    private readonly screen: Screen,
    private readonly claims: ByteKeys,
    private readonly target: LineTarget,
  ) {
    this.codes = screen.codeKeys;
  }

  /** Takes the next bytes; the begun last line waits for those that follow. */
  feed(chunk: Uint8Array): void {
    const bytes = this.rest.length === 0 ? chunk : joined(this.rest, chunk);
    const end = bytes.lastIndexOf(LINE_END) + 1;
    this.bytes = bytes;
    this.position = 0;
    while (this.position < end) this.scanLine();
    this.rest = bytes.slice(end);
  }

  private scanLine(): void {
    const { bytes, row } = this;
    const start = this.position;
    const keyEnd = fieldEnd(bytes, fieldEnd(bytes, start) + 1);
    if (!this.moveTo(start, keyEnd)) {
      this.position = bytes.indexOf(LINE_END, keyEnd) + 1;
      return;
    }
    this.lineNoStart = keyEnd + 1;
    this.lineNoEnd = fieldEnd(bytes, keyEnd + 1);
    this.position = this.lineNoEnd + 1;
    row[ROW.code] = this.readCode();
    row[ROW.chargedOn] = this.readDate();
    row[ROW.quantity] = this.readScaled(QUANTITY_PLACES);
    row[ROW.unitPrice] = this.readScaled(PRICE_PLACES);
    row[ROW.amount] = this.readScaled(0);
    row[ROW.eligible] = this.readScaled(0);
    this.lines += 1;
    this.target.line(this.claim, this.screen.judge(row, 0));
  }

  /** Lines of a claim mostly come together: its key is compared before it is looked up. */
  private moveTo(start: number, end: number): boolean {
    const { bytes, claims } = this;
    if (this.claim !== -1 && claims.equals(this.claim, bytes, start, end)) return true;
    this.claim = claims.find(bytes, start, end, hashBytes(bytes, start, end));
    if (this.claim === -1) return false;
    this.target.startClaim(this.claim, this.row);
    return true;
  }

  private readCode(): number {
    const { bytes } = this;
    const start = this.position;
    let hash = HASH_BASIS;
    let index = start;
    for (let byte = bytes[index]; byte !== TAB; byte = bytes[index]) {
      hash = Math.imul(hash ^ (byte ?? 0), PRIME);
      index += 1;
    }
    this.position = index + 1;
    return this.codes.find(bytes, start, index, hash ^ (hash >>> 15)) + 1;
  }

  /** `2024-02-29` as 20240229. */
  private readDate(): number {
    const { bytes } = this;
    let day = 0;
    let index = this.position;
    for (let byte = bytes[index] ?? TAB; byte !== TAB; byte = bytes[index] ?? TAB) {
      if (byte !== MINUS) day = day * 10 + byte - ZERO;
      index += 1;
    }
    this.position = index + 1;
    return day;
  }

  /** A plain decimal with at most so many places, as an integer of 10^-places. */
  private readScaled(places: number): number {
    const { bytes } = this;
    let index = this.position;
    const isNegative = bytes[index] === MINUS;
    if (isNegative) index += 1;
    let value = 0;
    let point = -1;
    for (let byte = bytes[index] ?? TAB; byte > LINE_END; byte = bytes[index] ?? TAB) {
      if (byte === POINT) point = index;
      else value = value * 10 + byte - ZERO;
      index += 1;
    }
    this.position = index + 1;
    const missing = point === -1 ? places : places - (index - point - 1);
    const scaled = value * (POWERS[missing] ?? 1);
    return isNegative ? 0 - scaled : scaled;
  }
}

function fieldEnd(bytes: Uint8Array, start: number): number {
  let index = start;
  while (bytes[index] !== TAB) index += 1;
  return index;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
