import { z } from 'zod';
import { whole } from '../../config/values.js';
import type { Month } from '../../kernel/period.js';

/** Null: for ever. */
const kept = (least: number) =>
  z.union([z.literal('never').transform(() => null), whole(least, 600)], {
    error: `应为 never，或不少于 ${least} 的整数（月）`,
  });

/** Shortest times: the year's clearing, its appeals and the look-back of rules need the claims; the law wants half a year of the rest. */
const LEAST_MONTHS = { canonical: 24, findings: 24, raw: 12, quarantine: 12, work: 6 } as const;

/** `config/retention.yaml` or `<site>/retention.yaml`: whole months each kind of data is kept. */
export const retentionSchema = z.strictObject({
  canonical: kept(LEAST_MONTHS.canonical).describe('结算记录及明细 / claims and lines'),
  findings: kept(LEAST_MONTHS.findings).describe('未形成扣款的疑点 / findings without a deduction'),
  raw: kept(LEAST_MONTHS.raw).describe('来源原始行 / raw rows'),
  quarantine: kept(LEAST_MONTHS.quarantine).describe('已处理的隔离行 / settled quarantine entries'),
  work: kept(LEAST_MONTHS.work).describe('已结束的运行 / ended runs'),
});
export type RetentionPolicy = z.output<typeof retentionSchema>;
export type RetentionClass = keyof RetentionPolicy;

/** The first month that is kept; everything before it may go. Null: nothing goes. */
export function firstKeptMonth(current: Month, months: number | null): Month | null {
  if (months === null) return null;
  const count = Number(current.slice(0, 4)) * 12 + Number(current.slice(5, 7)) - 1 - months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}
