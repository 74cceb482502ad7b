import { z } from 'zod';
import { parseDecimal } from '../../kernel/decimal.js';
import { MICRO_YUAN } from '../scaled.js';

/** Kinds of cells that tables share. */

export const code = z.string().min(1).max(64);

/** Codes with a space between two. */
export const codes = z
  .string()
  .min(1)
  .transform((text) => text.split(/\s+/).filter((each) => each !== ''));

/** A price in yuan, at most 6 places, as millionths of a yuan. */
export const yuanCell = z
  .string()
  .refine((text) => {
    const value = parseDecimal(text)?.times(MICRO_YUAN);
    return value?.isInteger() === true && value.gte(0) && value.lte(Number.MAX_SAFE_INTEGER);
  }, '应为不小于 0 的元，最多 6 位小数')
  .transform((text) => parseDecimal(text)?.times(MICRO_YUAN).toNumber() ?? 0);
