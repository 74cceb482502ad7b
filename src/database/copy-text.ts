/** PostgreSQL's COPY text format: tab-separated, `\\N` for null, backslash escapes. */

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
};
const SPECIAL = /[\\\n\t\r]/g;
const WRITTEN: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
};

/** The cells of one row. */
export function copyCells(line: string): (string | null)[] {
  const cells: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return cells;
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index] ?? '';
    if (cell.includes('\\')) cells[index] = unescaped(cell);
  }
  return cells;
}

function unescaped(cell: string): string | null {
  if (cell === '\\N') return null;
  return cell.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

export type CopyValue = string | number | bigint | null;

/** One row, with its line end. */
export function copyRow(values: readonly CopyValue[]): string {
  const cells = values.map((value) =>
    value === null ? '\\N' : String(value).replace(SPECIAL, (found) => WRITTEN[found] ?? found),
  );
  return `${cells.join('\t')}\n`;
}
