import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

/** Classes of antibiotics, low to high: 非限制使用级、限制使用级、特殊使用级. */
export const ANTIBIOTIC_CLASSES = ['unrestricted', 'restricted', 'special'] as const;
export type AntibioticClass = (typeof ANTIBIOTIC_CLASSES)[number];

const WORDS = 'unrestricted 非限制使用级、restricted 限制使用级、special 特殊使用级';

export interface Antibiotic {
  readonly code: string;
  readonly class: AntibioticClass;
  readonly clause: string;
}

export const antibiotic = defineTable<Antibiotic>({
  name: 'antibiotic',
  title: '抗菌药物分级',
  columns: { code: '药品国家编码', class: WORDS, clause: '省级分级管理目录' },
  schema: z.strictObject({ code, class: z.enum(ANTIBIOTIC_CLASSES), clause: z.string().min(2) }),
  codesOf: (row) => [row.code],
});

/** The highest class a doctor may prescribe. */
export interface AntibioticRight {
  readonly doctor: string;
  readonly class: AntibioticClass;
  readonly clause: string;
}

export const antibioticRight = defineTable<AntibioticRight>({
  name: 'antibiotic-right',
  title: '医师抗菌药物处方权',
  columns: {
    doctor: '医师编码，与明细的 doctor 一致',
    class: `可以开具的最高级别：${WORDS}`,
    clause: '授予处方权的文件',
  },
  schema: z.strictObject({
    doctor: code,
    class: z.enum(ANTIBIOTIC_CLASSES),
    clause: z.string().min(2),
  }),
  codesOf: (row) => [row.doctor],
});
