import { z } from 'zod';
import { defineTable, type LocalTable } from '../local-table.js';
import { codes } from './cells.js';

/** Items whose price holds other items. */
export interface ContainedItems {
  readonly items: readonly string[];
  readonly contained: readonly string[];
  readonly clause: string;
}

function containedTable(
  name: string,
  title: string,
  contained: string,
): LocalTable<ContainedItems> {
  return defineTable<ContainedItems>({
    name,
    title,
    columns: { items: '国家编码，以空格分隔', contained, clause: '依据' },
    schema: z.strictObject({ items: codes, contained: codes, clause: z.string().min(2) }),
    codesOf: (row) => row.contained,
  });
}

export const panel = containedTable(
  'panel',
  '组套项目与其单项',
  '组套已含的单项，国家编码以空格分隔',
);
export const includedMaterial = containedTable(
  'included-material',
  '价格已含耗材的项目',
  '价格已含、不得另收的耗材，国家编码以空格分隔',
);
