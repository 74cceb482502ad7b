import { z } from 'zod';
import {
  CARE_TYPES,
  type Claim,
  INSTITUTION_LEVELS,
  type InstitutionLevel,
  POOLS,
} from '../../claims/claim.js';
import { defineTable } from '../local-table.js';
import { codes, yuanCell } from './cells.js';

/** The most the fund pays for visits of a kind. */
export interface VisitCap {
  readonly careType: Claim['careType'];
  readonly pool: Claim['pool'] | null;
  readonly level: InstitutionLevel | null;
  readonly scope: 'visit' | 'year';
  /** Millionths of a yuan. */
  readonly cap: number;
  readonly clause: string;
}

export const visitCap = defineTable<VisitCap>({
  name: 'visit-cap',
  title: '就诊支付限额',
  columns: {
    careType: '就诊类别，如 outpatient、chronic、two-disease',
    pool: 'employee 职工、resident 居民；空为不分',
    level: '机构级别 village、primary、secondary、tertiary；空为不分。年度限额不分级别',
    scope: 'visit 单次、year 自然年度',
    cap: '统筹基金支付限额，元',
    clause: '政策文件与条款',
  },
  schema: z
    .strictObject({
      careType: z.enum(CARE_TYPES),
      pool: z.enum(POOLS).optional(),
      level: z.enum(INSTITUTION_LEVELS).optional(),
      scope: z.enum(['visit', 'year']),
      cap: yuanCell,
      clause: z.string().min(2),
    })
    .refine(({ scope, level }) => scope === 'visit' || level === undefined, '年度限额不分级别')
    .transform(({ pool = null, level = null, ...row }) => ({ ...row, pool, level })),
  codesOf: (row) => [row.careType],
});

/** The most the fund pays for some items of a person. */
export interface ItemFundCap {
  readonly codes: readonly string[];
  readonly window: 'visit' | 'year';
  /** Millionths of a yuan. */
  readonly cap: number;
  readonly clause: string;
}

export const itemFundCap = defineTable<ItemFundCap>({
  name: 'item-fund-cap',
  title: '项目、耗材报销总额',
  columns: {
    codes: '国家编码，以空格分隔；几个编码合用一个限额',
    window: 'visit 同次就诊、year 自然年度',
    cap: '基金支付限额，元',
    clause: '政策文件与条款',
  },
  schema: z.strictObject({
    codes,
    window: z.enum(['visit', 'year']),
    cap: yuanCell,
    clause: z.string().min(2),
  }),
  codesOf: (row) => row.codes,
});
