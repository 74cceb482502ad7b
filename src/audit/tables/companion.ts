import { z } from 'zod';
import { parseDecimal } from '../../kernel/decimal.js';
import { defineTable, type LocalTable } from '../local-table.js';
import { code, codes } from './cells.js';

/** An item that is charged only beside another. */
export interface Companion {
  readonly code: string;
  /** One of these is needed; a code that ends in * stands for all that begin so. */
  readonly required: readonly string[];
  readonly window: 'day' | 'visit';
  /** Units of the item for one unit of what it needs; null = any number. Up to 4 places. */
  readonly maxRatio: number | null;
  readonly clause: string;
}

const ratio = z
  .string()
  .refine((text) => {
    const value = parseDecimal(text);
    return value?.gt(0) === true && value.times(10_000).isInteger();
  }, '应为大于 0 的数，最多 4 位小数')
  .transform(Number);

function companionTable(name: string, title: string): LocalTable<Companion> {
  return defineTable<Companion>({
    name,
    title,
    columns: {
      code: '国家编码',
      required: '须同时收取的项目之一，国家编码以空格分隔；以 * 结尾表示以此开头的全部编码',
      window: 'day 同一日、visit 同次就诊',
      maxRatio: '每一单位所需项目最多可收的数量；留空为不限',
      clause: '依据',
    },
    schema: z
      .strictObject({
        code,
        required: codes,
        window: z.enum(['day', 'visit']),
        maxRatio: ratio.optional(),
        clause: z.string().min(2),
      })
      .transform(({ maxRatio = null, ...row }) => ({ ...row, maxRatio })),
    codesOf: (row) => [row.code],
  });
}

export const addOn = companionTable('add-on', '加收项目与其主项');
export const companion = companionTable('companion', '须与其他项目同时发生的项目、药品、耗材');
