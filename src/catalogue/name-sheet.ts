import { BLANK_CELL, type SheetRow } from '../tables/spreadsheet.js';
import type { CodeKind } from './catalogue.repository.js';
import type { SheetProblem } from './crosswalk.js';
import type { LocalCode } from './suggest.js';

const TITLES = {
  code: ['本地编码', '编码', 'code', 'local'],
  name: ['本地名称', '名称', 'name'],
  price: ['单价', 'price'],
} as const;

/** Reads a member's own list of codes: code, name and perhaps unit price. Only names for suggestions come of it. */
export function parseNameSheet(
  [header, ...body]: readonly SheetRow[],
  kind: CodeKind,
): { readonly codes: readonly LocalCode[]; readonly problems: readonly SheetProblem[] } {
  const at = (titles: readonly string[]): number =>
    header?.cells.findIndex(({ text }) => titles.includes(text.toLowerCase())) ?? -1;
  const [code, name, price] = [at(TITLES.code), at(TITLES.name), at(TITLES.price)];
  if (code === -1 || name === -1) {
    return { codes: [], problems: [{ row: 1, message: '表头应含 编码、名称（可加 单价）' }] };
  }
  const parsed = body.map((row) => parseRow(row, kind, { code, name, price }));
  return {
    codes: parsed.flatMap((row) => (row !== null && 'code' in row ? [row] : [])),
    problems: parsed.flatMap((row) => (row === null || 'code' in row ? [] : [row])),
  };
}

function parseRow(
  { number, cells }: SheetRow,
  kind: CodeKind,
  at: Readonly<Record<'code' | 'name' | 'price', number>>,
): LocalCode | SheetProblem | null {
  const code = cells[at.code] ?? BLANK_CELL;
  const unitPrice = cells[at.price]?.text ?? '';
  if (code.kind === 'blank') return null;
  if (code.kind !== 'text') return { row: number, message: `编码 ${code.text} 不是文本单元格` };
  if (unitPrice !== '' && !PRICE.test(unitPrice)) {
    return { row: number, message: `单价 ${unitPrice} 不是数字` };
  }
  const name = cells[at.name]?.text ?? '';
  return { kind, code: code.text, name, unitPrice: unitPrice === '' ? null : unitPrice };
}

const PRICE = /^\d{1,9}(\.\d{1,6})?$/;
