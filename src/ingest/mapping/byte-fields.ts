import type { ByteField, ByteRow } from './byte-row.js';
import { CellTexts } from './cell-texts.js';
import { type DecoderInput, knownValues, TEXT_LIMITS } from './field-decoders.js';
import { FEN, type FieldDecoder } from './row-scratch.js';

/** A field that one cell decides. */
export interface ByteInput extends Omit<DecoderInput, 'cell'> {
  /** The cell's place in the line. */
  readonly column: number;
  /** Whether something needs its text. */
  readonly isWanted: boolean;
}

/** A code or a name is written byte for byte as it stands. */
export function textBytes({ column, index, spec, isWanted }: ByteInput): ByteField {
  const limit = TEXT_LIMITS[spec.kind as keyof typeof TEXT_LIMITS] ?? 64;
  const known = new CellTexts(column);
  return (row) => {
    const { cells, out, scratch } = row;
    if (cells.isBlank(column)) return blank(row, index, spec);
    const from = cells.from(column);
    const to = cells.to(column);
    if (to - from > limit || !hasInkAtBothEnds(cells.bytes, from, to)) return false;
    out.copy(cells.bytes, from, to);
    if (isWanted || row.wantsTexts) scratch.texts[index] = known.text(cells);
    return true;
  };
}

/** The fallback, where blank is no fault. */
export function blank({ scratch, out }: ByteRow, index: number, spec: ByteInput['spec']): boolean {
  if (spec.required === true) return false;
  const fallback = spec.fallback ?? null;
  scratch.texts[index] = fallback;
  out.cell(fallback);
  return true;
}

/** White space at an end is cut off when it is decoded; here it is left to that. */
function hasInkAtBothEnds(bytes: Uint8Array, from: number, to: number): boolean {
  const last = bytes[to - 1] ?? 0;
  const lead = last < 0x80 ? last : (bytes[to - 3] ?? 0);
  return isInk(bytes[from] ?? 0, bytes[from + 1] ?? 0) && isInk(lead, bytes[to - 2] ?? 0);
}

/** Certainly not white space: printable ASCII, or a character from U+4000 on other than U+FEFF, by its first two bytes of three. */
function isInk(lead: number, second: number): boolean {
  if (lead < 0x80) return lead > 0x20 && lead < 0x7f;
  return lead >= 0xe4 && lead <= 0xef && !(lead === 0xef && second === 0xbb);
}

export function enumBytes(input: ByteInput): ByteField {
  const { column, index, spec } = input;
  const known = [...knownValues(input)].filter(([text]) => text !== '' && text.trim() === text);
  const values = known.map(([text, value]) => ({ bytes: Buffer.from(text), value }));
  return (row) => {
    const { cells, scratch, out } = row;
    if (cells.isBlank(column)) return blank(row, index, spec);
    const from = cells.from(column);
    const to = cells.to(column);
    for (const { bytes, value } of values) {
      if (!isAt(cells.bytes, from, to, bytes)) continue;
      scratch.texts[index] = value;
      out.cell(value);
      return true;
    }
    return false;
  };
}

function isAt(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (to - from !== wanted.length) return false;
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[from + index] !== wanted[index]) return false;
  }
  return true;
}

/** Any other field: its cells become texts, are decoded, and what came of it is written. */
export function decodedBytes(
  index: number,
  columns: readonly number[],
  decode: FieldDecoder,
): ByteField {
  return ({ cells, scratch, out, texts }) => {
    for (const column of columns) texts[column] = cells.text(column);
    scratch.start(texts);
    decode(scratch);
    if (scratch.faults.length > 0) return false;
    const text = scratch.texts[index] ?? null;
    if (text === FEN) out.whole(scratch.numbers[index] ?? 0);
    else out.cell(text);
    return true;
  };
}
