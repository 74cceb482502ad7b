import { splitLine } from '../../knowledge/csv.js';
import type { DrgCase } from './group-drg.js';

/**
 * `cases.csv`, the input of `heyi group drg`: one inpatient case a line, described in docs/formats/cases.md.
 * Every line stands alone, so a broken line cannot swallow its neighbours.
 */

export const REQUIRED_COLUMNS = ['case_no', 'gender', 'age', 'dx_list'] as const;
export const OPTIONAL_COLUMNS = ['age_days', 'birth_weight_g', 'op_list'] as const;
type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** A longer line is not a case. */
const MAX_LINE_CHARS = 20_000;
const MAX_CODES = 200;
const MAX_CODE_CHARS = 64;
const MAX_AGE_YEARS = 150;
const MAX_AGE_DAYS = 366;
const MAX_BIRTH_WEIGHT_GRAMS = 20_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const WHOLE_NUMBER = /^\d{1,6}$/;

/** Where each known column stands in this file, and how many cells a row has. */
export interface CaseHeader {
  readonly width: number;
  readonly at: Readonly<Partial<Record<Column, number>>>;
}

export interface NumberedCase {
  readonly caseNo: string;
  readonly drgCase: DrgCase;
}

/** What is wrong, in words that say what to change; never a value that could name a person. */
export interface Problem {
  readonly problem: string;
}

export function readCaseHeader(line: string): CaseHeader | Problem {
  if (CONTROL.test(line.trimEnd()))
    return { problem: '表头含有控制字符；行尾须为 LF 或 CRLF，内容须为文本' };
  const names = splitLine(line.replace(/^\uFEFF/, ''))?.map((name) => name.trim());
  if (names === undefined) return { problem: '表头的引号没有配对' };
  const missing = REQUIRED_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    return {
      problem: `表头缺少列 ${missing.join('、')}（missing columns），见 docs/formats/cases.md`,
    };
  }
  const repeated = names.filter((name, index) => name !== '' && names.indexOf(name) !== index);
  if (repeated.length > 0) return { problem: `表头的列重复：${repeated.join('、')}` };
  const at: Partial<Record<Column, number>> = {};
  for (const column of [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS]) {
    const index = names.indexOf(column);
    if (index >= 0) at[column] = index;
  }
  return { width: names.length, at };
}

export function readCaseLine(line: string, header: CaseHeader): NumberedCase | Problem {
  if (line.length > MAX_LINE_CHARS) return { problem: `一行超过 ${MAX_LINE_CHARS} 个字符` };
  if (CONTROL.test(line)) return { problem: '含有控制字符，文件可能损坏或不是 CSV' };
  const cells = splitLine(line);
  if (cells === null) return { problem: '引号没有配对' };
  if (cells.length !== header.width) {
    return { problem: `应有 ${header.width} 列，实有 ${cells.length} 列` };
  }
  return readCells((column) => {
    const index = header.at[column];
    return index === undefined ? '' : (cells[index] ?? '').trim();
  });
}

function readCells(cell: (column: Column) => string): NumberedCase | Problem {
  const caseNo = cell('case_no');
  if (caseNo === '' || caseNo.length > MAX_CODE_CHARS) {
    return { problem: `case_no 应为 1–${MAX_CODE_CHARS} 个字符` };
  }
  const sex = SEX_OF_CODE.get(cell('gender'));
  if (sex === undefined) return { problem: 'gender 应为 1（男）或 2（女）' };
  const age = readAge(cell);
  if ('problem' in age) return age;
  const weight = wholeNumber(cell('birth_weight_g'), MAX_BIRTH_WEIGHT_GRAMS);
  if (weight === undefined) {
    return { problem: `birth_weight_g 应为 0–${MAX_BIRTH_WEIGHT_GRAMS} 的整数克数，未知留空` };
  }
  const diagnoses = readCodes('dx_list', cell('dx_list'));
  if ('problem' in diagnoses) return diagnoses;
  const operations = readCodes('op_list', cell('op_list'));
  if ('problem' in operations) return operations;
  return {
    caseNo,
    drgCase: {
      sex,
      ...age,
      birthWeightGrams: weight,
      diagnoses: diagnoses.codes,
      operations: operations.codes,
    },
  };
}

const SEX_OF_CODE: ReadonlyMap<string, DrgCase['sex']> = new Map([
  ['1', 'male'],
  ['2', 'female'],
]);

function readAge(
  cell: (column: Column) => string,
): Pick<DrgCase, 'ageYears' | 'ageDays'> | Problem {
  const ageYears = wholeNumber(cell('age'), MAX_AGE_YEARS);
  if (ageYears === undefined || ageYears === null) {
    return { problem: `age 应为 0–${MAX_AGE_YEARS} 的整数周岁` };
  }
  // Past the first year the days are not read: some systems write 0, others the total days of life.
  if (ageYears > 0) return { ageYears, ageDays: null };
  const ageDays = wholeNumber(cell('age_days'), MAX_AGE_DAYS);
  if (ageDays === undefined || ageDays === null) {
    return { problem: `age 为 0 时 age_days 应为 0–${MAX_AGE_DAYS} 的整数天数` };
  }
  return { ageYears, ageDays };
}

/** null when the cell is empty, undefined when it is not a whole number in range. */
function wholeNumber(text: string, max: number): number | null | undefined {
  if (text === '') return null;
  if (!WHOLE_NUMBER.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** Codes are taken as they stand: official lists hold `A01.001+K77.0*` and `86.700x0014`, so no pattern is imposed. */
function readCodes(column: Column, text: string): { readonly codes: readonly string[] } | Problem {
  if (text === '') return { codes: [] };
  const codes = text.split('|').map((code) => code.trim());
  if (codes.length > MAX_CODES) return { problem: `${column} 超过 ${MAX_CODES} 个编码` };
  if (codes.some((code) => code === '' || code.length > MAX_CODE_CHARS)) {
    return {
      problem: `${column} 中有空编码或超过 ${MAX_CODE_CHARS} 个字符的编码，编码之间用 | 分隔`,
    };
  }
  return { codes };
}
