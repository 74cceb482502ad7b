import { FIELDS, type FieldSpec, type Stream } from '../fields.js';
import type { ColumnMapping, FieldMapping, StreamConfig } from '../institution-config.js';
import { dateBytes } from './byte-dates.js';
import { type ByteInput, blank, decodedBytes, enumBytes, textBytes } from './byte-fields.js';
import { numberBytes } from './byte-numbers.js';
import type { ByteField } from './byte-row.js';
import type { FieldDecoder } from './row-scratch.js';
import { columnsOf, mappingOf } from './source-columns.js';

interface ByteMapping {
  readonly stream: Stream;
  readonly config: StreamConfig;
  readonly columns: readonly string[];
  /** The stream's decoders in the order of its fields: what they read and no byte field knows is left to them. */
  readonly decoders: readonly FieldDecoder[];
}

/** One writer a field, in their order. */
export function compileBytes({
  stream,
  config,
  columns,
  decoders,
}: ByteMapping): readonly ByteField[] {
  const wanted = wantedTexts(stream, config);
  return Object.entries(FIELDS[stream]).map(([name, spec], index) => {
    const given = mappingOf(config, name);
    if (given === undefined && OFTEN_ABSENT.has(spec.kind)) return (row) => blank(row, index, spec);
    const mapping = given ?? { constant: '' };
    if (isOfOneCell(mapping) && !isTurned(name, spec, config)) {
      const column = columns.indexOf(mapping.from);
      const isWanted = wanted.has(name);
      const place = { name, index, spec, mapping, column, isWanted, certificateKey: '' };
      const field = fieldOf(place);
      if (field !== null) return field;
    }
    const { reversal } = config;
    const read = [...columnsOf(mapping), reversal?.column, reversal?.refundOf];
    const places = read.map((each) => columns.indexOf(each ?? '')).filter((each) => each !== -1);
    return decodedBytes(index, places, decoders[index] ?? (() => {}));
  });
}

/** Kinds that take nothing from elsewhere where a member's source has no such column. */
const OFTEN_ABSENT: ReadonlySet<FieldSpec['kind']> = new Set(['enum', 'days', 'codes']);

type OneCell = ColumnMapping & { readonly from: string };

function isOfOneCell(mapping: FieldMapping): mapping is OneCell {
  if ('constant' in mapping || 'product' in mapping) return false;
  const { from, blank = [] }: ColumnMapping = mapping;
  return typeof from === 'string' && blank.length === 0;
}

/** What a reversal's mark decides. */
function isTurned(name: string, { kind }: FieldSpec, { reversal }: StreamConfig): boolean {
  return reversal !== undefined && (name === 'refundOf' || kind === 'money' || kind === 'quantity');
}

function fieldOf(input: ByteInput): ByteField | null {
  const { as, format = 'iso' } = input.mapping;
  switch (input.spec.kind) {
    case 'code':
    case 'name':
      return textBytes(input);
    case 'enum':
    case 'flag':
      return enumBytes(input);
    case 'date':
    case 'moment':
    case 'day-or-moment':
      return format === 'iso' ? dateBytes(input) : null;
    case 'certificate':
    case 'days':
    case 'codes':
      return null;
    default:
      return as?.endsWith('-from-double') === true ? null : numberBytes(input);
  }
}

/** Fields whose texts are looked at beside being written; lines are many, so of theirs only what keys and checks need. */
function wantedTexts(stream: Stream, { expect }: StreamConfig): ReadonlySet<string> {
  if (stream !== 'lines') return new Set(Object.keys(FIELDS[stream]));
  return new Set([...OF_LINES, ...expect.flatMap((each) => each.match(/\w+/g) ?? [])]);
}

const OF_LINES = [
  ...['claimNo', 'settledAt', 'lineNo', 'chargedAt'],
  ...['institutionItemCode', 'itemCode'],
] as const;
