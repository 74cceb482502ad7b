import { z } from 'zod';
import { whole } from '../../config/values.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';
import { defineTable } from '../local-table.js';
import { code, codes } from './cells.js';

const clause = z.string().min(2);
const amount = z
  .string()
  .refine((text) => parseDecimal(text)?.gt(0) === true, '应为大于零的数')
  .transform((text): Decimal => parseDecimal(text) as Decimal);

/** How much of a drug a day at most (日极量). */
export interface DailyDose {
  readonly code: string;
  /** What one priced unit, a box or a bottle, holds; in whatever unit the maximum is in. */
  readonly perUnit: Decimal;
  readonly maxPerDay: Decimal;
  readonly clause: string;
}

export const dailyDose = defineTable<DailyDose>({
  name: 'daily-dose',
  title: '药品、饮片日最大用量',
  columns: {
    code: '药品、饮片国家编码',
    perUnit: '一个计价单位（盒、瓶、支、克）含多少，与日最大用量单位相同，如每盒 14 片写 14',
    maxPerDay: '每日最大用量',
    clause: '说明书、药典或处方集',
  },
  schema: z.strictObject({ code, perUnit: amount, maxPerDay: amount, clause }),
  codesOf: (row) => [row.code],
});

/** Why care is needed: 禁忌症、相互作用、老年、妊娠哺乳. */
export const CAUTIONS = ['contraindication', 'interaction', 'elderly', 'pregnancy'] as const;

/** When a drug had better not be given. All conditions that are given must hold. */
export interface DrugCaution {
  readonly drugs: readonly string[];
  readonly about: (typeof CAUTIONS)[number];
  /** Beginnings of diagnosis codes. */
  readonly diagnoses: readonly string[] | null;
  /** Beginnings of codes of other drugs of the same claim. */
  readonly other: readonly string[] | null;
  readonly minYears: number | null;
  readonly note: string;
  readonly clause: string;
}

export const drugCaution = defineTable<DrugCaution>({
  name: 'drug-caution',
  title: '用药安全提醒（禁忌症、相互作用、老年、妊娠哺乳）',
  columns: {
    drugs: '药品国家编码，空格分隔',
    about:
      'contraindication 禁忌症、interaction 相互作用、elderly 老年慎用、pregnancy 妊娠哺乳期慎用',
    diagnoses: '诊断编码的开头，有其一即提醒，空格分隔；空为不看诊断',
    other: '同一次就诊另开的药品国家编码的开头，空格分隔；空为不看合用',
    minYears: '满多少周岁起；空为不看年龄',
    note: '提醒的话',
    clause: '说明书、药典或处方集',
  },
  schema: z
    .strictObject({
      drugs: codes,
      about: z.enum(CAUTIONS),
      diagnoses: codes.optional(),
      other: codes.optional(),
      minYears: whole(1, 120).optional(),
      note: z.string().min(2).max(200),
      clause,
    })
    .refine(
      ({ diagnoses, other, minYears }) => (diagnoses ?? other ?? minYears) !== undefined,
      'diagnoses、other、minYears 至少填一项',
    )
    .transform(({ diagnoses = null, other = null, minYears = null, ...row }) => ({
      ...{ ...row, diagnoses, other, minYears },
    })),
  codesOf: (row) => row.drugs,
});

/** Pieces that are not used together (配伍禁忌). */
export interface PieceConflict {
  readonly pieces: readonly string[];
  readonly against: readonly string[];
  readonly clause: string;
}

export const pieceConflict = defineTable<PieceConflict>({
  name: 'piece-conflict',
  title: '饮片配伍禁忌',
  columns: {
    pieces: '饮片国家编码，空格分隔',
    against: '不宜同用的饮片国家编码，空格分隔',
    clause: '药典条文，如十八反、十九畏',
  },
  schema: z.strictObject({ pieces: codes, against: codes, clause }),
  codesOf: ({ pieces, against }) => [...pieces, ...against],
});
