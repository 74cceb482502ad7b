import { z } from 'zod';
import {
  CARE_TYPES,
  type CareType,
  INSTITUTION_LEVELS,
  type InstitutionLevel,
} from '../../claims/claim.js';
import { defineTable } from '../local-table.js';
import { code, codes } from './cells.js';

/** Where and for whom an item may be charged; null = anywhere, for anybody. */
export interface ItemLimit {
  readonly code: string;
  readonly levels: readonly InstitutionLevel[] | null;
  readonly careTypes: readonly CareType[] | null;
  /** Codes or names of departments, as the claims have them. */
  readonly departments: readonly string[] | null;
  readonly sex: 'male' | 'female' | null;
  /** Beginnings of diagnosis codes, one of which the claim must have. */
  readonly diagnoses: readonly string[] | null;
  readonly clause: string;
}

/** Words of a fixed list with a space between two. */
const words = <T extends string>(known: readonly [T, ...T[]]) =>
  codes.pipe(z.array(z.enum(known)).min(1)).optional();

export const itemLimit = defineTable<ItemLimit>({
  name: 'item-limit',
  title: '项目、耗材限科室、就医方式、级别、性别、疾病',
  columns: {
    code: '国家编码',
    levels: '机构级别 village、primary、secondary、tertiary，空格分隔；空为不限',
    careTypes: '就诊类别，如 inpatient，空格分隔；空为不限',
    departments: '科室，与结算数据写法一致，空格分隔；空为不限',
    sex: 'male 男、female 女；空为不限',
    diagnoses: '诊断编码的开头，有其一即可，空格分隔；空为不限',
    clause: '目录或价格文件与条款',
  },
  schema: z
    .strictObject({
      code,
      levels: words(INSTITUTION_LEVELS),
      careTypes: words(CARE_TYPES),
      departments: codes.optional(),
      sex: z.enum(['male', 'female']).optional(),
      diagnoses: codes.optional(),
      clause: z.string().min(2),
    })
    .transform(({ code: itemCode, clause, ...limits }) => ({
      ...{ code: itemCode, clause },
      levels: limits.levels ?? null,
      careTypes: limits.careTypes ?? null,
      departments: limits.departments ?? null,
      sex: limits.sex ?? null,
      diagnoses: limits.diagnoses ?? null,
    })),
  codesOf: (row) => [row.code],
});
