import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

/** What a drug is, where its code does not say it or says too little. */
export interface DrugClass {
  readonly code: string;
  readonly ingredient: string;
  /** Drugs of one sub-class and one route duplicate each other. */
  readonly subclass: string | null;
  readonly route: string | null;
}

const text = z.string().min(1).max(64).optional();

export const drugClass = defineTable<DrugClass>({
  name: 'drug-class',
  title: '药品成分与类别',
  columns: {
    code: '药品国家编码',
    ingredient: '成分；同成分即视为同药，不分剂型',
    subclass: '目录小类；同小类且同给药途径视为同类药。留空为只按成分比较',
    route: '给药途径',
  },
  schema: z
    .strictObject({ code, ingredient: z.string().min(1).max(64), subclass: text, route: text })
    .transform(({ subclass = null, route = null, ...row }) => ({ ...row, subclass, route })),
  codesOf: (row) => [row.code],
});
