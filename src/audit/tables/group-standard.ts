import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';
import { type Fen, parseYuan, yuan } from '../../kernel/money.js';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

/** What a DRG or DIP group stands for (病组支付标准), by level where the levels differ. */
export interface GroupStandard {
  readonly group: string;
  readonly level: InstitutionLevel | null;
  readonly standard: Fen;
  /** Mean cost of its cases. */
  readonly mean: Fen | null;
  /** Mean days of its cases. */
  readonly meanDays: Decimal | null;
}

const money = z
  .string()
  .refine((text) => (parseYuan(text) ?? 0n) > 0n, '应为大于零的元，最多两位小数')
  .transform((text) => yuan(text));
const days = z
  .string()
  .refine((text) => parseDecimal(text)?.gt(0) === true, '应为大于零的天数')
  .transform((text) => parseDecimal(text) as Decimal);

export const groupStandard = defineTable<GroupStandard>({
  name: 'group-standard',
  title: '病组（病种）支付标准、例均费用与平均住院日',
  columns: {
    group: 'DRG 或 DIP 组编码',
    level: '机构级别 village、primary、secondary、tertiary；空为不分级别',
    standard: '支付标准，元（DIP 按当期点值折算，清算后以新行接替）',
    mean: '例均费用，元；可空',
    meanDays: '平均住院日；可空',
    clause: '公布文件与条款',
  },
  schema: z
    .strictObject({
      group: code,
      level: z.enum(INSTITUTION_LEVELS).optional(),
      standard: money,
      mean: money.optional(),
      meanDays: days.optional(),
      clause: z.string().min(2),
    })
    .transform(({ group, level = null, standard, mean = null, meanDays = null }) => ({
      ...{ group, level, standard, mean, meanDays },
    })),
  codesOf: ({ group }) => [group],
});
