import { z } from 'zod';
import { LIST_SECTIONS } from '../lists/field-table.js';
import { LIST_DIFFERENCES, type ListDifferenceKind } from '../lists/list-differences.js';
import { reason } from './requests.js';

/** Shapes of settlement lists (结算清单): how they stand, what the agency would refuse of them, what sending them does. */

export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

export const LIST_STATES = [
  'waiting', // in the outbox, or on its way
  'unknown', // the outcome is not known yet
  'rejected',
  'taken', // the agency has it
  'submitted', // and it was submitted (4102)
] as const;

export const listRow = z
  .object({
    institution: z.string(),
    claimNo: z.string(),
    month: z.string(),
    settledBy: z.string(),
    state: z.enum(LIST_STATES),
    listId: z.string().nullable().describe('经办机构给的清单流水号 / the number the agency gave'),
    text: z.string().nullable().describe('经办机构的话 / what the agency said'),
  })
  .meta({
    example: {
      institution: 'H46029900002',
      claimNo: 'JS20240311000123',
      month: '2024-03',
      settledBy: 'H46029900002',
      state: 'rejected',
      listId: null,
      text: '结算记录不存在',
    },
  });

const fault = z.object({
  section: z.enum(LIST_SECTIONS),
  row: z.number().describe('从 1 起 / from 1'),
  field: z.string(),
  message: z.string(),
});
const faultExample = {
  section: 'setlinfo',
  row: 1,
  field: 'bill_no',
  message: '票据号码为必填，没有值',
};

const faulty = z.object({ institution: z.string(), claimNo: z.string(), faults: z.array(fault) });
const faultyExample = {
  ...{ institution: 'H46029900002', claimNo: 'JS20240311000123' },
  faults: [faultExample],
};

const rows = z.array(z.record(z.string(), z.string()));

export const oneList = faulty
  .extend({
    settledBy: z.string(),
    month: z.string(),
    list: z
      .object(Object.fromEntries(LIST_SECTIONS.map((section) => [section, rows])))
      .describe('现在会生成的内容，个人信息已遮盖 / as it would be made now, masked'),
    sent: listRow.nullable().describe('最近一次写入发件箱的情况；null：从未 / null: never sent'),
  })
  .meta({
    example: {
      ...faultyExample,
      ...{ settledBy: 'H46029900002', month: '2024-03', sent: null },
      list: {
        setlinfo: [{ dscg_way: '1', adm_time: '2024-03-02 09:00:00' }],
        diseinfo: [{ diag_code: 'I10.x00', maindiag_flag: '1' }],
        ...{ opspdiseinfo: [], oprninfo: [], icuinfo: [], bldinfo: [] },
      },
    },
  });

const checked = z.object({
  month: z.string(),
  lists: z.number(),
  sendable: z.number(),
  faultyLists: z.number(),
  faulty: z.array(faulty).describe('至多 limit 份 / at most `limit` of them'),
  ranked: z.array(
    z.object({
      ...{ section: z.enum(LIST_SECTIONS), field: z.string(), message: z.string() },
      lists: z.number(),
      supplemented: z.boolean().describe('由医院补充的字段 / a field the hospital supplements'),
    }),
  ),
});
const checkedExample = {
  ...{ month: '2024-03', lists: 214, sendable: 213, faultyLists: 1, faulty: [faultyExample] },
  ranked: [
    {
      ...{ section: 'setlinfo', field: 'bill_no', message: '票据号码为必填，没有值' },
      ...{ lists: 1, supplemented: true },
    },
  ],
};
export const checkOutcome = checked.meta({ example: checkedExample });

const none = 'null：只看影响 / null: only looked at';
export const pushOutcome = checked
  .extend({
    enqueued: z.number().nullable().describe(none),
    unchanged: z.number().nullable(),
    waiting: z.number().nullable().describe('前一报文未结束 / an older version is on its way'),
  })
  .meta({ example: { ...checkedExample, enqueued: 201, unchanged: 12, waiting: 0 } });

const counted = z
  .number()
  .nullable()
  .describe('经办机构最近一次的计数 / as the agency counted last');
export const standingOutcome = z
  .object({
    month: z.string(),
    standing: z.array(
      z.object({
        institution: z.string().describe('结算机构 / settlement unit'),
        ...{ waiting: z.number(), taken: z.number(), submitted: z.number() },
        ...{ rejected: z.number(), unknown: z.number(), needed: counted, uploaded: counted },
      }),
    ),
    differences: z.array(
      z.object({
        institution: z.string(),
        kind: z.enum(Object.keys(LIST_DIFFERENCES) as ListDifferenceKind[]),
        lists: z.number(),
      }),
    ),
  })
  .meta({
    example: {
      month: '2024-03',
      standing: [
        {
          ...{ institution: 'H46029900002', waiting: 0, taken: 3, submitted: 40, rejected: 0 },
          ...{ unknown: 0, needed: 43, uploaded: 43 },
        },
      ],
      differences: [{ institution: 'H46029900002', kind: 'not-submitted', lists: 3 }],
    },
  });

export const submitOutcome = z
  .object({
    lists: z.number(),
    messages: z.number().nullable().describe(none),
  })
  .meta({ example: { lists: 40, messages: 1 } });

export const countOutcome = z.object({ messages: z.number() }).meta({ example: { messages: 5 } });

export const pushRequest = z
  .strictObject({
    month,
    again: z
      .boolean()
      .default(false)
      .describe('true：被退回的清单内容不变也重发 / repeat what was refused'),
    reason,
  })
  .meta({ example: { month: '2024-03', again: false, reason: '三月清单上传' } });

export const monthRequest = z
  .strictObject({ month, reason })
  .meta({ example: { month: '2024-03', reason: '三月清单提交' } });
