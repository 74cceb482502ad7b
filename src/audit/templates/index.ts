export { attributeMismatch } from './attribute-mismatch.template.js';
export { claimConsistency } from './claim-consistency.template.js';
export { incisionDiscount } from './incision-discount.template.js';
export { intervalOverlap } from './interval-overlap.template.js';
export { linePredicate } from './line-predicate.template.js';
export { pairExclusion } from './pair-exclusion.template.js';
export { quantityCap } from './quantity-cap.template.js';
export { stayInterval } from './stay-interval.template.js';
