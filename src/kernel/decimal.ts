import { Decimal } from 'decimal.js';

/** 40 significant digits: the library's default of 20 rounds silently. Set once, here. */
Decimal.set({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -40, toExpPos: 40 });

export { Decimal };

const DECIMAL_TEXT = /^-?\d{1,20}(\.\d{1,20})?$/;

/** Reads a plain decimal text (`0.10`, `-3`, `12.3456`); null for anything else, also exponents and blanks. */
export function parseDecimal(text: string): Decimal | null {
  return DECIMAL_TEXT.test(text) ? new Decimal(text) : null;
}

/** A decimal written in code or a trusted file. @throws RangeError when the text is not a plain decimal. */
export function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  if (parsed === null) throw new RangeError(`not a plain decimal: ${text}`);
  return parsed;
}

/** A ratio as people read it: 0.25 as `25%`. */
export const percent = (ratio: Decimal): string => `${ratio.times(100).toFixed()}%`;
