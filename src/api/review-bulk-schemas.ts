import { z } from 'zod';
import { month, words } from './review-schemas.js';

/** Shapes of what is done to many cases at once, and of what belongs to none. */

const months = z.array(month).min(1).max(12);

export const openQuestion = z.strictObject({ months }).meta({ example: { months: ['2025-03'] } });

export const opened = z
  .object({
    opened: z.number().describe('进入审核 / cases opened'),
    withdrawn: z.number().describe('疑点不再成立 / findings gone'),
    preview: z.boolean(),
  })
  .meta({ example: { opened: 12, withdrawn: 0, preview: false } });

export const bulkAct = z
  .strictObject({ ...words, months })
  .meta({ example: { months: ['2025-03'], reasonCode: 'CLEAR' } });

export const sampleQuestion = z
  .strictObject({
    months,
    seed: z.string().min(1).max(64).describe('种子，同种子同样本 / the same seed, the same sample'),
    size: z.number().int().min(1).max(1000).default(20),
  })
  .meta({ example: { months: ['2025-03'], seed: '2025q1', size: 50 } });

export const bulkTaken = z
  .object({ cases: z.number(), amountYuan: z.string(), preview: z.boolean() })
  .meta({ example: { cases: 12, amountYuan: '1536.20', preview: true } });

export const swept = z
  .object({
    lapsed: z.number().describe('逾期视为无异议 / silent members'),
    confirmed: z.number().describe('其中生成扣款 / of those, deductions made'),
    escalated: z.number().describe('督办 / silent reviewers'),
    posted: z.number().describe('结算已扣款 / taken by settlement'),
    withdrawn: z.number().describe('疑点不再成立 / findings gone'),
    preview: z.boolean(),
  })
  .meta({
    example: { lapsed: 3, confirmed: 1, escalated: 0, posted: 2, withdrawn: 0, preview: true },
  });

export const sampled = z
  .object({
    items: z.array(
      z.object({ institution: z.string(), claimNo: z.string(), settledOn: z.string() }),
    ),
  })
  .meta({
    example: {
      items: [
        { institution: 'H46029900011', claimNo: 'JS20250305000124', settledOn: '2025-03-05' },
      ],
    },
  });

export const opinions = z
  .object({
    items: z.array(
      z.object({
        code: z.string(),
        label: z.string().describe('名称 / name'),
        text: z.string().describe('缺省的意见 / the opinion where none is given'),
      }),
    ),
  })
  .meta({ example: { items: [{ code: 'NOTICE', label: '反馈', text: '现将初审意见反馈。' }] } });
