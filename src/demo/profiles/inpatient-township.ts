import { BLOOD, inpatient } from './inpatient-profile.js';
import { type Charge, type InpatientProfile, TOWNSHIP } from './profile.js';

const TOWNSHIP_WARD: readonly Charge[] = [
  ['ward-round', 1, 1, 1000],
  ['bed-township', 1, 1, 1000],
  ['nursing-3', 1, 1, 1000],
  ['infusion', 1, 2, 950],
  ['glucose', 1, 1, 400],
  ['potassium', 1, 1, 300],
];

/** Stays at a township centre. */
export const TOWNSHIP_STAYS: readonly InpatientProfile[] = [
  { key: 'township-pneumonia', diagnosis: 'J18.900', ages: [18, 88] as const, weight: 6 },
  { key: 'township-copd', diagnosis: 'J44.100', ages: [55, 88] as const, weight: 4 },
  { key: 'township-urinary', diagnosis: 'N39.000', ages: [30, 86] as const, weight: 4 },
  { key: 'township-gastritis', diagnosis: 'K29.500', ages: [25, 85] as const, weight: 5 },
].map((row) =>
  inpatient({
    ...row,
    sources: TOWNSHIP,
    department: '内科',
    stay: [4, 8],
    daily: [...TOWNSHIP_WARD, ['oxygen', 1, 6, 200], ['crp', 1, 1, 250]],
    once: [...BLOOD.slice(0, 4), ['x-ray', 1, 1, 600], ['stool', 1, 1, 400]],
  }),
);
