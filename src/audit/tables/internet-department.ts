import { z } from 'zod';
import { defineTable } from '../local-table.js';
import { code } from './cells.js';

/** A department in which an institution gives care over the internet: claims have no care type of their own for that. */
export interface InternetDepartment {
  readonly institution: string;
  /** Code or name, as the claims have it. */
  readonly department: string;
  readonly clause: string;
}

export const internetDepartment = defineTable<InternetDepartment>({
  name: 'internet-department',
  title: '互联网诊疗科室',
  columns: {
    institution: '机构编号',
    department: '互联网诊疗的科室，与结算数据写法一致；其明细都视为互联网诊疗',
    clause: '互联网诊疗的执业登记或服务协议',
  },
  schema: z.strictObject({ institution: code, department: code, clause: z.string().min(2) }),
  codesOf: (row) => [row.institution],
});
