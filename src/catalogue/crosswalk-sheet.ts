import { isIsoDate } from '../kernel/dates.js';
import { BLANK_CELL, type SheetCell, type SheetRow } from '../tables/spreadsheet.js';
import type { CodeKind } from './catalogue.repository.js';
import type { SheetProblem, WantedPeriod } from './crosswalk.js';

/** The sheet that people fill in. Only these columns are read; names, money and suggestions beside them are for the eye. */
export const SHEET_TITLES = {
  kind: '类别',
  local: '本地编码',
  national: '国家编码',
  validFrom: '起始日',
  validTo: '终止日',
} as const;
type Column = keyof typeof SHEET_TITLES;

const ALIASES: Readonly<Record<Column, readonly string[]>> = {
  kind: [SHEET_TITLES.kind, 'kind'],
  local: [SHEET_TITLES.local, 'local'],
  national: [SHEET_TITLES.national, 'national'],
  validFrom: [SHEET_TITLES.validFrom, 'valid_from'],
  validTo: [SHEET_TITLES.validTo, 'valid_to'],
};

export const KIND_NAMES: Readonly<Record<CodeKind, string>> = {
  item: '项目',
  diagnosis: '诊断',
  procedure: '手术操作',
};

export interface ParsedSheet {
  readonly wanted: readonly WantedPeriod[];
  /** Rows without a national code: not translated yet. */
  readonly blank: number;
  readonly problems: readonly SheetProblem[];
}

/**
 * Reads a filled-in sheet. A code must be a text cell: a number has lost its leading zeros, or its end, before anybody saw it.
 *
 * @param knows  whether a national code exists
 */
export function parseCrosswalkSheet(
  [header, ...body]: readonly SheetRow[],
  knows: (kind: CodeKind, code: string) => boolean,
): ParsedSheet {
  const columns = header === undefined ? null : columnsOf(header);
  if (columns === null) {
    const titles = Object.values(SHEET_TITLES).join('、');
    return {
      wanted: [],
      blank: 0,
      problems: [{ row: 1, message: `第一行应为表头，含：${titles}` }],
    };
  }
  const parsed = body.map((row) => parseRow(row.number, cellsOf(row, columns), knows));
  return {
    wanted: parsed.flatMap((row) => (row !== null && 'localCode' in row ? [row] : [])),
    blank: parsed.filter((row) => row === null).length,
    problems: parsed.flatMap((row) => (row === null || 'localCode' in row ? [] : row)),
  };
}

/** Null: the row says nothing yet. */
function parseRow(
  number: number,
  cells: Cells,
  knows: (kind: CodeKind, code: string) => boolean,
): WantedPeriod | readonly SheetProblem[] | null {
  if (cells.national.kind === 'blank') return null;
  const faults = cells.local.kind === 'blank' ? ['本地编码为空'] : faultsOf(cells);
  const period = periodOf(cells, number);
  if (faults.length === 0 && !knows(period.kind, period.nationalCode)) {
    faults.push(unknownCode(period, knows));
  }
  return faults.length === 0 ? period : faults.map((message) => ({ row: number, message }));
}

type Cells = Readonly<Record<Column, SheetCell>>;

function columnsOf({ cells }: SheetRow): Readonly<Record<Column, number>> | null {
  const titles = cells.map(({ text }) => text.toLowerCase());
  const at = (column: Column): number =>
    titles.findIndex((title) => ALIASES[column].includes(title));
  const columns = {
    kind: at('kind'),
    local: at('local'),
    national: at('national'),
    validFrom: at('validFrom'),
    validTo: at('validTo'),
  };
  return Object.values(columns).includes(-1) ? null : columns;
}

function cellsOf({ cells }: SheetRow, columns: Readonly<Record<Column, number>>): Cells {
  const at = (column: Column): SheetCell => cells[columns[column]] ?? BLANK_CELL;
  return {
    kind: at('kind'),
    local: at('local'),
    national: at('national'),
    validFrom: at('validFrom'),
    validTo: at('validTo'),
  };
}

function faultsOf(cells: Cells): string[] {
  const faults: string[] = [];
  if (kindOf(cells.kind.text) === null) {
    faults.push(`类别应为 ${Object.values(KIND_NAMES).join('、')}`);
  }
  faults.push(...codeFaults('本地编码', cells.local), ...codeFaults('国家编码', cells.national));
  if (!isDay(cells.validFrom)) faults.push('起始日应为日期（YYYY-MM-DD）');
  if (cells.validTo.kind !== 'blank') {
    if (!isDay(cells.validTo)) faults.push('终止日应为日期（YYYY-MM-DD）或留空');
    else if (cells.validTo.text <= cells.validFrom.text) faults.push('终止日应晚于起始日');
  }
  return faults;
}

/** What Excel writes into a CSV for a long number; the digits it cut off are gone. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+\d+$/i;
const LONGEST_CODE = 64;

function codeFaults(title: string, { kind, text }: SheetCell): string[] {
  if (kind === 'number')
    return [`${title} ${text} 是数字单元格，前导零或末位可能已丢失：请设为文本格式后重新填写`];
  if (kind === 'date') return [`${title}被表格软件改成了日期 ${text}：请设为文本格式后重新填写`];
  if (kind === 'formula') return [`${title}是公式：请粘贴为值`];
  if (kind !== 'text') return [`${title}不是文本`];
  if (SCIENTIFIC.test(text))
    return [`${title} ${text} 是科学计数法，原编码已丢失：请以文本格式重新填写`];
  if (text.length > LONGEST_CODE) return [`${title}超过 ${LONGEST_CODE} 个字符`];
  return /\p{Cc}/u.test(text) ? [`${title}含有控制字符`] : [];
}

function isDay({ kind, text }: SheetCell): boolean {
  return (kind === 'text' || kind === 'date') && isIsoDate(text);
}

function kindOf(text: string): CodeKind | null {
  const kinds = Object.keys(KIND_NAMES) as CodeKind[];
  return kinds.find((kind) => kind === text.toLowerCase() || KIND_NAMES[kind] === text) ?? null;
}

function periodOf(
  { kind, local, national, validFrom, validTo }: Cells,
  sheetRow: number,
): WantedPeriod {
  return {
    kind: kindOf(kind.text) ?? 'item',
    localCode: local.text,
    nationalCode: national.text,
    validFrom: validFrom.text,
    validTo: validTo.kind === 'blank' ? null : validTo.text,
    sheetRow,
  };
}

/** National item codes have 15 digits and begin with zeros that spreadsheets eat. */
const ITEM_CODE_DIGITS = 15;

function unknownCode(
  { kind, nationalCode }: WantedPeriod,
  knows: (kind: CodeKind, code: string) => boolean,
): string {
  const padded = nationalCode.padStart(ITEM_CODE_DIGITS, '0');
  const hint =
    padded !== nationalCode && knows(kind, padded) ? `；是否丢了前导零（${padded}）？` : '';
  return `国家${KIND_NAMES[kind]}编码 ${nationalCode} 不存在${hint}`;
}
