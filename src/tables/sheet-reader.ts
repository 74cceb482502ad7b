import { parse } from 'csv-parse/sync';
import { BLANK_CELL, type SheetCell, type SheetRow, unguarded } from './spreadsheet.js';

/** Rows of a CSV file. All cells are text, with the apostrophe of `guarded` taken away. */
export function csvRows(bytes: Uint8Array): readonly SheetRow[] {
  const records = parse(decoded(bytes), {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
  }) as unknown as readonly { record: string[]; info: { lines: number } }[];
  return records.map(({ record, info }) => ({ number: info.lines, cells: record.map(textCell) }));
}

function textCell(text: string): SheetCell {
  const plain = unguarded(text).trim();
  return plain === '' ? BLANK_CELL : { kind: 'text', text: plain };
}

/** Excel on a Chinese Windows saves CSV as GBK: strict UTF-8 first, then that. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}
