import { FIELDS, type FieldSpec, type Stream } from '../fields.js';
import type { ColumnMapping, FieldMapping, StreamConfig } from '../institution-config.js';
import { acceptNumber, decoderByKind, numberParser, setNumber, shapeOf } from './field-decoders.js';
import { productScaled } from './numbers.js';
import type { CellReader, FieldDecoder } from './row-scratch.js';
import { mappingOf } from './source-columns.js';

interface FieldPlace {
  readonly stream: Stream;
  readonly name: string;
  readonly config: StreamConfig;
  readonly columns: readonly string[];
}

/** The closure that decodes one canonical field of a stream. */
export function compileField(
  { stream, name, config, columns }: FieldPlace,
  { certificateKey }: { readonly certificateKey: string },
): FieldDecoder {
  const spec: FieldSpec = FIELDS[stream][name] ?? { kind: 'code' };
  const index = Object.keys(FIELDS[stream]).indexOf(name);
  const isReversed = reversalTest(config, columns);
  const mapping = mappingOf(config, name) ?? { constant: spec.fallback ?? '' };
  const place = { name, index, spec };
  if (name === 'refundOf' && config.reversal?.refundOf !== undefined) {
    const from: ColumnMapping = { from: config.reversal.refundOf };
    const original = cellReader(from, columns);
    const cell: CellReader = (row) => (isReversed?.(row) === true ? original(row) : null);
    return decoderByKind[spec.kind]({ ...place, cell, mapping: from, certificateKey });
  }
  const decoder =
    'product' in mapping
      ? productDecoder(place, mapping, columns)
      : decoderByKind[spec.kind]({
          ...place,
          cell: cellReader(mapping, columns),
          mapping: 'constant' in mapping ? { from: '' } : mapping,
          certificateKey,
        });
  const negates = spec.kind === 'money' || spec.kind === 'quantity';
  return isReversed === null || !negates ? decoder : negated(decoder, place, isReversed);
}

function reversalTest(
  { reversal }: StreamConfig,
  columns: readonly string[],
): ((row: readonly (string | null)[]) => boolean) | null {
  if (reversal === undefined) return null;
  const column = columns.indexOf(reversal.column);
  const marks = new Set(reversal.is);
  return (row) => marks.has((row[column] ?? '').trim());
}

/** A row marked as reversal is stored with positive amounts: they are turned round. */
function negated(
  decode: FieldDecoder,
  place: { readonly index: number; readonly spec: FieldSpec },
  isReversed: (row: readonly (string | null)[]) => boolean,
): FieldDecoder {
  return (scratch) => {
    decode(scratch);
    const number = scratch.numbers[place.index] ?? 0;
    if (number !== 0 && isReversed(scratch.row)) setNumber(scratch, place, -number);
  };
}

function cellReader(
  mapping: ColumnMapping | { readonly constant: string },
  columns: readonly string[],
): CellReader {
  if ('constant' in mapping) {
    const text = mapping.constant === '' ? null : mapping.constant;
    return () => text;
  }
  const supplied = suppliedText(mapping.blank ?? []);
  if (typeof mapping.from === 'string') {
    const index = columns.indexOf(mapping.from);
    return (row) => supplied(row[index] ?? '');
  }
  const indexes = mapping.from.map((column) => columns.indexOf(column));
  return (row) => supplied(indexes.map((index) => trimmed(row[index] ?? '')).join(''));
}

function suppliedText(blank: readonly string[]): (cell: string) => string | null {
  if (blank.length === 0) {
    return (cell) => {
      const text = trimmed(cell);
      return text === '' ? null : text;
    };
  }
  const blanks = new Set(['', ...blank]);
  return (cell) => {
    const text = trimmed(cell);
    return blanks.has(text) ? null : text;
  };
}

/** As `trim()`, which costs more than all else that is done with most cells. */
function trimmed(text: string): string {
  const { length } = text;
  if (length === 0 || (isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(length - 1))))
    return text;
  return text.trim();
}

/** Certainly no white space: printable ASCII, or what stands between U+3000 (the wide blank) and U+FEFF. */
function isInk(code: number): boolean {
  return (code > 0x20 && code < 0x7f) || (code > 0x3000 && code < 0xfeff);
}

/** The exact product of decimal cells, each with as many places as the field itself. */
function productDecoder(
  place: { readonly name: string; readonly index: number; readonly spec: FieldSpec },
  mapping: Extract<FieldMapping, { product: string[] }>,
  columns: readonly string[],
): FieldDecoder {
  const { places } = shapeOf(place.spec);
  const parse = numberParser(mapping.as, places);
  const indexes = mapping.product.map((column) => columns.indexOf(column));
  return (scratch) => {
    const cells = indexes.map((index) => (scratch.row[index] ?? '').trim());
    if (cells.includes('')) {
      scratch.fault('required', place.name);
      return;
    }
    const scaled = cells
      .map(parse)
      .reduce((product, factor) =>
        Number.isFinite(product) && Number.isFinite(factor)
          ? productScaled(product, factor, places)
          : product + factor,
      );
    if (acceptNumber(scratch, place, { scaled, text: cells.join(' × ') })) {
      setNumber(scratch, place, scaled);
    }
  };
}
