import { FIELDS, type Stream } from '../ingest/fields.js';
import type { StreamConfig } from '../ingest/institution-config.js';
import { columnsOf, mappingOf, sourceColumns } from '../ingest/mapping/source-columns.js';

/** Source column → the text that the source should have given; null = nothing. */
export type CorrectedCells = Readonly<Record<string, string | null>>;

export interface NamedRow {
  readonly columns: readonly string[];
  readonly cells: readonly (string | null)[];
}

/** Why a name cannot be corrected, in Chinese. */
export interface NameProblem {
  readonly name: string;
  readonly message: string;
}

/**
 * Turns what a person wrote into corrections of source columns. A name is a source column, or a canonical field that stands on exactly
 * one. The text is what the source would have written: it goes through the very mapping that refused the row.
 */
export function correctedColumns(
  stream: Stream,
  config: StreamConfig,
  given: CorrectedCells,
): { readonly cells: CorrectedCells; readonly problems: readonly NameProblem[] } {
  const cells: Record<string, string | null> = {};
  const problems: NameProblem[] = [];
  for (const [name, text] of Object.entries(given)) {
    const column = columnNamed(stream, config, name);
    if ('message' in column) problems.push({ name, message: column.message });
    else if (column.column in cells)
      problems.push({ name, message: `列 ${column.column} 给出了两次` });
    else cells[column.column] = text;
  }
  return { cells, problems };
}

function columnNamed(
  stream: Stream,
  config: StreamConfig,
  name: string,
): { readonly column: string } | { readonly message: string } {
  if (sourceColumns(stream, config).includes(name)) return { column: name };
  if (FIELDS[stream][name] === undefined) return { message: '不是该数据流的字段，也不是来源列' };
  const mapping = mappingOf(config, name);
  if (mapping === undefined) return { message: '该机构的映射没有这个字段' };
  const [column, ...others] = columnsOf(mapping);
  if (column === undefined) return { message: '该字段取固定值，请修改机构配置' };
  if (others.length === 0) return { column };
  return { message: `该字段由多列合成，请写来源列名：${[column, ...others].join('、')}` };
}

/**
 * The raw row with its corrections, in the order of the columns that today's mapping reads. A row that could not be read as a row has no
 * cells of its own: what is not corrected stays blank.
 */
export function correctedRow(
  { columns, cells }: NamedRow,
  wanted: readonly string[],
  corrections: CorrectedCells,
): (string | null)[] {
  const readable = cells.length === columns.length;
  return wanted.map((column) => {
    const corrected = corrections[column];
    if (corrected !== undefined) return corrected;
    const at = readable ? columns.indexOf(column) : -1;
    return at === -1 ? null : (cells[at] ?? null);
  });
}

/** The canonical fields of a line that was made for COPY; null = not supplied. */
export function canonicalFields(stream: Stream, copyText: string): Record<string, string | null> {
  const texts = copyText.replace(/\n$/, '').split('\t');
  const names = Object.keys(FIELDS[stream]);
  return Object.fromEntries(
    names.map((name, index) => {
      const text = texts[index] ?? '\\N';
      return [name, text === '\\N' ? null : text.replaceAll('\\\\', '\\')];
    }),
  );
}
