import { z } from 'zod';

/** What people must say when they ask for a change. */
export const reason = z
  .string()
  .trim()
  .min(2)
  .max(500)
  .describe('理由，记入操作日志，不要写个人信息 / why; kept in the operator log, no personal data');

export const reasoned = z
  .strictObject({ reason })
  .meta({ example: { reason: '核对门诊日志后确认' } });

export const unmaskRequest = z
  .strictObject({ reason })
  .meta({ example: { reason: '参保人申诉，需核对身份' } });

/** `?preview=true` says what would be done, and does nothing. */
export const previewQuery = z.strictObject({
  preview: z
    .enum(['true', 'false'])
    .optional()
    .describe('true：只看影响，不执行 / say what would be done, do nothing'),
});
export type PreviewQuery = z.output<typeof previewQuery>;
