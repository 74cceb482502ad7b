import { formFault } from '../tables/field-value.js';

/** The sections (节点) of a settlement list. The first stands once a list, the others as often as needed. */
export const LIST_SECTIONS = [
  'setlinfo', // 结算清单信息
  'opspdiseinfo', // 门诊慢特病诊断信息
  'diseinfo', // 住院诊断信息
  'oprninfo', // 手术操作信息
  'icuinfo', // 重症监护信息
  'bldinfo', // 输血信息
] as const;
export type ListSection = (typeof LIST_SECTIONS)[number];

export const FIELD_TYPES = ['text', 'number', 'date', 'date-time'] as const;

/** One line of a field table (`config/agency/lists/*.csv`). */
export interface ListField {
  readonly section: ListSection;
  /** Name on the wire. */
  readonly field: string;
  readonly label: string;
  readonly type: (typeof FIELD_TYPES)[number];
  /** Most characters of a text; most digits of a number, and how many of them after the point. Null: no bound is given. */
  readonly length: number | null;
  readonly decimals: number;
  readonly required: boolean;
  readonly codelist: string | null;
  /** Where the value comes from ({@link FROM}); null: the hospital supplements it. */
  readonly from: string | null;
}

export type CodeLists = ReadonlyMap<string, ReadonlySet<string>>;

/** One value that the agency would refuse. Carries no value: messages hold no personal data. */
export interface ListFault {
  readonly section: ListSection;
  /** From 1. */
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

/** @returns what is wrong with a value that is there, or null */
export function valueFault(field: ListField, value: string, codes: CodeLists): string | null {
  const wrong = formFault(field, value);
  if (wrong !== null) return wrong;
  if (field.codelist !== null && codes.get(field.codelist)?.has(value) !== true)
    return `不在代码表 ${field.codelist} 中`;
  return null;
}
