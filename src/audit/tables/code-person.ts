import { z } from 'zod';
import { whole } from '../../config/values.js';
import { defineTable } from '../local-table.js';
import { codes } from './cells.js';

export const CODE_KINDS = ['diagnosis', 'procedure'] as const;

/** Codes that only persons of one sex, or of some age, can have. Ages are completed and inclusive. */
export interface CodePerson {
  readonly kind: (typeof CODE_KINDS)[number];
  /** Beginnings of codes, or blocks like `N70-N77`. */
  readonly codes: readonly string[];
  readonly sex: 'male' | 'female' | null;
  readonly minYears: number | null;
  readonly maxYears: number | null;
  readonly maxDays: number | null;
  readonly reason: string;
}

const range = codes.refine(
  (given) => given.every((each) => blocksOf(each) !== null),
  '写编码的开头，或 N70-N77 这样首字母相同的范围',
);
const days = whole(0, 50_000).optional();
const years = whole(0, 150).optional();

export const codePerson = defineTable<CodePerson>({
  name: 'code-person',
  title: '限性别、年龄的诊断与手术操作编码',
  columns: {
    kind: 'diagnosis 诊断、procedure 手术操作',
    codes: '编码的开头或范围（N70-N77），空格分隔',
    sex: 'male 男、female 女；空为不限',
    minYears: '最小周岁，含；空为不限',
    maxYears: '最大周岁，含；空为不限',
    maxDays: '最大天龄，含；按周岁写的不再写',
    reason: '为什么只能是这些人',
  },
  schema: z
    .strictObject({
      kind: z.enum(CODE_KINDS),
      codes: range,
      sex: z.enum(['male', 'female']).optional(),
      minYears: years,
      maxYears: years,
      maxDays: days,
      reason: z.string().min(2),
    })
    .refine(
      ({ sex, minYears, maxYears, maxDays }) =>
        [sex, minYears, maxYears, maxDays].some((each) => each !== undefined),
      '性别与年龄至少写一项',
    )
    .transform(({ kind, codes: own, reason, ...limits }) => ({
      ...{ kind, codes: own, reason },
      sex: limits.sex ?? null,
      minYears: limits.minYears ?? null,
      maxYears: limits.maxYears ?? null,
      maxDays: limits.maxDays ?? null,
    })),
  codesOf: ({ kind, codes: own }) =>
    own.flatMap((each) => blocksOf(each) ?? []).map((block) => `${kind} ${block}`),
});

/** Characters by which a code is looked up: three of a diagnosis, two of a procedure. */
export const BLOCK_CHARS = { diagnosis: 3, procedure: 2 } as const;

/** The blocks a beginning or a range covers; null: it cannot be read. */
function blocksOf(text: string): string[] | null {
  const [first = '', last, ...more] = text.split('-');
  if (more.length > 0) return null;
  if (last === undefined)
    return /^[A-Z]?\d{2}/.test(first) ? [first.slice(0, /^\d/.test(first) ? 2 : 3)] : null;
  const [from, to] = [numberOf(first), numberOf(last)];
  if (from === null || to === null || from.letter !== to.letter || from.value > to.value)
    return null;
  return Array.from(
    { length: to.value - from.value + 1 },
    (_, index) => `${from.letter}${String(from.value + index).padStart(2, '0')}`,
  );
}

function numberOf(block: string): { letter: string; value: number } | null {
  const found = /^([A-Z]?)(\d{2})$/.exec(block);
  return found === null ? null : { letter: found[1] ?? '', value: Number(found[2]) };
}

/** Whether a code is one of those a row names. */
export function isNamed(code: string, named: readonly string[]): boolean {
  return named.some((each) => {
    const [first = '', last] = each.split('-');
    if (last === undefined) return code.startsWith(first);
    const block = code.slice(0, first.length);
    return block >= first && block <= last;
  });
}
