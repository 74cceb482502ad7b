/**
 * What the oracle is given: rows as they stand at the sources, and what has to become of each. It imports nothing of the product, so a
 * mistake there cannot be agreed with here.
 */

/** A claim at its source, in fen. */
export interface TrueClaim {
  readonly institution: string;
  readonly claimNo: string;
  readonly settledBy: string;
  readonly pool: string;
  /** Month by the source's clock. */
  readonly month: string;
  readonly settledOn: string;
  readonly totalFen: bigint;
  readonly bookedFen: bigint;
  readonly fundFen: bigint;
  readonly lines: ReadonlyMap<string, bigint>;
  /** A claim that must not land, but has to be held with a reason. */
  readonly refused: boolean;
}

/** Booked fen that a period has to count. */
export interface TrueBooking {
  readonly period: string;
  readonly pool: string;
  readonly fen: bigint;
}

export interface Truth {
  readonly consortium: string;
  readonly claims: readonly TrueClaim[];
  /** What each period counts, where claims changed after their month was closed; absent: the claims by the period they stand in. */
  readonly bookings?: readonly TrueBooking[];
}

/** What the judge found. All zero and empty: the invariants held. */
export interface Verdict {
  /** Rows and amounts at the source that stand nowhere. */
  readonly lost: readonly string[];
  /** Rows, bookings or messages that took effect more than once, or that no source knows. */
  readonly double: readonly string[];
  /** Outcomes nobody knows and nothing flags. */
  readonly unknown: readonly string[];
  /** Other invariants, each line starting with its name. */
  readonly broken: readonly string[];
}

export const NOTHING_WRONG: Verdict = { lost: [], double: [], unknown: [], broken: [] };

export function merged(verdicts: readonly Verdict[]): Verdict {
  return {
    lost: verdicts.flatMap(({ lost }) => lost),
    double: verdicts.flatMap(({ double }) => double),
    unknown: verdicts.flatMap(({ unknown }) => unknown),
    broken: verdicts.flatMap(({ broken }) => broken),
  };
}

export const isClean = ({ lost, double, unknown, broken }: Verdict): boolean =>
  lost.length + double.length + unknown.length + broken.length === 0;
