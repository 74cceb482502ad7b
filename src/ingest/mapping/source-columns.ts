import { AMOUNT_FIELDS, FIELDS, NATURAL_KEYS, type Stream } from '../fields.js';
import type { FieldMapping, StreamConfig } from '../institution-config.js';

/** Which raw columns a stream needs, in the order in which its rows are asked for. */
export function sourceColumns(stream: Stream, config: StreamConfig): readonly string[] {
  const mapped = Object.keys(FIELDS[stream]).flatMap((name) => {
    const mapping = mappingOf(config, name);
    return mapping === undefined ? [] : columnsOf(mapping);
  });
  const { reversal } = config;
  const marks = reversal === undefined ? [] : [reversal.column, reversal.refundOf];
  const all = [...mapped, ...marks, amountColumn(stream, config)];
  return [...new Set(all.filter((column): column is string => column !== undefined))];
}

/** Columns without which no row could land: behind a required field, or a natural key. */
export function requiredColumns(stream: Stream, config: StreamConfig): readonly string[] {
  const needed = Object.entries(FIELDS[stream]).filter(
    ([name, spec]) => spec.required === true || NATURAL_KEYS[stream].includes(name),
  );
  return [
    ...new Set(
      needed.flatMap(([name]) => {
        const mapping = mappingOf(config, name);
        return mapping === undefined ? [] : columnsOf(mapping);
      }),
    ),
  ];
}

export function mappingOf(config: StreamConfig, name: string): FieldMapping | undefined {
  return (config.map as Readonly<Record<string, FieldMapping | undefined>>)[name];
}

export function columnsOf(mapping: FieldMapping): readonly string[] {
  if ('constant' in mapping) return [];
  if ('product' in mapping) return mapping.product;
  return typeof mapping.from === 'string' ? [mapping.from] : mapping.from;
}

/** The raw column whose sum the source is asked for; undefined for streams that are only counted. */
export function amountColumn(stream: Stream, config: StreamConfig): string | undefined {
  const field = AMOUNT_FIELDS[stream];
  if (field === undefined) return undefined;
  const mapping = mappingOf(config, field);
  return config.amount ?? (mapping === undefined ? undefined : columnsOf(mapping)[0]);
}

/** Whether that column holds doubles, which the source itself would round before adding. */
export function readsDouble(stream: Stream, config: StreamConfig): boolean {
  const mapping = mappingOf(config, AMOUNT_FIELDS[stream] ?? '');
  return mapping !== undefined && 'as' in mapping && mapping.as === 'yuan-from-double';
}
