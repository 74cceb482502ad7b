import { z } from 'zod';
import { parseYuan } from '../kernel/money.js';
import { ACTIONS, CASE_STATES, OUTCOMES } from '../review/review-states.js';
import type { ExportColumn } from './export-format.js';
import { exportFormat } from './export-format.js';
import { pageQuery, sortQuery } from './page.js';
import { institutionCode } from './statement-schemas.js';

/** Shapes of review by due process. */

export const findingId = z.string().regex(/^[\w.-]{1,100}$/);
export const digest = z.string().regex(/^[0-9a-f]{64}$/);

const stages = {
  flaggedYuan: z.string().describe('疑点 / flagged'),
  proposedYuan: z.string().nullable().describe('拟扣 / proposed'),
  appealedYuan: z.string().nullable().describe('申诉 / appealed'),
  confirmedYuan: z.string().nullable().describe('确认 / confirmed'),
};

export const review = z
  .object({
    ...{ findingId: z.string(), month: z.string(), ruleId: z.string() },
    class: z.string(),
    money: z.string(),
    institution: z.string(),
    claimNo: z.string(),
    ownPartOnly: z
      .boolean()
      .describe('与其他成员单位共有，金额只是可见的部分 / shared: amounts are the part one sees'),
    state: z.enum(CASE_STATES),
    route: z.enum(['process', 'short']).describe('short：一人直接决定 / decided at once'),
    outcome: z.enum(OUTCOMES).nullable(),
    parties: z.array(z.string()).describe('答复的结算单位 / settlement units that answer'),
    ...stages,
    deductedYuan: z.string().describe('已扣 / taken by settlement'),
    compensatedYuan: z.string().describe('冲正 / taken back'),
    enteredOn: z.string(),
    dueOn: z.string().nullable(),
    escalated: z.boolean(),
    assignee: z.string().nullable(),
  })
  .meta({
    example: {
      ...{ findingId: '7d0f3c1a', month: '2025-03', ruleId: 'CAT-04', class: 'HARD' },
      ...{ money: 'exact', institution: 'H46029900011', claimNo: 'JS20250305000123' },
      ...{ ownPartOnly: false, state: 'FEEDBACK', route: 'process', outcome: 'uphold' },
      ...{ parties: ['H46029900011'], flaggedYuan: '128.00', proposedYuan: '128.00' },
      ...{ appealedYuan: null, confirmedYuan: null, deductedYuan: '0.00' },
      ...{ compensatedYuan: '0.00', enteredOn: '2025-04-01', dueOn: '2025-04-09' },
      ...{ escalated: false, assignee: null },
    },
  });

const line = z.object({
  ...{ institution: z.string(), claimNo: z.string() },
  lineNo: z.string().describe('空：整次结算 / empty: the claim beyond its lines'),
  ...stages,
});

const step = z.object({
  action: z.enum(ACTIONS),
  from: z.enum(CASE_STATES),
  to: z.enum(CASE_STATES),
  actor: z.string(),
  role: z.enum(['system', 'reviewer', 'member', 'panel']),
  institution: z.string().nullable(),
  outcome: z.enum([...OUTCOMES, 'panel']).nullable(),
  ...{ reasonCode: z.string(), opinion: z.string() },
  amountYuan: z.string().nullable(),
  attachments: z.array(
    z.object({
      ...{ name: z.string(), digest: z.string(), mediaType: z.string() },
      size: z.number().describe('字节 / bytes'),
    }),
  ),
  at: z.string(),
});

export const reviewDetail = review.extend({ lines: z.array(line), steps: z.array(step) });

export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const filters = {
  month: month.optional(),
  state: z.enum(CASE_STATES).optional(),
  class: z.string().max(16).optional(),
  rule: z.string().max(32).optional(),
  institution: z.string().max(64).optional(),
  overdue: z.enum(['true', 'false']).optional().describe('true：只看逾期的 / only overdue ones'),
  escalated: z.enum(['true', 'false']).optional().describe('是否督办 / whether escalated'),
  assignee: z.string().max(32).optional().describe('承办人 / a reviewer; for who sees all'),
  sort: sortQuery('amount', 'due'),
};
export const reviewQuery = pageQuery.extend(filters);
export const reviewExport = z.strictObject({ ...filters, ...exportFormat });

