import type { ByteInput } from './byte-fields.js';
import type { ByteField, ByteRow } from './byte-row.js';
import { setNumber, shapeOf } from './field-decoders.js';

const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const MAX_DIGITS = 15;

/** Amounts, quantities and prices written as plain decimals. */
export function numberBytes(input: ByteInput): ByteField {
  const { column, spec, mapping } = input;
  const { places, least, most } = shapeOf(spec);
  const readPlaces = mapping.as === 'fen' ? 0 : places;
  const isExact = spec.kind === 'quantity' || spec.kind === 'price';
  const blank = spec.required === true ? null : Number(spec.fallback ?? '0');
  return (row) => {
    const { cells } = row;
    if (cells.isBlank(column)) return blank !== null && writeNumber(row, input, blank);
    const { bytes } = cells;
    const from = cells.from(column);
    const to = cells.to(column);
    const scaled = decimalAt({ bytes, from, to }, readPlaces);
    if (!(scaled >= least && scaled <= most)) return false; // also of what is no number
    if (!isExact) return writeNumber(row, input, scaled);
    return writeExact(row, input, { scaled, bytes, from, to });
  };
}

/** As it stands, where that is how it is written. */
function writeExact(
  row: ByteRow,
  input: ByteInput,
  { scaled, bytes, from, to }: Stretch & { readonly scaled: number },
): true {
  const { index, column, isWanted } = input;
  if (!isCanonicalAt({ bytes, from, to }, shapeOf(input.spec).places)) {
    return writeNumber(row, input, scaled);
  }
  row.scratch.numbers[index] = scaled;
  row.out.copy(bytes, from, to);
  if (isWanted || row.wantsTexts) row.scratch.texts[index] = row.cells.text(column);
  return true;
}

function writeNumber({ scratch, out }: ByteRow, input: ByteInput, scaled: number): true {
  setNumber(scratch, input, scaled);
  if (input.spec.kind === 'money') out.whole(scaled);
  else out.cell(scratch.texts[input.index]);
  return true;
}

interface Stretch {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** As parseScaled, of bytes: the scaled integer; NaN where it is not one, or is too long to tell. */
function decimalAt({ bytes, from: start, to }: Stretch, places: number): number {
  const isNegative = bytes[start] === MINUS;
  const from = isNegative ? start + 1 : start;
  const dot = dotAt(bytes, from, to);
  if (dot === from || dot - from > MAX_DIGITS || dot === to - 1) return Number.NaN;
  const kept = dot + 1 + places;
  let scaled = digitsAt(
    bytes,
    { from: dot + 1, to: Math.min(kept, to) },
    digitsAt(bytes, { from, to: dot }, 0),
  );
  for (let at = Math.max(to, dot + 1); at < kept; at += 1) scaled *= 10;
  if (digitsAt(bytes, { from: kept, to }, 0) !== 0) return Number.NaN;
  return isNegative && scaled !== 0 ? -scaled : scaled;
}

/** The end where there is none. */
function dotAt(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (bytes[at] === DOT) return at;
  return to;
}

/** The digits of a stretch behind those of `before`; NaN when another byte is met. */
function digitsAt(
  bytes: Uint8Array,
  { from, to }: Pick<Stretch, 'from' | 'to'>,
  before: number,
): number {
  let value = before;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether a decimal stands as it is to be written: all places, no needless zero, no minus zero. */
function isCanonicalAt({ bytes, from: start, to }: Stretch, places: number): boolean {
  const isNegative = bytes[start] === MINUS;
  const from = isNegative ? start + 1 : start;
  const dot = to - places - 1;
  if (dot <= from || bytes[dot] !== DOT) return false;
  if (bytes[from] !== ZERO) return true;
  return !isNegative && dot === from + 1;
}
