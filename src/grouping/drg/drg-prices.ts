import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';
import { type Fen, parseYuan, yuan } from '../../kernel/money.js';
import { clauseRef, documentsSchema } from '../../policy/policy-schema.js';

/**
 * A DRG price package (`<site>/drg/<package>.yaml`): weights and mean costs of the groups, as a city publishes them. Unsigned until it
 * cites a document. Multiples, stays and coefficients are parameters of the region.
 */
export const drgPackageSchema = z
  .strictObject({
    package: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    title: z.string().min(1).max(200),
    /** The document that puts the package in force; absent: unsigned. */
    signed: z
      .strictObject({ clause: clauseRef, sample: z.enum(['true', 'false']).default('false') })
      .optional(),
    documents: documentsSchema.default({}),
    /** CSV beside this file. */
    prices: z.string().regex(/^[\w.-]+\.csv$/, '应为同一文件夹中的 CSV 文件名'),
    /** Decimals of a case's points or weight, rounded half-up once. */
    caseDecimals: z
      .string()
      .regex(/^[0-8]$/, '应为 0 到 8')
      .transform(Number),
  })
  .refine(
    ({ signed, documents }) =>
      signed === undefined || (signed.clause.split(' ')[0] ?? '') in documents,
    { path: ['signed', 'clause'], message: 'documents 中没有列出该文件' },
  );
export type DrgPackage = Readonly<z.output<typeof drgPackageSchema>>;

/** What a group is worth. */
export interface DrgPrice {
  readonly code: string;
  readonly weight: Decimal;
  readonly mean: Fen;
  /** Mean at institutions of a level, where it differs. */
  readonly meanByLevel: Readonly<Partial<Record<InstitutionLevel, Fen>>>;
}

const meanColumns = INSTITUTION_LEVELS.map((level) => `mean_${level}` as const);
export const PRICE_COLUMNS = ['code', 'name', 'weight', 'mean', ...meanColumns] as const;

const amount = z
  .string()
  .refine((text) => (parseYuan(text) ?? 0n) > 0n, '应为大于零的元，最多两位小数')
  .transform((text) => yuan(text));
const optional = z.union([amount, z.literal('').transform(() => null)]);

export const priceRowSchema = z
  .object({
    code: z.string().min(1).max(64),
    weight: z
      .string()
      .refine((text) => parseDecimal(text)?.gt(0) === true, '应为大于零的数字')
      .transform((text) => parseDecimal(text) as Decimal),
    mean: amount,
    mean_village: optional,
    mean_primary: optional,
    mean_secondary: optional,
    mean_tertiary: optional,
  })
  .transform(({ code, weight, mean, ...means }): DrgPrice => {
    const meanByLevel: Partial<Record<InstitutionLevel, Fen>> = {};
    for (const level of INSTITUTION_LEVELS) {
      const own = means[`mean_${level}`];
      if (own !== null) meanByLevel[level] = own;
    }
    return { code, weight, mean, meanByLevel };
  });
