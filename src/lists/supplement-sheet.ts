import type { SheetRow } from '../tables/spreadsheet.js';
import { type CodeLists, type ListField, type ListSection, valueFault } from './field-table.js';
import type { ListRow } from './settlement-list.js';

/** The column that says whose row it is; every other column is a field of the section. */
export const CLAIM_COLUMN = 'setl_id';

export interface SupplementRow {
  readonly claimNo: string;
  /** Within the claim, from 1. */
  readonly rowNo: number;
  readonly fields: ListRow;
}

export interface SheetFault {
  /** Line of the file. */
  readonly line: number;
  readonly message: string;
}

/**
 * Rows of a supplement file for one section. All rows are judged, so that one reading shows every fault; nothing may be imported
 * while there is one.
 */
export function readSupplement(
  [header, ...rows]: readonly SheetRow[],
  of: {
    readonly section: ListSection;
    readonly table: readonly ListField[];
    readonly codes: CodeLists;
  },
): { readonly rows: readonly SupplementRow[]; readonly faults: readonly SheetFault[] } {
  const titles = header?.cells.map(({ text }) => text) ?? [];
  const fields = new Map(
    of.table.filter(({ section }) => section === of.section).map((field) => [field.field, field]),
  );
  const faults = headerFaults(titles, fields);
  if (faults.length > 0) return { rows: [], faults };
  const found: SupplementRow[] = [];
  const counts = new Map<string, number>();
  for (const { number, cells } of rows) {
    const values = titles.map((title, index) => [title, cells[index]?.text ?? ''] as const);
    const claimNo = values.find(([title]) => title === CLAIM_COLUMN)?.[1] ?? '';
    const given = values.filter(([title, value]) => title !== CLAIM_COLUMN && value !== '');
    const rowNo = (counts.get(claimNo) ?? 0) + 1;
    counts.set(claimNo, rowNo);
    const wrong = given.flatMap(([title, value]) => cellFault(fields.get(title), value, of.codes));
    if (claimNo === '') wrong.push(`${CLAIM_COLUMN} 为空`);
    if (of.section === 'setlinfo' && rowNo === 2) wrong.push('同一结算出现两次');
    faults.push(...wrong.map((message) => ({ line: number, message })));
    found.push({ claimNo, rowNo, fields: Object.fromEntries(given) });
  }
  return { rows: found, faults };
}

function cellFault(field: ListField | undefined, value: string, codes: CodeLists): string[] {
  const wrong = field === undefined ? null : valueFault(field, value, codes);
  return wrong === null ? [] : [`${field?.label ?? ''}${wrong}`];
}

function headerFaults(
  titles: readonly string[],
  fields: ReadonlyMap<string, ListField>,
): SheetFault[] {
  const faults: string[] = [];
  if (!titles.includes(CLAIM_COLUMN)) faults.push(`表头缺少 ${CLAIM_COLUMN}（结算ID）`);
  for (const [index, title] of titles.entries()) {
    if (title !== CLAIM_COLUMN && !fields.has(title)) faults.push(`本节点没有字段 ${title}`);
    if (titles.indexOf(title) !== index) faults.push(`列 ${title} 重复`);
  }
  return faults.map((message) => ({ line: 1, message }));
}
