import { CARE_TYPES, CAUSES, CHANNELS, TREATMENT_AREAS } from '../claims/claim.js';
import type { IsoDate } from '../kernel/dates.js';
import type { Bucket, OverlayRecord } from '../policy/policy-schema.js';
import { changeDates, policyAt, type RegionChain } from '../policy/resolve.js';
import { scopeOf } from '../policy/scope.js';

/** One combination of what decides a claim's scope, in one era of the policy. */
export interface ScopeRow {
  /** 1-based place in `eras`; 0 = before the scheme. */
  readonly era: number;
  readonly careType: string;
  readonly treatmentArea: string;
  readonly channel: string;
  readonly cause: string;
  readonly bucket: Bucket;
}

export interface ScopeTable {
  /** First days of the eras in which the policy stands still, ascending. */
  readonly eras: readonly IsoDate[];
  readonly rows: readonly ScopeRow[];
}

/**
 * Every combination with its bucket, so that the database can add up claims by bucket. Scope goes by the day of settlement; a claim
 * settled before the scheme began is excluded. A combination without a rule has no row: the run then halts on the first such claim.
 */
export function scopeTable(chain: RegionChain, overlays: readonly OverlayRecord[]): ScopeTable {
  const [region] = chain;
  const rules = chain.map(({ scope }) => scope?.rules).find((found) => found !== undefined) ?? [];
  const eras = changeDates(chain, overlays).filter((date) => date >= region.effective.from);
  const policies = eras.map((date) => policyAt(chain, date, overlays));
  const rows = [null, ...policies].flatMap((policy, era) =>
    combinations().flatMap((claim): readonly ScopeRow[] => {
      if (policy === null) return [{ ...claim, era, bucket: 'excluded' }];
      const verdict = scopeOf(claim, rules, policy);
      return verdict === null ? [] : [{ ...claim, era, bucket: verdict.bucket }];
    }),
  );
  return { eras, rows };
}

function combinations() {
  return CARE_TYPES.flatMap((careType) =>
    TREATMENT_AREAS.flatMap((treatmentArea) =>
      CHANNELS.flatMap((channel) =>
        CAUSES.map((cause) => ({ careType, treatmentArea, channel, cause })),
      ),
    ),
  );
}
