import { copyCells } from '../../database/copy-text.js';
import { ByteKeys, hashBytes } from './byte-keys.js';

/** The texts behind the numbers by which a pass tells item codes apart. */
export interface ItemNames {
  /** Null: lines without a national code. */
  codeOf(item: number): string | null;
}

/** Every item code that a pass meets, numbered in the order they come: what is asked of a code alone is asked once, not line by line. */
export class ItemTable implements ItemNames {
  private readonly keys = new ByteKeys();
  private readonly codes: (string | null)[] = [];
  private readonly numbers: number[] = [];
  private readonly families: number[] = [];
  private readonly decoder = new TextDecoder();

  /** @param numberOf  the number by which the rules know a code */
  constructor(private readonly numberOf: (code: string | null) => number) {}

  /** The item whose code stands at these bytes of COPY's text format. */
  at(bytes: Uint8Array, start: number, end: number): number {
    const known = this.keys.find(bytes, start, end, hashBytes(bytes, start, end));
    if (known !== -1) return known;
    const [code = null] = copyCells(this.decoder.decode(bytes.subarray(start, end)));
    this.codes.push(code);
    this.numbers.push(this.numberOf(code));
    this.families.push(familyNumber(code));
    return this.keys.add(bytes, start, end);
  }

  codeOf(item: number): string | null {
    return this.codes[item] ?? null;
  }

  /** The rules' number of an item's code. */
  numberAt(item: number): number {
    return this.numbers[item] ?? 0;
  }

  familyAt(item: number): number {
    return this.families[item] ?? 0;
  }
}

/** Families of codes that are told apart, and those besides: no code, and one that begins otherwise. */
export const FAMILIES = 129;
export const NO_FAMILY = 0;
export const OTHER_FAMILY = 128;

/** What an item code begins with, as a number. */
export function familyNumber(code: string | null): number {
  if (code === null) return NO_FAMILY;
  const first = code.charCodeAt(0);
  return first > 0 && first < OTHER_FAMILY ? first : OTHER_FAMILY;
}
