import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code, codes } from './cells.js';

/** Drugs that the outpatient benefit of a chronic or special disease pays (病种用药目录). */
export interface ChronicDrugs {
  /** Local code of the disease, as the register of recognised persons has it. */
  readonly disease: string;
  readonly drugs: readonly string[];
}

export const chronicDrug = defineTable<ChronicDrugs>({
  name: 'chronic-drug',
  title: '门诊慢特病病种用药目录',
  columns: {
    disease: '病种编码，与慢特病认定登记一致',
    drugs: '药品国家编码或其开头，空格分隔；一个病种可写多行',
    clause: '目录文件与条款',
  },
  schema: z
    .strictObject({ disease: code, drugs: codes, clause: z.string().min(2) })
    .transform(({ disease, drugs }) => ({ disease, drugs })),
  codesOf: ({ disease }) => [disease],
});
