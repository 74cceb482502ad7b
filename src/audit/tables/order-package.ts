import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code, codes } from './cells.js';

/** What may be charged on an order of something else: the items of a package, or the same thing under another code. */
export interface OrderPackage {
  readonly ordered: string;
  /** Beginnings of codes. */
  readonly charged: readonly string[];
  readonly clause: string;
}

export const orderPackage = defineTable<OrderPackage>({
  name: 'order-package',
  title: '医嘱与计费项目对照（组套、同义）',
  columns: {
    ordered: '医嘱的国家编码，与 orders 登记一致',
    charged: '凭此医嘱可以收取的项目，国家编码的开头，空格分隔',
    clause: '院内医嘱组套或收费对照表',
  },
  schema: z.strictObject({ ordered: code, charged: codes, clause: z.string().min(2) }),
  codesOf: (row) => [row.ordered],
});
