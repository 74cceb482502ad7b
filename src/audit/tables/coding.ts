import { z } from 'zod';
import { FEE_CLASSES, type FeeClass } from '../../claims/claim.js';
import { defineTable } from '../local-table.js';
import { code, codes } from './cells.js';

/** A diagnosis that must not stand as principal diagnosis of a grouped case (不得作为分组主诊断). */
export const notForGrouping = defineTable<{ readonly diagnosis: string }>({
  name: 'not-for-grouping',
  title: '不得作为分组主要诊断的编码',
  columns: { diagnosis: '诊断编码（医保版），完整编码', clause: '分组方案的版本与条款' },
  schema: z
    .strictObject({ diagnosis: code, clause: z.string().min(2) })
    .transform(({ diagnosis }) => ({ diagnosis })),
  codesOf: ({ diagnosis }) => [diagnosis],
});

/** What charges a severe secondary diagnosis leaves behind when it was treated. */
export interface SeverityEvidence {
  readonly diagnosis: string;
  /** Beginnings of item codes; one line with any of them is evidence. */
  readonly items: readonly string[];
}

export const severityEvidence = defineTable<SeverityEvidence>({
  name: 'severity-evidence',
  title: '严重合并症（MCC、CC）应有的收费佐证',
  columns: {
    diagnosis: '诊断编码（医保版），完整编码',
    items: '佐证项目、药品编码的开头，空格分隔，有其一即可',
    clause: '专家组意见或文件',
  },
  schema: z
    .strictObject({ diagnosis: code, items: codes, clause: z.string().min(2) })
    .transform(({ diagnosis, items }) => ({ diagnosis, items })),
  codesOf: ({ diagnosis }) => [diagnosis],
});

/** Operations that belong to certain diagnoses (手术与主要诊断的对应). */
export interface OperationDiagnoses {
  /** Beginning of procedure codes. */
  readonly procedure: string;
  /** Beginnings of diagnosis codes with which it makes sense. */
  readonly diagnoses: readonly string[];
}

export const operationDiagnoses = defineTable<OperationDiagnoses>({
  name: 'operation-diagnoses',
  title: '手术操作对应的主要诊断范围',
  columns: {
    procedure: '手术操作编码的开头',
    diagnoses: '相符的主要诊断编码的开头，空格分隔',
    clause: '出处',
  },
  schema: z
    .strictObject({ procedure: code, diagnoses: codes, clause: z.string().min(2) })
    .transform(({ procedure, diagnoses }) => ({ procedure, diagnoses })),
  codesOf: ({ procedure }) => [procedure],
});

/** Fee class of an item by the beginning of its code, for lines whose source does not say. */
export interface ItemFeeClass {
  readonly prefix: string;
  readonly feeClass: FeeClass;
}

export const itemFeeClass = defineTable<ItemFeeClass>({
  name: 'item-fee-class',
  title: '项目编码对应的收费类别',
  columns: {
    prefix: '项目编码的开头，最长的一条为准',
    feeClass: `收费类别 ${FEE_CLASSES.join('、')}`,
    clause: '出处',
  },
  schema: z
    .strictObject({ prefix: code, feeClass: z.enum(FEE_CLASSES), clause: z.string().min(2) })
    .transform(({ prefix, feeClass }) => ({ prefix, feeClass })),
  codesOf: ({ prefix }) => [prefix],
});