export const REVIEW_COLUMNS: readonly ExportColumn[] = [
  ['月份', 'month'],
  ['疑点', 'findingId'],
  ['规则', 'ruleId'],
  ['类别', 'class'],
  ['机构', 'institution'],
  ['结算号', 'claimNo'],
  ['状态', 'state'],
  ['结论', 'outcome'],
  ['疑点金额（元）', 'flaggedYuan', 'number'],
  ['拟扣金额（元）', 'proposedYuan', 'number'],
  ['申诉金额（元）', 'appealedYuan', 'number'],
  ['确认金额（元）', 'confirmedYuan', 'number'],
  ['已扣（元）', 'deductedYuan', 'number'],
  ['冲正（元）', 'compensatedYuan', 'number'],
  ['期限', 'dueOn'],
  ['督办', 'escalated'],
  ['承办', 'assignee'],
];

export const words = {
  reasonCode: z
    .string()
    .regex(/^[A-Z][A-Z0-9_-]{0,31}$/)
    .describe('理由代码，见 reviews/opinions / a code of the opinions'),
  opinion: z
    .string()
    .trim()
    .min(2)
    .max(500)
    .optional()
    .describe(
      '意见，缺省用代码的文字，不要写个人信息 / default: the code’s own text; no personal data',
    ),
};

const amountYuan = z
  .string()
  .max(20)
  .refine((text) => parseYuan(text) !== null, '应为金额（元），例如 86.40')
  .optional();

export const plainAct = z
  .strictObject(words)
  .meta({ example: { reasonCode: 'NOTICE', opinion: '请在期限内申诉或确认' } });

export const spokenAct = z
  .strictObject({ ...words, outcome: z.enum(OUTCOMES), amountYuan })
  .meta({ example: { outcome: 'partial', amountYuan: '100.00', reasonCode: 'PARTLY' } });

export const secondAct = z
  .strictObject({ ...words, outcome: z.enum([...OUTCOMES, 'panel']), amountYuan })
  .meta({ example: { outcome: 'panel', reasonCode: 'CLEAR', opinion: '金额较大，提交合议' } });

export const assignAct = z
  .strictObject({ to: z.string().min(1).max(32).describe('合规员的用户名 / a reviewer') })
  .meta({ example: { to: 'compliance2' } });

export const memberAct = z
  .strictObject({ ...words, institution: institutionCode })
  .meta({ example: { institution: 'H46029900011', reasonCode: 'ACCEPT' } });

/** As bytes; text that is not base64 throughout is refused, not read as far as it goes. */
const base64 = z
  .string()
  .min(1, '附件是空的 / the file is empty')
  .transform((text, context) => {
    const content = Buffer.from(text, 'base64');
    if (content.toString('base64') === text) return content;
    context.addIssue({ code: 'custom', message: '不是 base64 / not base64' });
    return z.NEVER;
  });

const upload = z.strictObject({ name: z.string().min(1).max(120), content: base64 });

export const appealAct = z
  .strictObject({
    ...{ ...words, institution: institutionCode, amountYuan },
    attachments: z.array(upload).max(100).default([]).describe('附件，内容为 base64 / files'),
  })
  .meta({
    example: {
      ...{ institution: 'H46029900011', reasonCode: 'APPEAL', amountYuan: '128.00' },
      attachments: [{ name: '病历.pdf', content: 'JVBERi0xLjcgc2FtcGxl' }],
    },
  });

export const taken = z
  .object({
    ...{ findingId: z.string(), action: z.enum(ACTIONS) },
    ...{ from: z.enum(CASE_STATES), to: z.enum(CASE_STATES) },
    amountYuan: z.string().nullable(),
    dueOn: z.string().nullable(),
    preview: z.boolean(),
  })
  .meta({
    example: {
      ...{ findingId: '7d0f3c1a', action: 'first-review', from: 'DETECTED', to: 'FIRST_REVIEW' },
      ...{ amountYuan: '128.00', dueOn: '2025-04-02', preview: false },
    },
  });
