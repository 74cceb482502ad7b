import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { defineTable } from '../local-table.js';
import { code, codes, yuanCell } from './cells.js';

/** An item that is to be charged in the place of its parts. */
export interface Bundle {
  readonly bundle: string;
  readonly name: string;
  readonly members: readonly string[];
  /** So many different parts on one day stand for the whole. */
  readonly minMembers: number;
  readonly level: InstitutionLevel | null;
  /** Millionths of a yuan. */
  readonly price: number;
  readonly clause: string;
}

export const bundle = defineTable<Bundle>({
  name: 'bundle',
  title: '应按整项收费的项目与其分项',
  columns: {
    bundle: '整项的国家编码',
    name: '整项名称',
    members: '分项的国家编码，以空格分隔',
    minMembers: '同日收取几个不同分项即视为分解，至少 2；留空为 2',
    level: '机构级别 village、primary、secondary、tertiary；空为不分级别',
    price: '整项价格，元',
    clause: '价格文件与条款',
  },
  schema: z
    .strictObject({
      bundle: code,
      name: z.string().min(2),
      members: codes,
      minMembers: whole(2, 99).default(2),
      level: z.enum(INSTITUTION_LEVELS).optional(),
      price: yuanCell,
      clause: z.string().min(2),
    })
    .transform(({ level = null, ...row }) => ({ ...row, level })),
  codesOf: (row) => row.members,
});
