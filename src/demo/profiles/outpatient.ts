import { ACUTE } from './outpatient-acute.js';
import { CHRONIC } from './outpatient-chronic.js';
import { HOSPITAL } from './outpatient-hospital.js';
import type { OutpatientProfile } from './profile.js';

export const OUTPATIENT_PROFILES: readonly OutpatientProfile[] = [
  ...ACUTE,
  ...HOSPITAL,
  ...CHRONIC,
];
