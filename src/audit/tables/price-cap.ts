import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { defineTable } from '../local-table.js';
import { code, yuanCell } from './cells.js';

/** Highest price of an item (限定单价), by level where the levels differ. */
export interface PriceCap {
  readonly code: string;
  readonly level: InstitutionLevel | null;
  /** Millionths of a yuan. */
  readonly cap: number;
  readonly clause: string;
}

export const priceCap = defineTable<PriceCap>({
  name: 'price-cap',
  title: '医疗服务项目、耗材、药品最高单价',
  columns: {
    code: '国家编码',
    level: '机构级别 village、primary、secondary、tertiary；空为不分级别',
    cap: '最高单价，元',
    clause: '价格文件与条款',
  },
  schema: z
    .strictObject({
      code,
      level: z.enum(INSTITUTION_LEVELS).optional(),
      cap: yuanCell,
      clause: z.string().min(2),
    })
    .transform(({ level = null, ...row }) => ({ ...row, level })),
  codesOf: (row) => [row.code],
});
