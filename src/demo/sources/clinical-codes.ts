/**
 * The lead hospital still keeps diagnoses in the clinical edition of ICD-10. These pairs stand in the official map from the clinical
 * to the insured edition (knowledge/icd); every other code is the same in both.
 */
export const CLINICAL_TO_INSURED: readonly (readonly [clinical: string, insured: string])[] = [
  ['H25.003', 'H25.900'],
  ['H81.100x001', 'H81.100'],
  ['I50.900x023', 'I50.900x002'],
  ['I84.201', 'K64.811'],
  ['J44.100x001', 'J44.100'],
  ['K35.902', 'K35.300'],
  ['M51.200x003', 'M51.202'],
  ['N18.900', 'N18.902'],
  ['N20.100x002', 'N20.100'],
  ['S72.100x011', 'S72.101'],
];

const BY_INSURED = new Map(CLINICAL_TO_INSURED.map(([clinical, insured]) => [insured, clinical]));

export function clinicalCodeOf(insured: string): string {
  return BY_INSURED.get(insured) ?? insured;
}
