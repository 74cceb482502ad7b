import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { defineTable } from '../local-table.js';
import { code, codes } from './cells.js';

/** Most units of an item that one charge may hold. */
export interface SessionLimit {
  readonly code: string;
  readonly max: number;
  readonly clause: string;
}

export const sessionLimit = defineTable<SessionLimit>({
  name: 'session-limit',
  title: '单次计价数量上限',
  columns: {
    code: '国家编码',
    max: '一笔收费最多几个计价单位（部位、穴位、野等）',
    clause: '依据',
  },
  schema: z.strictObject({ code, max: whole(1, 9999), clause: z.string().min(2) }),
  codesOf: (row) => [row.code],
});

/** Most units of some materials for one operation. */
export interface OperationLimit {
  readonly materials: readonly string[];
  /** Beginnings of procedure codes. */
  readonly procedures: readonly string[];
  readonly max: number;
  readonly clause: string;
}

export const operationLimit = defineTable<OperationLimit>({
  name: 'operation-limit',
  title: '单台手术耗材数量上限',
  columns: {
    materials: '耗材国家编码，以空格分隔，合并计数',
    procedures: '手术操作编码的开头，以空格分隔',
    max: '每台手术最多几件',
    clause: '依据',
  },
  schema: z.strictObject({
    materials: codes,
    procedures: codes,
    max: whole(1, 9999),
    clause: z.string().min(2),
  }),
  codesOf: (row) => row.materials,
});

/** How often the general visit fee may be charged in a day. */
export interface GeneralVisit {
  /** `*` = whatever the source calls a general visit fee. */
  readonly code: string;
  readonly perDay: number;
  readonly level: InstitutionLevel | null;
  readonly clause: string;
}

export const generalVisit = defineTable<GeneralVisit>({
  name: 'general-visit',
  title: '一般诊疗费',
  columns: {
    code: '项目国家编码；* 表示收费类别为一般诊疗费的全部项目',
    perDay: '每人每日最多几次',
    level: '机构级别 village、primary、secondary、tertiary；空为不分级别',
    clause: '政策文件与条款',
  },
  schema: z
    .strictObject({
      code,
      perDay: whole(1, 99),
      level: z.enum(INSTITUTION_LEVELS).optional(),
      clause: z.string().min(2),
    })
    .transform(({ level = null, ...row }) => ({ ...row, level })),
  codesOf: (row) => [row.code],
});
