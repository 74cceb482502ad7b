import { keyedHash } from '../../kernel/hash.js';
import type { FieldSpec } from '../fields.js';
import type { ColumnMapping, Representation } from '../institution-config.js';
import { type DateReader, dateReader } from './date-format.js';
import { shown } from './faults.js';
import { isCanonical, parseScaled, parseScaledDouble, scaledText, TOO_PRECISE } from './numbers.js';
import { type CellReader, FEN, type FieldDecoder, type RowScratch } from './row-scratch.js';

/** One field to be decoded: where it stands, what it is, and how its cell is read. */
export interface DecoderInput {
  readonly name: string;
  readonly index: number;
  readonly spec: FieldSpec;
  readonly cell: CellReader;
  readonly mapping: ColumnMapping;
  readonly certificateKey: string;
}

/** A memory of texts already decoded: codes, dates and names repeat. Cleared when it grows large. */
const MEMORY_ENTRIES = 20_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd]/;
export const TEXT_LIMITS = { code: 64, name: 200, certificate: 64 } as const;
const FLAGS: Readonly<Record<string, string>> = { true: 'true', false: 'false' };
export const MAX_FEN_NUMBER = 1e15;
const QUANTITY_LIMIT = 1e12; // 10^8, scaled by 10^4
const PRICE_LIMIT = 1e15; // 10^9 yuan, scaled by 10^6

export function textDecoder(input: DecoderInput): FieldDecoder {
  const { kind } = input.spec;
  const limit = TEXT_LIMITS[kind as keyof typeof TEXT_LIMITS] ?? 64;
  return decoded(input, (text, scratch) => {
    if (text.length > limit) return scratch.fault('too-long', input.name, `${text.length} 字`);
    return CONTROL.test(text) ? scratch.fault('bad-character', input.name) : text;
  });
}

const DAYS = /^(?:[1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])$/;

export function daysDecoder(input: DecoderInput): FieldDecoder {
  return decoded(input, (text, scratch) =>
    DAYS.test(text) ? text : scratch.fault('out-of-range', input.name, shown(text)),
  );
}

const CODES_MOST = 200;
const BETWEEN_CODES = /[\s,，、;；|]+/;

/** Codes with a comma, a blank or the like between two; each once, in their order. */
export function codesDecoder(input: DecoderInput): FieldDecoder {
  return decoded(input, (text, scratch) => {
    if (CONTROL.test(text)) return scratch.fault('bad-character', input.name);
    const codes = [...new Set(text.split(BETWEEN_CODES).filter((code) => code !== ''))];
    const isLong = codes.length > CODES_MOST || codes.some((code) => code.length > 100);
    return isLong ? scratch.fault('too-long', input.name, `${codes.length} 个`) : codes.join(',');
  });
}

/** The number itself is never kept: only a hash under the site's key. */
export function certificateDecoder(input: DecoderInput): FieldDecoder {
  return decoded(input, (text, scratch) =>
    text.length > TEXT_LIMITS.certificate
      ? scratch.fault('too-long', input.name)
      : keyedHash(input.certificateKey, text.toUpperCase()),
  );
}

/** What each listed text of an enumeration stands for. */
export function knownValues({
  spec,
  mapping: { values },
}: Pick<DecoderInput, 'spec' | 'mapping'>): ReadonlyMap<string, string> {
  const canonical = canonicalValues(spec);
  const pairs =
    values === undefined ? canonical.map((each) => [each, each] as const) : Object.entries(values);
  return new Map(pairs.filter(([, value]) => canonical.includes(value)));
}

function canonicalValues(spec: FieldSpec): readonly string[] {
  return spec.kind === 'flag' ? Object.keys(FLAGS) : (spec.values ?? []);
}

export function enumDecoder(input: DecoderInput): FieldDecoder {
  const { values, otherwise } = input.mapping;
  const canonical = canonicalValues(input.spec);
  const known = knownValues(input);
  const other = otherwise !== undefined && canonical.includes(otherwise) ? otherwise : undefined;
  const listed = new Set(Object.keys(values ?? {}));
  return decoded(input, (text, scratch) => {
    const value = known.get(text) ?? (listed.has(text) ? undefined : other);
    return value ?? scratch.fault('unknown-value', input.name, shown(text));
  });
}

export function dateDecoder(input: DecoderInput): FieldDecoder {
  const { format = 'iso' } = input.mapping;
  const reader = dateReader(format) ?? (() => null);
  const read = format === 'iso' ? reader : remembered(reader);
  const finish = DATE_FINISH[input.spec.kind as keyof typeof DATE_FINISH];
  let lastText = '';
  let lastMoment = '';
  return decoded(input, (text, scratch) => {
    if (text === lastText) return lastMoment; // the rows of a claim share their moments
    const moment = read(text);
    if (moment === null) return scratch.fault('no-such-date', input.name, shown(text));
    lastText = text;
    lastMoment = finish(moment);
    return lastMoment;
  });
}

