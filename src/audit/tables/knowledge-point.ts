import { z } from 'zod';
import { SET_IDS } from '../../knowledge/knowledge.js';
import { limitFromCells } from '../../knowledge/limit-columns.js';
import type { RegionalPoint } from '../../knowledge/regional-points.js';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

const limitCells = z
  .string()
  .regex(/^[a-z_]+=[^;=]+(; *[a-z_]+=[^;=]+)*$/, '写作 列=值; 列=值')
  .transform((text) =>
    Object.fromEntries(text.split(';').map((each) => each.trim().split('=') as [string, string])),
  );

/** A row of the site's file, before its dates are known. */
type RegionalRow = Omit<RegionalPoint, 'from' | 'until'>;

/** What a locality adds to the national knowledge points, or takes out (地方知识点). */
export const knowledgePoint = defineTable<RegionalRow>({
  name: 'knowledge-point',
  title: '地方增补或停用的知识点',
  columns: {
    action: 'add 增补、withdraw 停用（国家知识点在本地不适用）',
    set: `知识点集：${SET_IDS.join('、')}`,
    code: '国家编码',
    name: '名称',
    limit:
      '增补的限定值，写作 列=值; 列=值，列名同 knowledge/nhsa 中该集的表，如 max_quantity=2; unit=time',
    text: '文件原文或摘要，作为证据显示',
    document: '依据的文件及条款',
  },
  schema: z
    .strictObject({
      action: z.enum(['add', 'withdraw']),
      set: z.enum(SET_IDS),
      code,
      name: z.string().min(1),
      limit: limitCells.optional(),
      text: z.string().optional(),
      document: z.string().min(4),
    })
    .transform(({ limit = {}, text = '', ...row }): RegionalRow => ({ ...row, limit, text }))
    .refine(
      ({ action, set, limit }) => action === 'withdraw' || limitFromCells(set, limit) !== null,
      {
        message: '限定值不是该知识点集的列',
        path: ['limit'],
      },
    ),
  codesOf: (row) => [row.code],
});
