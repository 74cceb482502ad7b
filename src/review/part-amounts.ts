import { allocate, type Fen, least, sum, toDecimalFen, ZERO_FEN } from '../kernel/money.js';

/** Splits an amount over parts in proportion, to the fen; no part gets more than it weighs. @throws RangeError when it exceeds their sum */
export function splitOver(amount: Fen, parts: readonly Fen[]): readonly Fen[] {
  if (amount < 0n || amount > sum(parts))
    throw new RangeError('amount is beyond what its parts hold');
  if (amount === 0n) return parts.map(() => ZERO_FEN);
  return allocate(amount, parts.map(toDecimalFen));
}

/** One institution's and pool's part of a finding, fund by fund in a fixed order. */
export interface FundShare {
  readonly funds: readonly Fen[];
}

/** What each share and each of its funds gives of an amount. */
export function splitShares(amount: Fen, shares: readonly FundShare[]): readonly FundShare[] {
  const each = splitOver(
    amount,
    shares.map(({ funds }) => sum(funds)),
  );
  return shares.map(({ funds }, index) => ({ funds: splitOver(each[index] ?? ZERO_FEN, funds) }));
}

/** The lines' parts of a stage's amount: in proportion to what was flagged; what an amount exceeds them by belongs to no line. */
export function splitLines(amount: Fen, flagged: readonly Fen[]): readonly Fen[] {
  return splitOver(least(amount, sum(flagged)), flagged);
}
