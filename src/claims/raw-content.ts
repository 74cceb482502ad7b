/**
 * The rows of a slice as their source gave them, as text: the names of the columns on the first line, then on each line either one row
 * (an array of cells) or several (an array of rows), as JSON. Several at once are written and read faster; readers take both.
 */

export type RawCells = readonly (string | null)[];

/** Several rows as a line. */
export function rawRowsLine(rows: readonly RawCells[]): string {
  return JSON.stringify(rows);
}

export function rawContentText(columns: readonly string[], lines: readonly string[]): string {
  return `${[JSON.stringify(columns), ...lines].join('\n')}\n`;
}

/** The rows that a line holds. */
export function rowsOfLine(line: string): readonly RawCells[] {
  const parsed = JSON.parse(line) as RawCells | readonly RawCells[];
  return Array.isArray(parsed[0]) ? (parsed as readonly RawCells[]) : [parsed as RawCells];
}

export interface RawContent {
  readonly columns: readonly string[];
  readonly rows: readonly RawCells[];
}

export function parseRawContent(text: string): RawContent {
  const [header = '[]', ...lines] = text.split('\n');
  return {
    columns: JSON.parse(header) as string[],
    rows: lines.filter((line) => line !== '').flatMap(rowsOfLine),
  };
}
