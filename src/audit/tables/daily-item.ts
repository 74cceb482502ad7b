import { z } from 'zod';
import { whole } from '../../config/values.js';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

/** Items of one group are charged once a day together. */
export const DAILY_GROUPS = ['bed', 'newborn-bed', 'nursing', 'consultation'] as const;
export type DailyGroup = (typeof DAILY_GROUPS)[number];

/** An item that is charged by the day of a stay (按日计费项目). */
export interface DailyItem {
  readonly code: string;
  readonly group: DailyGroup;
  /** Of levels of one service: the higher the number, the higher the level. */
  readonly rank: number;
  readonly clause: string;
}

export const dailyItem = defineTable<DailyItem>({
  name: 'daily-item',
  title: '按住院日计费的项目',
  columns: {
    code: '国家编码',
    group:
      '组：bed 床位、newborn-bed 新生儿床位、nursing 分级护理、consultation 住院诊查；同组项目一日合计一次',
    rank: '级别高低，数字大者级别高；没有级别之分的留空',
    clause: '依据',
  },
  schema: z
    .strictObject({
      code,
      group: z.enum(DAILY_GROUPS),
      rank: whole(1, 9).optional(),
      clause: z.string().min(2),
    })
    .transform(({ rank = 0, ...row }) => ({ ...row, rank })),
  codesOf: (row) => [row.code],
});
