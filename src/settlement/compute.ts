import { lastDay } from '../kernel/period.js';
import type { PolicyAt } from '../policy/policy.js';
import type { OverlayRecord, PlanName } from '../policy/policy-schema.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import { SettlementInputError } from './errors.js';
import type { Facts } from './facts.js';
import { inlineOverlay, toFacts } from './facts-from-file.js';
import type { FactsFile } from './facts-schema.js';
import { runPlan } from './plan.js';
import { reportResult, type SettlementResult } from './result.js';

/**
 * Computes a facts file under a region's policy: no database, no clock; the same file and policy give the same bytes.
 *
 * @throws PolicyGapError listing everything that is open
 */
export function computeFile(
  chain: RegionChain,
  file: FactsFile,
  overlays: readonly OverlayRecord[],
): SettlementResult {
  const region = chain[0].region;
  const facts = toFacts(region, file);
  const own = inlineOverlay(region, file);
  const day = file.policyDate ?? policyDay(facts.period);
  return computeFacts(
    chain,
    facts,
    policyAt(chain, day, own === null ? overlays : [...overlays, own]),
  );
}

/** @throws PolicyGapError; SettlementInputError when the region has no such plan */
export function computeFacts(chain: RegionChain, facts: Facts, policy: PolicyAt): SettlementResult {
  return reportResult(facts, runPlan(facts, planOf(chain, facts.plan), policy));
}

/** The steps of a region's plan. @throws SettlementInputError when the region has no such plan */
export function planOf(chain: RegionChain, plan: PlanName): readonly string[] {
  const steps = chain.map(({ plans }) => plans[plan]).find((names) => names !== undefined);
  if (steps === undefined)
    throw new SettlementInputError(`地区 ${chain[0].region} 没有 ${plan} 的结算步骤`, { plan });
  return steps;
}

/** Whether a region's own text is in force on the day a period is settled by. What lies before is not its to settle. */
export function isInForce([region]: RegionChain, period: string): boolean {
  return policyDay(period) >= region.effective.from;
}

/** The day whose policy a period is settled by: its last. */
export function policyDay(period: string): string {
  return period.length === 7 ? lastDay(period) : `${period}-12-31`;
}
