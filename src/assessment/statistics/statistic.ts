import { z } from 'zod';
import { FEE_CLASSES, INSTITUTION_LEVELS, ITEM_KINDS } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { isIsoDate } from '../../kernel/dates.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';

/**
 * Statistics rules (统计规则, template T16): an indicator of an institution beside its peers and its own last year. They give clues for
 * assessment and never touch money. One file of `config/audit/indicators` each.
 *
 * @source smart-audit framework, class of indicators ZB0205
 */

const number = z
  .string()
  .refine((text) => parseDecimal(text) !== null, '应为小数，例如 0.20')
  .transform((text): Decimal => parseDecimal(text) as Decimal);
const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const days = whole(0, 366);

/** Claim-level totals by institution and month; the fee ones in fen. */
export const CLAIM_TOTALS = [
  'fee',
  'fee-inpatient',
  'fee-outpatient',
  'fee-outside-scope',
  'fund',
  'visits',
  'admissions',
  'visits-and-admissions',
  'bed-days',
  'transfers',
  'against-advice',
] as const;
export type ClaimTotal = (typeof CLAIM_TOTALS)[number];

/** What the books are asked for. Numbers that decide what counts stand here, in the record, never in the query. */
export const measureSchema = z.union([
  z.enum(CLAIM_TOTALS),
  /** Cost of lines, in fen: by kind, by the fee class the source gives, else by the beginning of the national code. */
  z.strictObject({
    measure: z.literal('lines'),
    kinds: z.array(z.enum(ITEM_KINDS)).optional(),
    classes: z.array(z.enum(FEE_CLASSES)).optional(),
    stems: z.array(z.string().regex(/^\d{4,6}$/)).optional(),
  }),
  /** Stays that began within so many days of a discharge, counted where the person was discharged. */
  z.strictObject({
    measure: z.literal('readmissions'),
    days,
    exempt: z.array(z.string()).default([]),
  }),
  /** Stays that have a group standard, and those whose cost is below a part of it. */
  z.strictObject({ measure: z.literal('priced-stays'), below: number.optional() }),
  /** Of the stays that have a group standard: what they cost, or stand for, in fen. */
  z.strictObject({ measure: z.literal('priced-stays-sum'), of: z.enum(['fee', 'standard']) }),
  /** Stays that have a group, and those shorter than a part, or longer than a multiple, of the group's mean in the consortium. */
  z.strictObject({
    measure: z.literal('grouped-stays'),
    below: number.optional(),
    above: number.optional(),
  }),
  /** Persons with a visit, or a stay, in a month; over several months each counts once a month. */
  z.strictObject({ measure: z.literal('persons'), of: z.enum(['visits', 'admissions']) }),
  /** Days, or hours, on which a doctor of some levels had an outpatient claim, and those with more claims than so many. */
  z.strictObject({
    measure: z.literal('doctor-time'),
    unit: z.enum(['day', 'hour']),
    levels: z.array(z.enum(INSTITUTION_LEVELS)).min(1),
    over: whole(1, 10_000).optional(),
  }),
  /** Outpatient claims that end a row of so many with the same sum and the same items within so many minutes. */
  z.strictObject({
    measure: z.literal('alike-claims'),
    claims: whole(2, 10_000),
    minutes: whole(1, 1440),
  }),
  /** Stays whose group standard reaches this quantile of the year before the period. */
  z.strictObject({ measure: z.literal('heavy-stays'), quantile: number }),
  /** Emergency visits, and those whose person was admitted by another member within so many days. */
  z.strictObject({ measure: z.literal('emergency'), admittedElsewhereWithin: days.optional() }),
  /** Stays of insured people for which the fund paid nothing. */
  z.strictObject({ measure: z.literal('unpaid-stays') }),
  /** Outpatient cost, in fen, of the person in so many days before admission and after discharge. */
  z.strictObject({ measure: z.literal('outpatient-around-stays'), before: days, after: days }),
  /** Fund paid for treatment outside the insured area, in fen. */
  z.strictObject({ measure: z.literal('out-of-area-fund') }),
]);
export type MeasureSpec = z.output<typeof measureSchema>;

