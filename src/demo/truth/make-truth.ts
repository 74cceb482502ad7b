import type { County } from '../county/county.js';
import { fileDirt } from '../drops/drop-plan.js';
import { agencyBooks } from './agency-books.js';
import { booksOf } from './books.js';
import type { PolicyInputs } from './policy-inputs.js';
import { type RegionInputs, regionTruth } from './region-truth.js';
import { settlementTruth } from './settlement.js';
import { landedTruth, quarantineTruth, sourceTruth, unmappedTruth } from './source-truth.js';
import type { Truth } from './truth.js';
import { twinTruth, violationTruth } from './violations.js';

export const CONSORTIUM = 'demo-county';

/** The whole of Sanya's arithmetic, or what any region's settlement must agree with. */
export type TruthInputs = PolicyInputs | RegionInputs;

/** Everything the gateway's year must come to. */
export function makeTruth(county: County, inputs: TruthInputs): Truth {
  const books = booksOf(county);
  const violations = violationTruth(county, books);
  return {
    ...county.size,
    consortium: CONSORTIUM,
    sources: sourceTruth(county),
    landed: landedTruth(books),
    quarantine: quarantineTruth(county),
    files: fileDirt(county).map(({ institution, subject, expected }) => ({
      institution,
      file: subject,
      expected,
    })),
    unmapped: unmappedTruth(county),
    violations,
    twins: twinTruth(county.planted),
    figures:
      'region' in inputs
        ? regionTruth(books, violations, inputs)
        : settlementTruth(books, violations, inputs),
    reconciliation: agencyBooks(county).differences,
  };
}
