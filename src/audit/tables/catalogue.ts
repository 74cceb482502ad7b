import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

export const PAY_CLASSES = ['甲', '乙', '丙'] as const;

/** An item of the local catalogue (本地医保目录) and its pay class; 丙 is never paid. */
export interface CatalogueItem {
  readonly code: string;
  readonly payClass: (typeof PAY_CLASSES)[number];
}

export const catalogue = defineTable<CatalogueItem>({
  name: 'catalogue',
  title: '本地医保目录',
  columns: {
    code: '国家编码。表内有某一类编码（首字符相同）的，这一类应当列全',
    payClass: `支付类别 ${PAY_CLASSES.join('、')}；丙为基金不予支付`,
    clause: '目录版本或文件',
  },
  schema: z
    .strictObject({ code, payClass: z.enum(PAY_CLASSES), clause: z.string().min(2) })
    .transform(({ code: itemCode, payClass }) => ({ code: itemCode, payClass })),
  codesOf: (row) => [row.code],
});

/** Codes of one kind begin alike: drugs X or Z, pieces T, services 0, materials C. */
export function familyOf(itemCode: string): string {
  return itemCode.slice(0, 1);
}
