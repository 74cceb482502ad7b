import { unzipSync, zipSync } from 'fflate';
import { UnreadableFileError } from './errors.js';

/** The files of 9101 and 9102: UTF-8, TAB between columns, a line a row, no heading, null as the word `null`, zipped. */

export type TextRow = readonly (string | null)[];

const TAB_OR_BREAK = /[\t\r\n]/g;
/** Time stamp inside the archive: fixed, so that the same rows give the same bytes. */
const ARCHIVE_TIME = new Date(2000, 0, 1);

export function writeRows(rows: Iterable<TextRow>): string {
  let text = '';
  for (const row of rows) {
    text += `${row.map((cell) => cell?.replace(TAB_OR_BREAK, ' ') ?? 'null').join('\t')}\n`;
  }
  return text;
}

/** @throws UnreadableFileError when a line has fewer columns than asked for; surplus columns are ignored */
export function readRows(text: string, columns: number): TextRow[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.map((line, index) => {
    const cells = line.split('\t');
    if (cells.length < columns) {
      throw new UnreadableFileError(`对账结果文件第 ${index + 1} 行只有 ${cells.length} 列`, {
        line: index + 1,
      });
    }
    return cells.slice(0, columns).map((cell) => (cell === '' || cell === 'null' ? null : cell));
  });
}

export function zipText(name: string, text: string): Uint8Array {
  return zipSync({ [name]: new TextEncoder().encode(text) }, { mtime: ARCHIVE_TIME });
}

/** The text of an archive that holds exactly one file. @throws UnreadableFileError, also when it would unpack above the limit */
export function unzipText(archive: Uint8Array, mostBytes: number): string {
  try {
    const files = Object.values(
      unzipSync(archive, {
        filter: ({ originalSize }) => {
          if (originalSize > mostBytes) throw new RangeError('archive too large');
          return true;
        },
      }),
    );
    const [file] = files;
    if (file === undefined || files.length > 1) throw new RangeError('one file expected');
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch (cause) {
    throw new UnreadableFileError('对账结果文件不是可用的 ZIP 文本', {}, { cause });
  }
}
