/** How commands speak: rows on standard output for people or machines, remarks on standard error. */

export type Cell = string | number | boolean | bigint | null | undefined;

export interface Column<Row> {
  /** Chinese heading. */
  readonly title: string;
  readonly cell: (row: Row) => Cell;
  /** `right` for numbers and amounts. */
  readonly align?: 'left' | 'right';
}

/** One line of text. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** One line that is not part of the result: progress, hints. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One JSON object on one line; bigints become text. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each)));
}

/** Rows as a table, or with `json` one object a row. */
export function printRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  {
    json = false,
    empty = '（无）',
  }: { readonly json?: boolean | undefined; readonly empty?: string } = {},
): void {
  if (json) {
    for (const row of rows) printJson(row);
    return;
  }
  if (rows.length === 0) print(empty);
  else for (const line of tableLines(rows, columns)) print(line);
}

/** A table whose columns line up although a Chinese character is two cells wide. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): readonly string[] {
  const texts = rows.map((row) => columns.map(({ cell }) => String(cell(row) ?? '')));
  const widths = columns.map(({ title }, index) =>
    texts.reduce((most, cells) => Math.max(most, widthOf(cells[index] ?? '')), widthOf(title)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => padded(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    line(widths.map((width) => '-'.repeat(width))),
    ...texts.map(line),
  ];
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(width - widthOf(text));
  return align === 'left' ? text + space : space + text;
}

/** Cells a terminal gives to a text: two for East Asian wide characters, punctuation and full-width forms. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
