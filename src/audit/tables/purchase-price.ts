import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code, yuanCell } from './cells.js';

/** What an institution bought a drug, piece or material for. */
export interface PurchasePrice {
  /** `*` = every institution: a price of central procurement. */
  readonly institution: string;
  readonly code: string;
  /** Millionths of a yuan. */
  readonly price: number;
  readonly clause: string;
}

export const ANY_INSTITUTION = '*';

export const purchasePrice = defineTable<PurchasePrice>({
  name: 'purchase-price',
  title: '药品、饮片、耗材采购价',
  columns: {
    institution: '机构编号；* 表示各单位同价，例如集中带量采购的中选价',
    code: '国家编码',
    price: '采购价，元，按计价单位；同期有几个价的逐行填写',
    clause: '发票、配送单或中选结果',
  },
  schema: z.strictObject({
    institution: code,
    code,
    price: yuanCell,
    clause: z.string().min(2),
  }),
  codesOf: (row) => [row.code],
});
