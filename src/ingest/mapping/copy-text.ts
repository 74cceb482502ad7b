const NEEDS_ESCAPE = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** One row in COPY's text format, without the line end. */
export function copyLine(cells: readonly (string | null)[]): string {
  let line = '';
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index];
    if (index > 0) line += '\t';
    line += cell == null ? '\\N' : NEEDS_ESCAPE.test(cell) ? escaped(cell) : cell;
  }
  return line;
}

function escaped(cell: string): string {
  return cell.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
