import { z } from 'zod';
import { isIsoDate } from '../kernel/dates.js';
import { type Decimal, parseDecimal } from '../kernel/decimal.js';
import { parseAmount, yuan, ZERO_FEN } from '../kernel/money.js';
import { SPECIAL_OUTCOMES } from './method-facts.js';

/** `methods` of a member in facts.yaml and in records.yaml (docs/formats/facts.md). Scalars are text; money is yuan. */

const code = z.string().min(1).max(64);
const money = z
  .string()
  .refine((text) => (parseAmount(text) ?? -1n) >= 0n, '应为不小于零的元，最多两位小数')
  .transform((text) => yuan(text));
const count = z
  .string()
  .regex(/^\d{1,9}$/, '应为不小于零的整数')
  .transform(Number);
const score = z
  .string()
  .refine((text) => parseDecimal(text)?.gte(0) === true, '应为不小于零的十进制数字')
  .transform((text) => parseDecimal(text) as Decimal);
const positive = score.refine((value) => value.gt(0), '应大于零');
const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const nothing = z.literal('none').transform(() => null);

const drgCase = z.strictObject({
  caseNo: code,
  weight: positive,
  mean: money.refine((amount) => amount > 0n, '应大于零'),
  cost: money,
  booked: money,
  days: count,
});

const specialCase = z
  .strictObject({
    caseNo: code,
    counted: score,
    outcome: z.enum(SPECIAL_OUTCOMES),
    decided: z.union([score, nothing]).default(null),
    byItem: z.union([money, nothing]).default(null),
    reviewers: z.array(code).max(20).default([]),
  })
  .refine(({ outcome, decided }) => (outcome === 'score') === (decided !== null), {
    path: ['decided'],
    message: 'outcome 为 score 时写评定的分值，其他不写',
  })
  .refine(({ outcome, byItem }) => (outcome === 'by-item') === (byItem !== null), {
    path: ['byItem'],
    message: 'outcome 为 by-item 时写按项目支付的金额，其他不写',
  });

const tcmCase = z.strictObject({
  caseNo: code,
  group: code,
  days: count,
  classes: count,
  counted: score,
  otherwise: score,
  fees: z.strictObject({
    tcmTreatment: money,
    patentTcm: money,
    pieces: money,
    westernTreatment: money,
    westernDrugs: money,
    surgery: money,
    consumables: money,
  }),
});

const bedDays = z.strictObject({ class: code, nights: count, stays: count });

const span = z
  .strictObject({ group: code, persons: count, from: isoDate, to: isoDate })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: '不能早于 from' });

const signed = z
  .strictObject({ persons: count, served: count })
  .refine(({ persons, served }) => served <= persons, {
    path: ['served'],
    message: '签约且服务的人数不能多于签约人数',
  });

const list = <Item extends z.ZodType>(item: Item, most: number) =>
  z.array(item).max(most).default([]);

export const methodFactsSchema = z
  .strictObject({
    discharges: z.union([count, nothing]).default(null),
    inpatientCost: z.union([money, nothing]).default(null),
    drgWeight: z.union([score, nothing]).default(null),
    drgCases: list(drgCase, 10_000),
    specialCases: list(specialCase, 2_000),
    tcmCases: list(tcmCase, 10_000),
    bedDays: list(bedDays, 2_000),
    bedDayCost: z.union([money, nothing]).default(null),
    roster: list(span, 2_000),
    outOfNetwork: money.default(ZERO_FEN),
    signed: z.union([signed, nothing]).default(null),
    clause: z.string().min(1).max(200).nullable().default(null),
  })
  .superRefine((facts, context) => {
    for (const name of ['drgCases', 'specialCases', 'tcmCases'] as const) {
      const seen = new Set<string>();
      facts[name].forEach(({ caseNo }, index) => {
        if (seen.has(caseNo))
          context.addIssue({ code: 'custom', path: [name, index], message: `${caseNo} 写了两次` });
        seen.add(caseNo);
      });
    }
  });
