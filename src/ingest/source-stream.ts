import type { Stream } from './fields.js';
import type { StreamConfig } from './institution-config.js';
import { amountColumn, requiredColumns, sourceColumns } from './mapping/source-columns.js';

/** A stream's settings as its connector sees them: where to read, and which columns; not what they mean. */
export function sourceStream(stream: Stream, config: StreamConfig): object {
  const { query, cursor, cursorFormat, key, charsets, record, distinct, files, control } = config;
  return withoutUndefined({
    query,
    cursor,
    cursorFormat,
    key,
    charsets,
    record,
    distinct,
    files,
    control,
    amount: amountColumn(stream, config),
    columns: sourceColumns(stream, config),
    required: requiredColumns(stream, config),
  });
}

function withoutUndefined(given: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
