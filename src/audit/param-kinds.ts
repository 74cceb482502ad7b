import { z } from 'zod';
import { FEE_CLASSES } from '../claims/claim.js';
import { type Decimal, parseDecimal } from '../kernel/decimal.js';

/** Kinds of parameters that templates share. */

/** A ratio or share, not negative. */
export const ratioParam = z
  .string()
  .refine((text) => parseDecimal(text)?.gte(0) === true, '应为不小于零的比值，例如 0.5')
  .transform((text): Decimal => parseDecimal(text) as Decimal);

export const feeClassesParam = z.array(z.enum(FEE_CLASSES)).min(1);

/** Beginnings of codes. */
export const prefixesParam = z.array(z.string().min(1));

export function startsWithAny(code: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => code.startsWith(prefix));
}
