/** Quantities are counted in ten-thousandths of a unit, prices in millionths of a yuan: exact integers, no floats. */
export const UNIT = 10_000;
export const MICRO_YUAN = 1_000_000;

const PLAIN_DECIMAL = /^(-?)(\d{1,14})(?:\.(\d+))?$/;

/**
 * Reads a plain decimal into an integer of 10^-places; digits beyond `places` are cut.
 *
 * @throws RangeError when the text is not a plain decimal or does not fit a safe integer
 */
export function parseScaled(text: string, places: number): number {
  const match = PLAIN_DECIMAL.exec(text);
  const digits = (match?.[3] ?? '').slice(0, places).padEnd(places, '0');
  const scaled = Number(`${match?.[2] ?? 'x'}${digits}`);
  if (!Number.isSafeInteger(scaled)) throw new RangeError(`not a plain decimal: ${text}`);
  return match?.[1] === '-' ? -scaled : scaled;
}

/** A quantity in ten-thousandths as people read it: `2`, `0.5`. */
export function quantityText(quantity: number): string {
  const whole = Math.trunc(quantity / UNIT);
  const rest = Math.abs(quantity % UNIT);
  if (rest === 0) return String(whole);
  const sign = quantity < 0 && whole === 0 ? '-' : '';
  return `${sign}${whole}.${String(rest).padStart(4, '0').replace(/0+$/, '')}`;
}
