import { z } from 'zod';
import { isFullyCoded, parseTree, type Tree } from '../indication-tree.js';
import { defineTable } from '../local-table.js';
import { codes } from './cells.js';

/** The limit of some knowledge points as a tree that claims decide. */
export interface IndicationTree {
  /** Ids of points of the set `indication`. */
  readonly points: readonly string[];
  readonly tree: Tree;
  readonly fullyCoded: boolean;
}

export const indicationTree = defineTable<IndicationTree>({
  name: 'indication-tree',
  title: '限适应症判断树',
  columns: {
    points: '知识点编号，空格分隔；限定文字相同的合写一行',
    tree: 'dx:编码开头 任一诊断，pdx: 主诊断，op: 手术操作，age>=周岁，days< 天龄，sex:，level: 最低级别，care: 就诊类别，department:，manual: 须人工判断；& 且 | 或 ! 非 ( )',
    note: '限定文字的要点，供维护的人看',
  },
  schema: z
    .strictObject({ points: codes, tree: z.string().min(4), note: z.string().min(2) })
    .transform(({ points, tree: text }, context) => {
      const parsed = parseTree(text);
      if ('tree' in parsed)
        return { points, tree: parsed.tree, fullyCoded: isFullyCoded(parsed.tree) };
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    }),
  codesOf: (row) => row.points,
});
