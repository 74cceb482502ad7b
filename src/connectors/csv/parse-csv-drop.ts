import { parse } from 'csv-parse/sync';
import type { RawRow, UnreadableRow } from '../connector.js';
import { SourceRejectedError, UnfinishedFileError } from '../errors.js';
import { printableBytes } from '../files/decode-text.js';
import type { DropStream } from '../files/drop-options.js';
import type { ParsedDrop } from '../files/drop-session.client.js';

const TRAILER = '#TOTAL';
const NEW_LINE = 10;
const RECORD_CHARACTERS = 1 << 20;

export interface CsvInput {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stream: DropStream & { readonly distinct?: readonly string[] | undefined };
  readonly delimiter: string;
  readonly folder: { decode(bytes: Uint8Array): string | null };
}

/**
 * Header, rows, trailer. Without the trailer the file is still being written. A line whose bytes are not text, or whose cells do
 * not fit the header, is unreadable by itself; the others stand.
 *
 * @throws UnfinishedFileError, SourceRejectedError naming the missing column
 */
export function parseCsvDrop(input: CsvInput): ParsedDrop {
  const { name, stream } = input;
  const { text, broken } = decodedLines(input);
  const records = recordsOf(text, input);
  const [header, ...rest] = records;
  const trailer = rest.at(-1);
  if (header === undefined || trailer?.[0] !== TRAILER) {
    throw new UnfinishedFileError(`文件 ${name} 没有结尾的 ${TRAILER} 行，尚未写完`);
  }
  const positions = stream.columns.map((column) => header.indexOf(column));
  const missing = stream.columns.filter((_, index) => positions[index] === -1);
  if (missing.length > 0) {
    throw new SourceRejectedError(
      `文件 ${name} 缺少列 ${missing.join('、')}`,
      '请来源单位补上该列后重新投放，或修改机构配置的 map。',
    );
  }
  const unreadable: UnreadableRow[] = [...broken];
  const rows: RawRow[] = [];
  rest.slice(0, -1).forEach((cells, index) => {
    if (cells.length === header.length) {
      rows.push(positions.map((position) => cells[position] ?? ''));
    } else {
      const reason = `应有 ${header.length} 格，实有 ${cells.length} 格`;
      unreadable.push({ position: index + 2, reason, raw: cells.join(input.delimiter) });
    }
  });
  const control = new Map(trailer.map((cell, index) => [String(index), cell]));
  return { rows: distinctRows(rows, stream), unreadable, control };
}

function recordsOf(text: string, { name, delimiter }: CsvInput): string[][] {
  try {
    return parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_CHARACTERS,
    }) as string[][];
  } catch (cause) {
    const { code = '' } = cause as { readonly code?: string };
    if (code === 'CSV_QUOTE_NOT_CLOSED') {
      throw new UnfinishedFileError(`文件 ${name} 的引号没有闭合，尚未写完`, {}, { cause });
    }
    throw new SourceRejectedError(
      `文件 ${name} 不是合格的 CSV（${code}）`,
      '请来源单位核对分隔符与引号后重新投放。',
      { cause },
    );
  }
}

/** The whole file as text; where its bytes are no text, line by line, leaving the bad lines out. */
function decodedLines(input: CsvInput): { text: string; broken: readonly UnreadableRow[] } {
  const whole = input.folder.decode(input.bytes);
  if (whole !== null) return { text: whole, broken: [] };
  const broken: UnreadableRow[] = [];
  const lines: string[] = [];
  let position = 1;
  for (let start = 0; start < input.bytes.length; position += 1) {
    const end = input.bytes.indexOf(NEW_LINE, start);
    const line = input.bytes.subarray(start, end === -1 ? input.bytes.length : end);
    const text = input.folder.decode(line);
    if (text === null) {
      broken.push({ position, reason: '字节不是约定编码的文字', raw: printableBytes(line) });
    } else lines.push(text);
    start = end === -1 ? input.bytes.length : end + 1;
  }
  return { text: lines.join('\n'), broken };
}

/** A flat file repeats the claim on each of its lines: the first row of each key speaks for it. */
function distinctRows(
  rows: readonly RawRow[],
  { columns, distinct }: CsvInput['stream'],
): readonly RawRow[] {
  if (distinct === undefined) return rows;
  const positions = distinct.map((column) => columns.indexOf(column));
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = positions.map((position) => row[position]).join('\u001f');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
