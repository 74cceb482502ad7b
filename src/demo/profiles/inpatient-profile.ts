import type { Charge, InpatientProfile } from './profile.js';

type Row = Omit<InpatientProfile, 'others' | 'procedures'> &
  Partial<Pick<InpatientProfile, 'others' | 'procedures'>>;
export const inpatient = (row: Row): InpatientProfile => ({ others: [], procedures: [], ...row });

export const WARD: readonly Charge[] = [
  ['ward-round', 1, 1, 1000],
  ['bed', 1, 1, 1000],
  ['nursing-2', 1, 1, 1000],
  ['infusion', 1, 3, 900],
  ['special-nursing', 1, 2, 600],
  ['glucose', 1, 3, 450],
  ['oximetry', 6, 24, 350],
];
export const BLOOD: readonly Charge[] = [
  ['glucose', 1, 1, 900],
  ['potassium', 1, 1, 900],
  ['sodium', 1, 1, 900],
  ['chloride', 1, 1, 800],
  ['crp', 1, 1, 600],
  ['ecg', 1, 1, 800],
  ['ferritin', 1, 1, 300],
  ['x-ray', 1, 1, 400],
];
