import { type Fraction, fraction } from './arithmetic.js';

/** What the expected figures depend on besides claims; amounts in fen. Read from the same files that people edit. */
export interface PolicyInputs {
  readonly prepaymentRate: Fraction;
  readonly depositRate: Fraction;
  /** Of the deposit, for the year's grade. */
  readonly depositForfeit: Fraction;
  readonly overspendShare: Fraction;
  readonly overspendCeiling: Fraction | null;
  readonly surplusRetention: Fraction;
  readonly sanctioned: readonly string[];
  readonly pools: Readonly<Record<'employee' | 'resident', PoolInputs>>;
  readonly dip: DipInputs;
}

export interface PoolInputs {
  readonly base: bigint;
  readonly growth: Fraction;
  readonly adjustments: bigint;
  readonly otherLines: bigint;
}

export interface DipInputs {
  readonly entries: readonly DipEntry[];
  readonly deviation: readonly DeviationBand[];
  readonly decimals: number;
  readonly ungrouped: {
    readonly mean: bigint;
    readonly score: Fraction;
    readonly coefficient: Fraction;
  };
  readonly byLevel: Readonly<Record<string, Fraction>>;
  readonly byInstitution: Readonly<Record<string, Fraction>>;
}

export interface DipEntry {
  readonly code: string;
  readonly comprehensive: boolean;
  readonly diagnosis: string;
  readonly operations: readonly (readonly string[])[];
  readonly score: Fraction;
  readonly mean: bigint;
  readonly coefficient: Fraction | null;
}

export interface DeviationBand {
  readonly upTo: Fraction | null;
  readonly inclusive: boolean;
  readonly slope: Fraction;
  readonly constant: Fraction;
}

/** Yuan text to fen. */
export function fenOf(yuan: string): bigint {
  const { over, under } = fraction(yuan);
  return (over * 100n) / under;
}
