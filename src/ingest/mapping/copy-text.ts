/**
 * One row in COPY's text format, without the line end. Cells hold no control characters; where one may hold a backslash, the caller
 * says so.
 */
export function copyLine(cells: readonly (string | null)[], mayHoldBackslash: boolean): string {
  let line = cellText(cells[0], mayHoldBackslash);
  for (let index = 1; index < cells.length; index += 1) {
    line += `\t${cellText(cells[index], mayHoldBackslash)}`;
  }
  return line;
}

export function cellText(cell: string | null | undefined, mayHoldBackslash: boolean): string {
  if (cell == null) return '\\N';
  return mayHoldBackslash ? cell.replaceAll('\\', '\\\\') : cell;
}
