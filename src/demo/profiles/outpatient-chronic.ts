import { outpatient } from './outpatient-profile.js';
import { HOSPITALS, type OutpatientProfile, PRIMARY } from './profile.js';

const chronicCharges = {
  hypertension: [
    ['visit', 1, 1, 1000],
    ['allisartan', 1, 3, 700],
    ['amlodipine-folate', 1, 3, 600],
    ['allisartan-amlodipine', 1, 2, 400],
    ['enalapril-folate', 1, 2, 400],
    ['hybutimibe', 1, 2, 250],
    ['potassium', 1, 1, 250],
    ['ecg', 1, 1, 150],
  ],
  diabetes: [
    ['visit', 1, 1, 1000],
    ['henagliflozin-metformin', 1, 3, 600],
    ['proline-henagliflozin', 1, 2, 500],
    ['dorzagliatin', 1, 1, 250],
    ['kallidinogenase', 1, 2, 500],
    ['glucose', 1, 2, 900],
    ['hba1c', 1, 1, 300],
    ['rosuvastatin-ezetimibe', 1, 1, 450],
  ],
} as const;

/** Long-term treatment under the chronic and the two-disease scheme. */
export const CHRONIC: readonly OutpatientProfile[] = (['two-disease', 'chronic'] as const).flatMap(
  (careType) => [
    outpatient({
      key: `hypertension-${careType}`,
      diagnosis: 'I10.x00x002',
      careType,
      ages: [45, 95],
      sources: careType === 'chronic' ? [...HOSPITALS, 'township'] : PRIMARY,
      weight: 16,
      charges: chronicCharges.hypertension,
    }),
    outpatient({
      key: `diabetes-${careType}`,
      diagnosis: 'E11.900',
      careType,
      ages: [45, 95],
      sources: careType === 'chronic' ? [...HOSPITALS, 'township'] : PRIMARY,
      weight: 11,
      charges: chronicCharges.diabetes,
    }),
  ],
);
