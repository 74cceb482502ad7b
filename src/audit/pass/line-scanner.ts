import { FEE_CLASSES, ITEM_KINDS } from '../../claims/claim.js';
import { ByteKeys, hashBytes } from '../screen/byte-keys.js';
import type { Screen } from '../screen/compile-screen.js';
import { ItemTable } from '../screen/item-table.js';
import { ROW, ROW_WIDTH } from '../screen/positional-row.js';

/** Columns of `claim_line l` in the order in which the scanner reads them. */
export const SCANNED_COLUMNS =
  'l.institution, l.claim_no, l.line_no, l.item_code, l.charged_on, l.quantity, l.unit_price, l.line_amount_fen, l.line_eligible_fen, l.item_kind, l.fee_class, l.prescription_no, l.days_supply';

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
const NULL_SIGN = 92;
const SECOND_PRIME = 0x5bd1e995;
const MARKS = 2 ** 21;
const KINDS = keysOf(ITEM_KINDS);
const CLASSES = keysOf(FEE_CLASSES);

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
  readonly items: ItemTable;
  private rest: Uint8Array = new Uint8Array();
  private claim = -1;
  private position = 0;

  constructor(
    private readonly screen: Screen,
    private readonly claims: ByteKeys,
    private readonly target: LineTarget,
  ) {
    this.items = new ItemTable(screen.codeOf);
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
    this.readItem();
    row[ROW.chargedOn] = this.readDate();
    row[ROW.quantity] = this.readScaled(QUANTITY_PLACES);
    row[ROW.unitPrice] = this.readScaled(PRICE_PLACES);
    row[ROW.amount] = this.readScaled(0);
    row[ROW.eligible] = this.readScaled(0);
    row[ROW.kind] = this.readNamed(KINDS);
    row[ROW.feeClass] = this.readNamed(CLASSES);
    row[ROW.prescription] = this.readMark();
    row[ROW.days] = this.readWhole();
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

  private readItem(): void {
    const { row, items } = this;
    const start = this.position;
    const end = fieldEnd(this.bytes, start);
    this.position = end + 1;
    const item = items.at(this.bytes, start, end);
    row[ROW.item] = item;
    row[ROW.code] = items.numberAt(item);
    row[ROW.family] = items.familyAt(item);
  }

  /** One of a few names, by its number; -1 for none of them. */
  private readNamed(names: ByteKeys): number {
    const { bytes } = this;
    const start = this.position;
    const end = fieldEnd(bytes, start);
    this.position = end + 1;
    return names.find(bytes, start, end, hashBytes(bytes, start, end));
  }

  /** A number of 53 bits that stands for a text, two of one claim never being the same but by a chance of one in 10^15; -1 for null. */
  private readMark(): number {
    const { bytes } = this;
    const start = this.position;
    const end = fieldEnd(bytes, start);
    this.position = end + 1;
    if (bytes[start] === NULL_SIGN && end === start + 2 && bytes[start + 1] !== NULL_SIGN)
      return -1;
    let second = end - start;
    for (let index = start; index < end; index += 1)
      second = (Math.imul(second, SECOND_PRIME) + (bytes[index] ?? 0)) | 0;
    return (hashBytes(bytes, start, end) >>> 0) * MARKS + (second >>> 11);
  }

  /** A whole number at the end of a line; -1 for null. */
  private readWhole(): number {
    const { bytes } = this;
    let index = this.position;
    let value = bytes[index] === NULL_SIGN ? -1 : 0;
    for (let byte = bytes[index] ?? TAB; byte > LINE_END; byte = bytes[index] ?? TAB) {
      if (value !== -1) value = value * 10 + byte - ZERO;
      index += 1;
    }
    this.position = index + 1;
    return value;
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

function keysOf(names: readonly string[]): ByteKeys {
  const encoder = new TextEncoder();
  const keys = new ByteKeys();
  for (const name of names) {
    const bytes = encoder.encode(name);
    keys.add(bytes, 0, bytes.length);
  }
  return keys;
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
