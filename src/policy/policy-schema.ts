import { z } from 'zod';
import { isIsoDate } from '../kernel/dates.js';

/**
 * The YAML of a region (`config/policies/<region>.yaml`) and of a local overlay. Read with the failsafe schema: every scalar is
 * text, so that `0.10` never becomes a float.
 */

export const GRADES = ['excellent', 'good', 'pass', 'fail'] as const;
/** Year-end assessment grade (考核等次). */
export type Grade = (typeof GRADES)[number];

const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const name = z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, '参数名应为小写英文，以点分段');
const key = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '应为小写英文短词，以连字符连接');
const text = z.string().trim().min(1).max(400);
/** `sanya-2024-6 §三(二)`: a document of the file and its clause. */
export const clauseRef = z
  .string()
  .regex(/^[a-z]+(-[a-z0-9]+)+ §\S.*$/, '应写“文件代号 §条款”，例如 sanya-2024-6 §三(二)');
const rows = z.array(z.string().regex(/^[A-Z]{2}-\d{2}$/)).default([]);

export const documentSchema = z.strictObject({ number: text, title: text, issued: isoDate });
export const documentsSchema = z.record(z.string(), documentSchema);

/** One row of a table parameter: its columns' values. */
const tableRow = z.record(key, text);
export const valueSchema = z.union([
  text,
  z.array(text).min(1),
  z.record(key, text),
  z.array(tableRow).min(1),
]);
export const datedValues = z
  .record(isoDate, valueSchema)
  .refine((values) => Object.keys(values).length > 0, '至少写一个生效日期');

const readingSchema = z.strictObject({
  why: text,
  default: key,
  choices: z.record(key, z.strictObject({ label: text, values: datedValues.optional() })),
});

/** `ratio` 0 to 1, `decimal` any number not negative, `count` a whole number, `yuan` an amount, `table` rows of `columns`. */
export const UNITS = [
  'ratio',
  'decimal',
  'count',
  'yuan',
  'choice',
  'list',
  'date',
  'text',
  'table',
] as const;
export type Unit = (typeof UNITS)[number];

export const parameterSchema = z
  .strictObject({
    label: text,
    rows,
    unit: z.enum(UNITS),
    by: z.enum(['grade', 'pool']).optional(),
    choices: z.record(key, text).optional(),
    /** Only of a table: its columns with the unit of each; a cell may be `none` where a bound is open. */
    columns: z.record(key, z.enum(UNITS)).optional(),
    clause: clauseRef,
    values: datedValues.optional(),
    reading: readingSchema.optional(),
    unspecified: text.optional(),
  })
  .refine(
    ({ values, reading, unspecified }) =>
      [values, reading, unspecified].filter((state) => state !== undefined).length === 1,
    '每个参数恰有一种状态：values（有值）、reading（解读）或 unspecified（未规定）',
  )
  .refine(({ reading }) => reading === undefined || reading.default in reading.choices, {
    path: ['reading', 'default'],
    message: 'default 不在 choices 之中',
  });
export type ParameterRecord = z.infer<typeof parameterSchema>;

export const FILING_UNITS = [
  'yuan',
  'ratio',
  'decimal',
  'count',
  'date',
  'choice',
  'text',
] as const;

/**
 * A fact that the text needs and only people can file (申报事项): an approved figure, a share, a date. A region names it here; the
 * site's records or a facts file give it, cited; steps read it by name.
 */
export const filingSchema = z.strictObject({
  label: text,
  rows,
  unit: z.enum(FILING_UNITS),
  /** Filed apart for each pool, or for each member; absent: once for the consortium. */
  by: z.enum(['pool', 'institution']).optional(),
  /** Whether a year or a month is filed. */
  per: z.enum(['year', 'month']).default('year'),
  choices: z.record(key, text).optional(),
  /** An amount or number that may be below zero. */
  signed: z.enum(['true', 'false']).optional(),
  clause: clauseRef,
});
export type FilingRecord = z.infer<typeof filingSchema>;

export const BUCKETS = [
  'outpatient', // 普通门诊
  'chronic', // 门诊慢性病（特殊疾病）
  'two-disease', // 门诊“两病”
  'inpatient', // 住院
  'bed-day', // 按床日付费的住院
  'pharmacy', // 双通道、定点药店
  'family-doctor', // 家庭医生签约服务费
  'maternity', // 生育医疗
  'out-of-area', // 区域外就医，纳入总额
  'manual', // 零星（手工）报销，纳入总额
  'home-bed', // 急诊、家庭病床等按实支付
  'other', // 其他统筹基金支出, taken off the pool and settled apart
  'outside', // 预算外支出, settled on its own line
  'excluded', // 不纳入总额预算管理
] as const;
/** Where the booked amount of a claim goes. */
export type Bucket = (typeof BUCKETS)[number];

export const scopeRuleSchema = z
  .strictObject({
    id: key,
    label: text,
    when: z.partialRecord(z.enum(['careType', 'treatmentArea', 'channel', 'cause']), key),
    bucket: z.enum(BUCKETS).optional(),
    parameter: name.optional(),
    clause: clauseRef,
    rows,
  })
  .refine(({ bucket, parameter }) => (bucket === undefined) !== (parameter === undefined), {
    message: '每条范围规则写 bucket 或 parameter 之一',
  });
export type ScopeRule = z.infer<typeof scopeRuleSchema>;

const stepNames = z.array(key).min(1);

/** What a region settles: the budget alone, the start-of-year prepayment, a month, the release of a month's held money, the year. */
export const PLANS = ['budget', 'start', 'month', 'release', 'year'] as const;
export type PlanName = (typeof PLANS)[number];

export const regionSchema = z.strictObject({
  region: key,
  name: text,
  effective: z.strictObject({ from: isoDate, clause: clauseRef }),
  extends: key.optional(),
  /** Present: where this rule and an earlier one of a child disagree, this one wins from its effective day. */
  supersedes: z.strictObject({ clause: clauseRef, rows }).optional(),
  documents: documentsSchema,
  plans: z.partialRecord(z.enum(PLANS), stepNames).default({}),
  scope: z.strictObject({ rules: z.array(scopeRuleSchema) }).optional(),
  parameters: z.record(name, parameterSchema),
  filings: z.record(name, filingSchema).default({}),
  /** Indicators of config/assessment/indicators.yaml that the text asks for. */
  indicators: z.record(key, z.strictObject({ rows, clause: clauseRef })).default({}),
});
export type RegionRecord = z.infer<typeof regionSchema>;

export const overlaySchema = z.strictObject({
  overlay: key,
  region: key,
  sample: z.enum(['true', 'false']).optional(),
  documents: documentsSchema,
  set: z.record(
    name,
    z
      .strictObject({ values: datedValues.optional(), reading: key.optional(), clause: clauseRef })
      .refine(({ values, reading }) => (values === undefined) !== (reading === undefined), {
        message: '写 values（给值）或 reading（选解读）之一',
      }),
  ),
});
export type OverlayRecord = z.infer<typeof overlaySchema>;

export type ParameterValue = z.infer<typeof valueSchema>;
