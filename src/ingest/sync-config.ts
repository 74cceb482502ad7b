import { z } from 'zod';
import { whole } from '../config/values.js';

/** What a member's file says about when its source is read and what is tolerated. */

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

export const readingHours = z
  .strictObject({
    from: z.string().regex(CLOCK, '如 21:00').describe('开始时刻（含）'),
    to: z.string().regex(CLOCK, '如 06:30').describe('结束时刻（不含）；早于开始则跨零点'),
  })
  .describe('允许读取来源的时段；缺省不限');

export const quarantineThreshold = z.strictObject({
  rows: whole(0, 10_000_000).optional().describe('待处理的隔离行数超过此数，该批判为不完整'),
  share: z
    .string()
    .regex(/^(0(\.\d{1,6})?|1)$/, '0 到 1 之间的小数，如 0.01')
    .optional()
    .describe('待处理的隔离金额占来源金额的比例超过此数，该批判为不完整'),
});
