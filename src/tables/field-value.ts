import { isIsoDate, isIsoDateTime } from '../kernel/dates.js';

/** What a field of an interface may hold. `moment`: a date or a date-time, as precise as is known. */
export const VALUE_TYPES = ['text', 'number', 'date', 'date-time', 'moment'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export interface FieldSize {
  readonly type: ValueType;
  /** Most characters of a text; most digits of a number, and how many of them after the point. Null: no bound is given. */
  readonly length: number | null;
  readonly decimals: number;
}

/** @returns what is wrong with a value that is there, or null */
export function formFault(size: FieldSize, value: string): string | null {
  return CHECKS[size.type](size, value);
}

const NO_TIME = '时间不存在或不是 yyyy-MM-dd HH:mm:ss';

const CHECKS: Readonly<Record<ValueType, (size: FieldSize, value: string) => string | null>> = {
  text: ({ length }, value) =>
    length !== null && [...value].length > length ? `超过 ${length} 个字符` : null,
  number: ({ length, decimals }, value) => {
    const match = /^(\d+)(?:\.(\d+))?$/.exec(value);
    if (match === null) return '不是非负数字';
    if ((match[2]?.length ?? 0) > decimals) return `小数多于 ${decimals} 位`;
    const whole = (match[1] ?? '').replace(/^0+(?=\d)/, '').length;
    return length !== null && whole > length - decimals ? `整数多于 ${length - decimals} 位` : null;
  },
  date: (_, value) => (isIsoDate(value) ? null : '日期不存在或不是 yyyy-MM-dd'),
  'date-time': (_, value) => (isDateTime(value) ? null : NO_TIME),
  moment: (_, value) => (isIsoDate(value) || isDateTime(value) ? null : NO_TIME),
};

function isDateTime(value: string): boolean {
  return value[10] === ' ' && isIsoDateTime(value.replace(' ', 'T'));
}
