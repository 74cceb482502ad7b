import { z } from 'zod';
import { INSTITUTION_LEVELS } from '../claims/claim.js';
import { isIsoDate } from '../kernel/dates.js';
import { type Decimal, parseDecimal } from '../kernel/decimal.js';
import { parseAmount, yuan } from '../kernel/money.js';
import { isMonth, monthsOf, previousMonth } from '../kernel/period.js';
import {
  BUCKETS,
  clauseRef,
  datedValues,
  documentsSchema,
  GRADES,
  PLANS,
  type PlanName,
} from '../policy/policy-schema.js';
import { methodFactsSchema } from '../records/method-facts-schema.js';
import { distributionRuleSchema } from './distribution-plan.js';

/**
 * The file `facts.yaml` that `heyi compute` reads: everything a plan computes from besides policy. Documented in docs/formats/facts.md.
 * Scalars are text; money is yuan with at most two decimals.
 */

const code = z.string().min(1).max(64);
const money = z
  .string()
  .refine(
    (text) => parseAmount(text) !== null,
    '应为元，最多两位小数，不超过十万亿，例如 200000000.00',
  )
  .transform((text) => yuan(text));
const moneyOwned = money.refine((amount) => amount >= 0n, '不能为负');
const decimalText = z
  .string()
  .refine((text) => parseDecimal(text) !== null, '应为十进制数字，例如 0.06')
  .transform((text) => parseDecimal(text) as Decimal);
const notNegative = decimalText.refine((value) => value.gte(0), '不能为负');
const rate = decimalText.refine(
  (value) => value.abs().lte(1),
  '增长率写成小数：6% 写 0.06，不超过 1，不低于 -1',
);
const clause = z.string().min(1).max(200).optional();
const month = z.string().refine(isMonth, '月份应写 YYYY-MM');

const cited = z.strictObject({
  amount: money,
  label: z.string().min(1).max(100).optional(),
  clause,
});
const citedOwned = cited.extend({ amount: moneyOwned });
const growth = z.strictObject({
  rates: z.array(rate).length(3, '应为前三年的三个增长率'),
  clause,
});
const cityBudget = z
  .strictObject({ before: money, after: moneyOwned, clause })
  .refine(({ before }) => before > 0n, '缩减前预算应大于零');

const budget = z.strictObject({
  base: citedOwned.optional(),
  baseAllInProvince: citedOwned.optional(),
  priorBudget: citedOwned.optional(),
  growth: growth.optional(),
  wholeFundGrowth: growth.optional(),
  cityBudget: cityBudget.optional(),
  poolCityBudget: cityBudget.optional(),
  approved: citedOwned.optional(),
  adjustments: z.array(cited).max(50).default([]),
});

/** Amounts by bucket; the region says which must be written (checked-facts.ts). */
const booked = z.partialRecord(z.enum(BUCKETS.filter((bucket) => bucket !== 'excluded')), money);

/** Filed facts by the names that the region declares. */
const filings = z
  .record(z.string(), z.strictObject({ value: z.string().min(1), clause }))
  .default({});

/** A total, or amounts by the month of the settlement dates. */
const prepaid = z.union([money, z.record(month, money)], {
  error: '应为元（最多两位小数），或按月份逐月写出 { 2024-01: 100.00 }',
});

const member = z.strictObject({
  institution: code,
  level: z.enum(INSTITUTION_LEVELS).optional(),
  points: notNegative.optional(),
  booked: booked.optional(),
  paidAtActual: money.optional(),
  prepaid: prepaid.optional(),
  auditDeductions: moneyOwned.optional(),
  sanctions: z.array(code).max(20).default([]),
  kind: code.optional(),
  carriedReceivable: moneyOwned.optional(),
  held: moneyOwned.optional(),
  auditTaken: moneyOwned.optional(),
  /** Purchases that the lead settled for the member: a total, or lines. */
  procurement: z.union([moneyOwned, z.array(cited).max(200)]).optional(),
  filings,
  methods: methodFactsSchema.prefault({}),
});

const pool = z.strictObject({
  budget: budget.optional(),
  booked: booked.optional(),
  otherLines: z.array(cited).max(50).default([]),
  prepaid: prepaid.optional(),
  auditDeductions: moneyOwned.optional(),
  reasonableOverspend: citedOwned.optional(),
  carriedReceivable: moneyOwned.optional(),
  held: moneyOwned.optional(),
  /** Of a year: what its months took for violations. */
  auditTaken: moneyOwned.optional(),
  filings,
  members: z
    .array(member)
    .max(500)
    .default([])
    .refine(
      (members) => new Set(members.map(({ institution }) => institution)).size === members.length,
      '同一机构写了两次',
    ),
});

/** Plans whose period is a month. */
export const MONTHLY: readonly PlanName[] = ['month', 'release'];

export const factsSchema = z
  .strictObject({
    plan: z.enum(PLANS),
    period: z.string().regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/, '应写年 YYYY 或月 YYYY-MM'),
    /** Day of the policy in use; default: the last day of the period. */
    policyDate: z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD').optional(),
    filings,
    distribution: distributionRuleSchema.optional(),
    grade: z.strictObject({ value: z.enum(GRADES), clause }).optional(),
    /** What the region leaves open, in the form of an overlay: same keys as overlays/*.yaml. */
    documents: documentsSchema.default({}),
    sample: z.enum(['true', 'false']).optional(),
    set: z
      .record(
        z.string(),
        z.strictObject({
          values: datedValues.optional(),
          reading: z.string().optional(),
          clause: clauseRef,
        }),
      )
      .default({}),
    pools: z
      .strictObject({ employee: pool.optional(), resident: pool.optional() })
      .refine(({ employee, resident }) => employee !== undefined || resident !== undefined, {
        message: '至少写一个险种（employee 或 resident）',
      }),
  })
  .refine(({ plan, period }) => MONTHLY.includes(plan) === (period.length === 7), {
    path: ['period'],
    message: 'plan: month、release 的 period 应为 YYYY-MM，其他为 YYYY',
  })
  .refine(({ policyDate, period }) => policyDate?.startsWith(period) !== false, {
    path: ['policyDate'],
    message: '须在 period 之内：以后年度不能借用以前的政策',
  })
  .superRefine(({ plan, period, pools }, context) => {
    if (plan !== 'year' || !/^\d{4}$/.test(period)) return;
    for (const path of prepaidOutside(period, pools))
      context.addIssue({
        code: 'custom',
        path: ['pools', ...path],
        message: `应为 ${period} 年的月份，或上年十二月`,
      });
  });

/** Where a prepayment stands for a month that no reading counts to the year. */
function prepaidOutside(
  year: string,
  pools: Readonly<Partial<Record<string, PoolFile | undefined>>>,
): readonly (readonly (string | number)[])[] {
  const months = new Set(monthsOf(year).flatMap((month) => [month, previousMonth(month)]));
  const outside = (file: PoolFile['prepaid']) =>
    typeof file === 'object' ? Object.keys(file).filter((month) => !months.has(month)) : [];
  return Object.entries(pools).flatMap(([name, own]) => [
    ...outside(own?.prepaid).map((month) => [name, 'prepaid', month]),
    ...(own?.members ?? []).flatMap((member, index) =>
      outside(member.prepaid).map((month) => [name, 'members', index, 'prepaid', month]),
    ),
  ]);
}

/** What the file says after reading; `toFacts` gives it the shape the plans take. */
export type FactsFile = z.output<typeof factsSchema>;
export type PoolFile = z.output<typeof pool>;
