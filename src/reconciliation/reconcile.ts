import { digest } from '../kernel/hash.js';
import type { Month } from '../kernel/period.js';
import { agencyDifferences } from './agency-differences.js';
import type { Difference } from './difference.js';
import type { MonthFacts } from './facts.js';
import { sourceDifferences } from './source-differences.js';
import { type AgencyTotal, agencyTotals, type SourceTotal, sourceTotals } from './totals.js';

/** `unfinished`: a side has not spoken yet, so that agreement proves nothing. */
export type ReconciliationState = 'balanced' | 'differs' | 'unfinished';

export interface Reconciliation {
  readonly state: ReconciliationState;
  readonly sourceTotals: readonly SourceTotal[];
  readonly agencyTotals: readonly AgencyTotal[];
  /** By key. */
  readonly differences: readonly Difference[];
  /** Over month, totals and differences. */
  readonly digest: string;
}

/** Compares the three sides of a month: totals first, then the lines where they differ. */
export function reconcile(month: Month, facts: MonthFacts): Reconciliation {
  const differences = [...sourceDifferences(facts), ...agencyDifferences(facts)].sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  );
  const totals = { sourceTotals: sourceTotals(facts), agencyTotals: agencyTotals(facts) };
  const unheard =
    facts.declarations.length === 0 || facts.declarations.some(({ balanced }) => balanced === null);
  const stale = differences.some(({ kind }) => kind === 'stale-declaration');
  const unfinished = unheard || stale || facts.unsettled.length > 0;
  return {
    state: unfinished ? 'unfinished' : differences.length > 0 ? 'differs' : 'balanced',
    ...totals,
    differences,
    digest: digest({
      month,
      sourceTotals: totals.sourceTotals.map((each) => ({ ...each })),
      agencyTotals: totals.agencyTotals.map((each) => ({ ...each })),
      differences: differences.map((each) => ({ ...each })),
    }),
  };
}
