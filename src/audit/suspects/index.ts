/** Questions to the books, by the name a template's `suspects` gives. */

export {
  antibioticsBeyondRight,
  antibioticsWithoutDoctor,
  beyondDailyDose,
  dosesWithoutDays,
  drugsOfCaution,
} from './drug-use-suspects.repository.js';
export {
  drugsWithoutTrace,
  equalClaims,
  nobody,
  notInCoverage,
  ofSuspendedDoctors,
  ofTheDead,
  outsideCoverage,
  withoutDoctor,
} from './register-suspects.repository.js';
export {
  buyersOf,
  chronicDrugs,
  claimsOfDiagnoses,
  codesOfOthers,
} from './scope-suspects.repository.js';
export { someStays } from './some-stays.repository.js';
export {
  chargedWithoutCode,
  codedStays,
  codedWithoutCharge,
  dearOrCheapStays,
  idleStays,
  outpatientNearStay,
  shortStays,
  stayOfTests,
  staysOfBothModes,
  staysOfLength,
} from './stays.repository.js';
export { fundOverCap, manyClaims, manyVisits } from './visit-suspects.repository.js';
