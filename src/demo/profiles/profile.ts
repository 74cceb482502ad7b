import type { SourceKind } from '../county/institutions.js';

/** `[item key, least quantity, greatest quantity, permille of claims that have it]` */
export type Charge = readonly [key: string, least: number, greatest: number, permille: number];

interface Fitting {
  readonly key: string;
  /** Principal diagnosis, insured edition of ICD-10. */
  readonly diagnosis: string;
  readonly others: readonly string[];
  readonly sex?: 'male' | 'female';
  /** Completed years, both ends included. */
  readonly ages: readonly [number, number];
  readonly sources: readonly SourceKind[];
  /** Relative frequency among the profiles that fit. */
  readonly weight: number;
  readonly department: string;
}

export interface OutpatientProfile extends Fitting {
  readonly careType: 'outpatient' | 'chronic' | 'two-disease' | 'emergency' | 'family-planning';
  readonly charges: readonly Charge[];
}

export interface InpatientProfile extends Fitting {
  /** ICD-9-CM-3 codes, insured edition, the principal one first; all on the day of operation. */
  readonly procedures: readonly string[];
  /** Days of stay, both ends included. */
  readonly stay: readonly [number, number];
  /** Charged every day of the stay. */
  readonly daily: readonly Charge[];
  /** Charged once, on the day after admission. */
  readonly once: readonly Charge[];
}

export const HOSPITALS = ['lead', 'tcm'] as const;
export const TOWNSHIP = ['township'] as const;
export const CLINIC = ['clinic-xml', 'clinic-csv'] as const;
export const PRIMARY = [...TOWNSHIP, ...CLINIC] as const;
export const EVERYWHERE = [...HOSPITALS, ...PRIMARY] as const;
