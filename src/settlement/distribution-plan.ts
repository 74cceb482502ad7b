import { z } from 'zod';
import { type Decimal, parseDecimal } from '../kernel/decimal.js';
import { byText } from '../kernel/order.js';
import { clauseRef, documentsSchema, PLANS, type PlanName } from '../policy/policy-schema.js';

/**
 * The lead hospital's plan of distribution to members (`<site>/distribution.yaml`, 牵头医院分配方案): by what an amount is split, and the
 * least share that kinds of members must get. Each plan is dated and cites the document that the lead put on file.
 */

const label = z.string().trim().min(1).max(200);
const decimalText = z
  .string()
  .refine((text) => parseDecimal(text)?.gte(0) === true, '应为不小于零的十进制数字，例如 0.35')
  .transform((text) => parseDecimal(text) as Decimal);
const share = decimalText.refine((value) => value.lte(1), '应为 0 到 1 之间的比例');
const period = z.string().regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/, '应写年 YYYY 或月 YYYY-MM');

const MEASURES = ['booked', 'points', 'weights'] as const;
/** By what members are compared: 记账金额, DIP 分值, 方案所定权重. */
export type Measure = (typeof MEASURES)[number];

const split = z
  .strictObject({
    by: z.enum([...MEASURES, 'combination']),
    /** Only of a combination: how much of the amount goes by each measure; adds up to 1. */
    shares: z.partialRecord(z.enum(MEASURES), share).optional(),
    /** Weights of the members by code; a member without one has none. */
    weights: z.record(z.string().min(1).max(64), decimalText).optional(),
  })
  .superRefine(({ by, shares, weights }, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((by === 'combination') !== (shares !== undefined))
      fault('shares', 'by: combination 时写 shares，其他不写');
    const parts = Object.values(shares ?? {});
    const [first, ...rest] = parts;
    if (first !== undefined && !rest.reduce((total, each) => total.plus(each), first).eq(1))
      fault('shares', '各部分之和应为 1');
    const weighted = by === 'weights' || shares?.weights !== undefined;
    if (weighted !== (weights !== undefined)) fault('weights', '按权重分配时写 weights，其他不写');
    if (weights !== undefined && Object.values(weights).every((each) => each.isZero()))
      fault('weights', '至少一个成员单位的权重大于零');
  });

const floor = z.strictObject({
  label,
  /** Kinds of members as consortium.yaml names them. */
  kinds: z.array(z.string().min(1)).min(1),
  /** Least share of the whole amount. */
  share,
});

/** One plan as a facts file may state it: without dates. */
export const distributionRuleSchema = z
  .strictObject({
    label,
    clause: z.string().min(1).max(200),
    sample: z.enum(['true', 'false']).optional(),
    split,
    floors: z.array(floor).max(20).default([]),
  })
  .superRefine(({ floors }, context) => {
    const kinds = floors.flatMap((each) => each.kinds);
    if (new Set(kinds).size !== kinds.length)
      context.addIssue({ code: 'custom', path: ['floors'], message: '同一类机构只能有一个下限' });
    const [first, ...rest] = floors.map((each) => each.share);
    if (first !== undefined && rest.reduce((total, each) => total.plus(each), first).gt(1))
      context.addIssue({ code: 'custom', path: ['floors'], message: '各下限之和不能超过 1' });
  });
export type DistributionRule = z.output<typeof distributionRuleSchema>;

const dated = distributionRuleSchema.safeExtend({
  clause: clauseRef,
  /** First and last period it holds for; a year stands for all its months. */
  from: period,
  to: period.optional(),
  /** Runs it holds for; absent: all. */
  for: z
    .array(z.enum(PLANS.filter((plan) => plan !== 'budget')))
    .min(1)
    .optional(),
});

export const distributionSchema = z
  .strictObject({
    consortium: z.string().min(1),
    documents: documentsSchema,
    plans: z.array(dated).max(200),
  })
  .superRefine(({ documents, plans }, context) => {
    plans.forEach(({ clause, from, to }, index) => {
      const document = clause.split(' ')[0] ?? '';
      if (!Object.hasOwn(documents, document))
        context.addIssue({
          code: 'custom',
          path: ['plans', index, 'clause'],
          message: `documents 中没有列出文件 ${document}`,
        });
      if (to !== undefined && lastMonth(to) < firstMonth(from))
        context.addIssue({ code: 'custom', path: ['plans', index, 'to'], message: '早于 from' });
    });
  });
export type Distribution = Readonly<z.output<typeof distributionSchema>>;

/** The plan for a run: the one that began last among those that hold; null: the default split. */
export function distributionOn(
  { plans }: Pick<Distribution, 'plans'>,
  plan: PlanName,
  of: string,
): DistributionRule | null {
  const holding = plans.filter(
    ({ from, to, for: runs }) =>
      firstMonth(from) <= lastMonth(of) &&
      (to === undefined || lastMonth(to) >= lastMonth(of)) &&
      runs?.some((each) => each === plan) !== false,
  );
  const latest = holding.sort((a, b) => byText(firstMonth(a.from), firstMonth(b.from))).at(-1);
  if (latest === undefined) return null;
  const { from: _, to: __, for: ___, ...rule } = latest;
  return rule;
}

function firstMonth(text: string): string {
  return text.length === 4 ? `${text}-01` : text;
}

function lastMonth(text: string): string {
  return text.length === 4 ? `${text}-12` : text;
}
