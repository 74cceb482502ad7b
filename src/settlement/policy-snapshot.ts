import { type Gap, type Parameter, PolicyAt } from '../policy/policy.js';
import type { FilingRecord } from '../policy/policy-schema.js';

/** A policy on a day as a run keeps it, so that the run can be computed again whatever became of the files. */
export interface PolicySnapshot {
  readonly region: string;
  readonly on: string;
  /** Steps of the plan, in order. */
  readonly steps: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly gaps: readonly Gap[];
  readonly filings: Readonly<Record<string, FilingRecord>>;
}

export function snapshotOf({ content }: PolicyAt, steps: readonly string[]): PolicySnapshot {
  const { region, on, parameters, gaps, filings } = content;
  return {
    ...{ region, on, steps },
    parameters: [...parameters.values()],
    gaps: [...gaps.values()],
    filings: Object.fromEntries(filings),
  };
}

export function policyOf({ region, on, parameters, gaps, filings }: PolicySnapshot): PolicyAt {
  return new PolicyAt({
    ...{ region, on },
    parameters: new Map(parameters.map((each) => [each.id, each])),
    gaps: new Map(gaps.map((each) => [each.id, each])),
    filings: new Map(Object.entries(filings)),
  });
}
