import { Decimal } from '../../kernel/decimal.js';
import { type Fen, subtract, toDecimalFen } from '../../kernel/money.js';

/**
 * What a price stands for: `fund-points` the fund's part itself; `cost-ratio` the whole cost, of which the fund pays the part it had in
 * the bookings; `standard-minus-patient` the whole cost, less what others paid.
 */
export const PAYABLE_BASES = ['fund-points', 'cost-ratio', 'standard-minus-patient'] as const;
export type PayableBasis = (typeof PAYABLE_BASES)[number];

/** What was booked of what the same cases cost. */
export interface Paid {
  readonly booked: Fen;
  readonly cost: Fen;
}

/** The fund's part of a standard in fen, before rounding. Nothing cost: nothing is paid by ratio. */
export function fundPart(standard: Decimal, { booked, cost }: Paid, basis: PayableBasis): Decimal {
  if (basis === 'fund-points') return standard;
  if (basis === 'standard-minus-patient')
    return standard.minus(toDecimalFen(subtract(cost, booked)));
  return cost === 0n
    ? new Decimal(0)
    : standard.times(toDecimalFen(booked)).div(toDecimalFen(cost));
}