/** What makes a value stand out. `by`: how far; absent where the yardstick says it all. */
const flagSchema = z.discriminatedUnion('over', [
  z.strictObject({ over: z.literal('peer-p90') }),
  z.strictObject({ over: z.literal('robust-z'), by: number }),
  /** Own last year by so much of the value itself (0.20 = a fifth worse), or by so many points (0.02 = two per cent points). */
  z.strictObject({ over: z.literal('last-year'), by: number, as: z.enum(['part', 'points']) }),
  /** A yardstick of the locality's own. */
  z.strictObject({ over: z.literal('reference'), by: number }),
]);
export type Flag = z.output<typeof flagSchema>;

const partSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    label: z.string().min(2),
    official: z
      .string()
      .regex(/^(GZ|ZB)\d{14}$/)
      .nullable()
      .default(null),
    numerator: measureSchema.optional(),
    denominator: measureSchema.optional(),
    /** Why nothing in the books can give it yet: stands in the report instead of a value. */
    unavailable: z.string().min(4).optional(),
    worse: z.enum(['higher', 'lower']).default('higher'),
    flags: z.array(flagSchema).default([]),
    /** `all`: only where every yardstick agrees. */
    flagged: z.enum(['any', 'all']).default('any'),
  })
  .refine((part) => (part.unavailable === undefined) === (part.numerator !== undefined), {
    message: '写 numerator、denominator、flags，或写 unavailable',
  })
  .refine((part) => (part.numerator === undefined) === (part.denominator === undefined), {
    message: 'numerator 与 denominator 须同时写',
  });
export type Part = z.output<typeof partSchema>;

const caseSchema = z.strictObject({
  name: z.string().min(2),
  part: z.string(),
  value: number,
  cases: whole(0, 1_000_000).default(1000),
  peers: z.array(number).default([]),
  lastYear: number.optional(),
  flagged: z.enum(['yes', 'no', 'not-applicable']),
});

export const statisticSchema = z
  .strictObject({
    id: z.string().regex(/^(STA|CMX|OPD)-\d{2}$/, '统计规则编号形如 STA-01'),
    version: z.string().regex(/^\d+\.\d+$/, '版本形如 1.0'),
    title: z.string().min(2),
    titleEn: z.string().min(2),
    class: z.literal('CLUE'),
    status: z.enum(['DRAFT', 'ACTIVE', 'SUSPENDED', 'RETIRED']),
    effective: z.strictObject({ from: isoDate, until: isoDate.optional() }),
    basis: z.array(z.string().regex(/^[a-z][a-z0-9.-]*( §.+)?$/)).min(1),
    /** Each institution, or the consortium as a whole. */
    of: z.enum(['institution', 'consortium']).default('institution'),
    /** Fewer cases than this say nothing. */
    cases: z.strictObject({ of: measureSchema, atLeast: whole(1, 100_000) }),
    /** Members of one level and kind; fewer than this have no 90th percentile worth the name. */
    peersAtLeast: whole(2, 1000).default(3),
    /** Largest part of service cost without fee class and national code before shares of it say nothing. */
    unclassifiedAtMost: number.default(parseDecimal('0') as Decimal),
    parts: z.array(partSchema).min(1),
    /** So many parts must stand out. */
    flagAtLeast: whole(1, 20).default(1),
    /** The worsening of this part over last year, times its denominator, is an amount assessment may use. */
    exports: z.string().optional(),
    explain: z.strictObject({
      means: z.string().min(6),
      fires: z.string().min(6),
      misses: z.string().min(6),
    }),
    examples: z.array(caseSchema).min(2),
  })
  .superRefine(({ parts, examples, exports }, context) => {
    const known = new Set(parts.map(({ id }) => id));
    for (const name of [...examples.map(({ part }) => part), ...(exports ? [exports] : [])])
      if (!known.has(name)) context.addIssue({ code: 'custom', message: `没有分项 ${name}` });
  });
export type Statistic = z.output<typeof statisticSchema>;
