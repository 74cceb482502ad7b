/** Quantities are counted in ten-thousandths of a unit, prices in millionths of a yuan: exact integers, no floats. */
export const UNIT = 10_000;
export const MICRO_YUAN = 1_000_000;

const PLAIN_DECIMAL = /^-?\d{1,14}(\.\d+)?$/;

/**
 * Reads a plain decimal into an integer of 10^-places; digits beyond `places` are cut.
 *
 * @throws RangeError when the text is not a plain decimal or does not fit a safe integer
 */
export function parseScaled(text: string, places: number): number {
  if (!PLAIN_DECIMAL.test(text)) throw new RangeError(`not a plain decimal: ${text}`);
  const dot = text.indexOf('.');
  const decimals = dot === -1 ? 0 : Math.min(places, text.length - dot - 1);
  const digits = dot === -1 ? text : text.slice(0, dot) + text.slice(dot + 1, dot + 1 + decimals);
  const scaled = Number(digits) * 10 ** (places - decimals);
  if (!Number.isSafeInteger(scaled)) throw new RangeError(`too large: ${text}`);
  return scaled === 0 ? 0 : scaled; // never -0
}

/** A quantity in ten-thousandths as people read it: `2`, `0.5`. */
export function quantityText(quantity: number): string {
  const whole = Math.trunc(quantity / UNIT);
  const rest = Math.abs(quantity % UNIT);
  if (rest === 0) return String(whole);
  const sign = quantity < 0 && whole === 0 ? '-' : '';
  return `${sign}${whole}.${String(rest).padStart(4, '0').replace(/0+$/, '')}`;
}

const SCALE_PER_FEN = (UNIT * MICRO_YUAN) / 100;

/** Whether quantity × price differs from the amount in fen by more than the tolerance; exact whatever the size. */
export function productDiffers(
  quantity: number,
  unitPrice: number,
  amountFen: number,
  toleranceFen: number,
): boolean {
  const product = quantity * unitPrice;
  const amount = amountFen * SCALE_PER_FEN;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(amount)) {
    return Math.abs(product - amount) > toleranceFen * SCALE_PER_FEN;
  }
  const difference =
    BigInt(quantity) * BigInt(unitPrice) - BigInt(amountFen) * BigInt(SCALE_PER_FEN);
  const magnitude = difference < 0n ? -difference : difference;
  return magnitude > BigInt(toleranceFen * SCALE_PER_FEN);
}
