import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { codes } from './cells.js';

/** What has to be tried before a drug that is limited to second-line use. */
export interface FirstLine {
  /** Full codes of drugs of the knowledge set `second-line`. */
  readonly drugs: readonly string[];
  /** Beginnings of codes of drugs, one of which must have been given before. */
  readonly first: readonly string[];
  readonly clause: string;
}

export const firstLine = defineTable<FirstLine>({
  name: 'first-line',
  title: '限二线使用药品的一线用药',
  columns: {
    drugs: '限二线使用的药品国家编码，空格分隔',
    first: '一线用药国家编码的开头，用过其一即可，空格分隔',
    clause: '诊疗规范、说明书或专家组意见',
  },
  schema: z.strictObject({ drugs: codes, first: codes, clause: z.string().min(2) }),
  codesOf: (row) => row.drugs,
});
