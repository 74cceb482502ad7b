import { z } from 'zod';
import { INSTITUTION_LEVELS } from '../../claims/claim.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';
import { clauseRef, documentsSchema } from '../../policy/policy-schema.js';
import { supplementSchema } from './supplement.js';

/**
 * A DIP rule package (`<site>/dip/<package>.yaml`): how a case gets its points. The DIP rules that the policies refer to are not public, so
 * a package is loaded from outside and stays `unsigned` until it cites a document; an unsigned one halts settlement.
 */

const decimalText = z
  .string()
  .refine((text) => parseDecimal(text) !== null, '应为十进制数字，例如 0.5')
  .transform((text) => parseDecimal(text) as Decimal);
const positive = decimalText.refine((value) => value.gt(0), '应大于零');
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const places = z
  .string()
  .regex(/^[0-8]$/, '应为 0 到 8')
  .transform(Number);

/**
 * One interval of r = cost ÷ mean. Rows stand in ascending order and each takes what the rows before it left, so that every r > 0 falls
 * into exactly one. factor = slope × r + constant (+ coefficient when `addCoefficient`).
 */
const deviationRow = z.strictObject({
  upTo: positive.optional(),
  inclusive: flag.optional(),
  slope: decimalText,
  constant: decimalText,
  addCoefficient: flag.default(false),
  applyCoefficient: flag.default(true),
  review: flag.default(false),
});
export type DeviationRow = z.output<typeof deviationRow>;

const deviation = z
  .array(deviationRow)
  .min(1)
  .superRefine((rows, context) => {
    const issue = (index: number, message: string): void =>
      context.addIssue({ code: 'custom', path: [index], message });
    rows.forEach(({ upTo, inclusive }, index) => {
      const last = index === rows.length - 1;
      const before = rows[index - 1]?.upTo;
      if (last !== (upTo === undefined)) issue(index, '只有最后一行不写 upTo');
      if ((upTo === undefined) !== (inclusive === undefined))
        issue(index, 'upTo 与 inclusive 一起写');
      if (upTo !== undefined && before?.gte(upTo) === true) issue(index, 'upTo 应逐行递增');
    });
  });

const coefficientByPool = z.union([
  positive,
  z.strictObject({ employee: positive, resident: positive }),
]);

export const rulePackageSchema = z
  .strictObject({
    package: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    title: z.string().min(1).max(200),
    /** The document that puts the package in force; absent: unsigned. */
    signed: z.strictObject({ clause: clauseRef, sample: flag.default(false) }).optional(),
    documents: documentsSchema.default({}),
    /** CSV beside this file. */
    catalogue: z.string().regex(/^[\w.-]+\.csv$/, '应为同一文件夹中的 CSV 文件名'),
    /** Decimals of a case's points, rounded half-up once. */
    caseDecimals: places,
    /** Decimals of the point value as shown; the pool is never split by it. */
    pointValueDecimals: places,
    deviation,
    /** A case that no entry of the catalogue fits: cost ÷ mean × score × coefficient, no institution coefficient. */
    ungrouped: z.strictObject({ mean: positive, score: positive, coefficient: positive }),
    /** Factors by patient and stay on the points of grouped cases: the highest that holds. */
    supplements: z.array(supplementSchema).max(500).default([]),
    /** A case whose entry has score 0: paid at its booked amount off the pool. */
    zeroScore: z.literal('actual'),
    coefficients: z.strictObject({
      byLevel: z.partialRecord(z.enum(INSTITUTION_LEVELS), positive).default({}),
      byInstitution: z.record(z.string(), coefficientByPool).default({}),
    }),
  })
  .refine(
    ({ signed, documents }) =>
      signed === undefined || (signed.clause.split(' ')[0] ?? '') in documents,
    {
      path: ['signed', 'clause'],
      message: 'documents 中没有列出该文件',
    },
  );
export type RulePackage = Readonly<z.output<typeof rulePackageSchema>>;
