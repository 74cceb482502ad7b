import type { Charge, OutpatientProfile } from './profile.js';

/** Everyday tests beside what the diagnosis asks for. */
const TESTS: readonly Charge[] = [
  ['glucose', 1, 1, 320],
  ['potassium', 1, 1, 320],
  ['sodium', 1, 1, 300],
  ['chloride', 1, 1, 280],
  ['ecg', 1, 1, 260],
  ['crp', 1, 1, 220],
];
const CHILD_TESTS: readonly Charge[] = [
  ['stool', 1, 1, 300],
  ['aso', 1, 1, 250],
  ['ferritin', 1, 1, 150],
];

type Row = Omit<OutpatientProfile, 'others' | 'department'> &
  Partial<Pick<OutpatientProfile, 'others' | 'department'>>;
/** A profile with the everyday tests beside what its diagnosis asks for. */
export const outpatient = (row: Row): OutpatientProfile => ({
  others: [],
  department: '全科门诊',
  ...row,
  charges: row.ages[1] < 14 ? [...row.charges, ...CHILD_TESTS] : [...row.charges, ...TESTS],
});
