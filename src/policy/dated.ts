import type { IsoDate } from '../kernel/dates.js';
import { byText } from '../kernel/order.js';
import type { ParameterValue } from './policy-schema.js';

export interface DatedValue {
  readonly from: IsoDate;
  readonly value: ParameterValue;
}

/** The value in force on a day: the latest that starts on or before it; null before the first. */
export function valueOn(
  values: Readonly<Record<IsoDate, ParameterValue>>,
  on: IsoDate,
): DatedValue | null {
  const from = Object.keys(values)
    .filter((date) => date <= on)
    .sort(byText)
    .at(-1);
  const value = from === undefined ? undefined : values[from];
  return from === undefined || value === undefined ? null : { from, value };
}
