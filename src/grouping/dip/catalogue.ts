import { z } from 'zod';
import { INSTITUTION_LEVELS, type InstitutionLevel } from '../../claims/claim.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';
import { type Fen, parseYuan, yuan } from '../../kernel/money.js';
import { byText } from '../../kernel/order.js';

/** Kinds of entry, in the order that breaks a tie. Core and primary ones go before comprehensive ones altogether. */
export const ENTRY_TYPES = [
  'core-surgery',
  'primary-surgery',
  'core-therapeutic',
  'primary-therapeutic',
  'core-diagnostic',
  'primary-diagnostic',
  'comprehensive-surgery',
  'comprehensive-therapeutic',
  'comprehensive-diagnostic',
  'core-conservative',
  'primary-conservative',
  'comprehensive-conservative',
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** One disease group of the catalogue (病种目录). */
export interface CatalogueEntry {
  readonly code: string;
  readonly name: string;
  readonly type: EntryType;
  /** Prefix of the principal diagnosis. */
  readonly diagnosis: string;
  /** All of the sets must be met, each by any one of its code prefixes. */
  readonly operations: readonly (readonly string[])[];
  readonly score: Decimal;
  readonly mean: Fen;
  /** Reference mean of institutions of a level, where it differs. */
  readonly meanByLevel: Readonly<Partial<Record<InstitutionLevel, Fen>>>;
  /** Same disease, same pay (基层病种): replaces the institution coefficient. */
  readonly coefficient: Decimal | null;
}

/** Entries by diagnosis prefix, ready to group by. */
export interface Catalogue {
  readonly byDiagnosis: ReadonlyMap<string, readonly CatalogueEntry[]>;
  readonly size: number;
}

export const CATALOGUE_COLUMNS = [
  'code',
  'name',
  'type',
  'diagnosis',
  'operations',
  'cases',
  'score',
  'mean',
  'lower',
  'upper',
  'factors',
] as const;

const code = z.string().min(1).max(64);
const money = z
  .string()
  .refine((text) => (parseYuan(text) ?? 0n) > 0n, '应为大于零的元，最多两位小数')
  .transform((text) => yuan(text));
const score = z
  .string()
  .refine((text) => parseDecimal(text)?.gte(0) === true, '应为不小于零的数字')
  .transform((text) => parseDecimal(text) as Decimal);

export const catalogueRowSchema = z.object({
  code,
  name: z.string().min(1).max(200),
  type: z.enum(ENTRY_TYPES),
  diagnosis: code,
  operations: z.string().max(500),
  cases: z.string().regex(/^\d{1,9}$/, '应为整数'),
  score,
  mean: money,
  lower: z.union([money, z.literal('')]),
  upper: z.union([money, z.literal('')]),
  factors: z.string().max(300).transform(parseFactors),
});

/** `36.06/36.07+88.55`: every set joined by `+`, any code of a set apart by `/`. */
export function parseOperations(text: string): readonly (readonly string[])[] {
  if (text.trim() === '') return [];
  return text.split('+').map((set) => set.split('/').map((each) => each.trim()));
}

interface Factors {
  readonly coefficient: Decimal | null;
  readonly meanByLevel: Readonly<Partial<Record<InstitutionLevel, Fen>>>;
}

/** `coefficient=1;mean.primary=5000.00`. */
function parseFactors(text: string, context: z.RefinementCtx): Factors {
  const meanByLevel: Partial<Record<InstitutionLevel, Fen>> = {};
  let coefficient: Decimal | null = null;
  for (const pair of text.split(';').filter((each) => each.trim() !== '')) {
    const [name = '', value = ''] = pair.trim().split('=');
    const level = INSTITUTION_LEVELS.find((each) => name === `mean.${each}`);
    const mean = parseYuan(value);
    if (level !== undefined && mean !== null && mean > 0n) meanByLevel[level] = mean;
    else if (name === 'coefficient' && parseDecimal(value)?.gt(0) === true)
      coefficient = parseDecimal(value);
    else context.addIssue({ code: 'custom', message: `不认识的系数 ${pair}` });
  }
  return { coefficient, meanByLevel };
}

export function toEntry(row: z.output<typeof catalogueRowSchema>): CatalogueEntry {
  const { code: entryCode, name, type, diagnosis, operations, score: points, mean, factors } = row;
  return {
    code: entryCode,
    name,
    type,
    diagnosis,
    operations: parseOperations(operations),
    score: points,
    mean,
    ...factors,
  };
}

export function catalogueOf(entries: readonly CatalogueEntry[]): Catalogue {
  const byDiagnosis = new Map<string, CatalogueEntry[]>();
  for (const entry of entries.toSorted((a, b) => byText(a.code, b.code)))
    byDiagnosis.set(entry.diagnosis, [...(byDiagnosis.get(entry.diagnosis) ?? []), entry]);
  return { byDiagnosis, size: entries.length };
}