const DATE_FINISH = {
  date: (moment: string) => moment.slice(0, 10),
  moment: (moment: string) => (moment.length === 10 ? `${moment}T00:00:00` : moment),
  'day-or-moment': (moment: string) => moment,
} as const;

function remembered(read: DateReader): DateReader {
  const memory = new Map<string, string | null>();
  return (text) => {
    const known = memory.get(text);
    if (known !== undefined) return known;
    const moment = read(text);
    if (memory.size >= MEMORY_ENTRIES) memory.clear();
    memory.set(text, moment);
    return moment;
  };
}

interface NumberShape {
  readonly places: number;
  readonly least: number;
  readonly most: number;
}

const SHAPES: Readonly<Record<string, NumberShape>> = {
  money: { places: 2, least: -MAX_FEN_NUMBER, most: MAX_FEN_NUMBER },
  quantity: { places: 4, least: -QUANTITY_LIMIT, most: QUANTITY_LIMIT },
  price: { places: 6, least: 0, most: PRICE_LIMIT },
  sequence: { places: 0, least: 1, most: 99 },
};

export function shapeOf(spec: FieldSpec): NumberShape {
  return SHAPES[spec.kind] ?? { places: 0, least: 0, most: 0 };
}

export function numberDecoder(input: DecoderInput): FieldDecoder {
  const { spec, index, name } = input;
  const { places, least, most } = shapeOf(spec);
  const parse = numberParser(input.mapping.as, places);
  const isExact = spec.kind === 'quantity' || spec.kind === 'price';
  const blank = spec.fallback === undefined ? 0 : Number(spec.fallback);
  return (scratch) => {
    const text = input.cell(scratch.row);
    if (text === null) {
      if (spec.required === true) scratch.fault('required', name);
      setNumber(scratch, input, blank);
      return;
    }
    const scaled = parse(text);
    const isWithin = scaled >= least && scaled <= most; // false of what is no number
    if (isWithin && isExact && isCanonical(text, places)) {
      scratch.numbers[index] = scaled;
      scratch.texts[index] = text;
    } else if (isWithin) setNumber(scratch, input, scaled);
    else {
      acceptNumber(scratch, input, { scaled, text });
      scratch.numbers[index] = 0;
    }
  };
}

export function numberParser(as: Representation | undefined, places: number) {
  if (as === 'fen') return (text: string) => parseScaled(text, 0);
  if (as === 'yuan-from-double' || as === 'decimal-from-double') {
    return (text: string) => parseScaledDouble(text, places);
  }
  return (text: string) => parseScaled(text, places);
}

/** Bounds and form of a number; the reason is left in the workspace when it is refused. */
export function acceptNumber(
  scratch: RowScratch,
  { name, spec }: Pick<DecoderInput, 'name' | 'spec'>,
  { scaled, text }: { readonly scaled: number; readonly text: string },
): boolean {
  const { least, most } = shapeOf(spec);
  if (scaled >= least && scaled <= most) return true; // false of what is no number
  const precise = spec.kind === 'money' ? 'not-yuan' : 'too-precise';
  const rule = Number.isNaN(scaled)
    ? 'not-a-number'
    : scaled === TOO_PRECISE
      ? precise
      : 'out-of-range';
  scratch.fault(rule, name, shown(text));
  return false;
}

export function setNumber(
  scratch: RowScratch,
  { index, spec }: Pick<DecoderInput, 'index' | 'spec'>,
  scaled: number,
): void {
  const { places } = shapeOf(spec);
  scratch.numbers[index] = scaled;
  if (spec.kind === 'money') scratch.texts[index] = FEN;
  else scratch.texts[index] = places === 0 ? String(scaled) : scaledText(scaled, places);
}

/** Blank cells become the fallback or a fault; the rest goes through `decode`. */
function decoded(
  { spec, index, name, cell }: DecoderInput,
  decode: (text: string, scratch: RowScratch) => string | null,
): FieldDecoder {
  const fallback = spec.fallback ?? null;
  const required = spec.required === true;
  return (scratch) => {
    const text = cell(scratch.row);
    if (text === null && required) scratch.fault('required', name);
    scratch.texts[index] = text === null ? fallback : decode(text, scratch);
  };
}

export const decoderByKind = {
  code: textDecoder,
  name: textDecoder,
  certificate: certificateDecoder,
  money: numberDecoder,
  quantity: numberDecoder,
  price: numberDecoder,
  sequence: numberDecoder,
  days: daysDecoder,
  codes: codesDecoder,
  flag: enumDecoder,
  date: dateDecoder,
  moment: dateDecoder,
  'day-or-moment': dateDecoder,
  enum: enumDecoder,
} as const satisfies Record<FieldSpec['kind'], (input: DecoderInput) => FieldDecoder>;
