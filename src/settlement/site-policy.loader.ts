import { join } from 'node:path';
import type { Site } from '../config/site.js';
import { type LoadedPackage, loadRulePackage } from '../grouping/dip/rule-package.loader.js';
import type { PolicyAt } from '../policy/policy.js';
import { loadOverlays, loadRegion } from '../policy/policy.loader.js';
import type { OverlayRecord } from '../policy/policy-schema.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import type { Records } from '../records/records.js';
import { loadRecords, loadSettlementUnits } from '../records/records.loader.js';
import type { SettlementUnits } from '../records/settlement-units.js';
import { policyDay } from './compute.js';
import { SettlementInputError } from './errors.js';

/** Everything that a site's files say about settlement. Read anew for each run, so that an edit counts at once. */
export interface SitePolicy {
  readonly units: SettlementUnits;
  readonly chain: RegionChain;
  readonly overlays: readonly OverlayRecord[];
  readonly records: Records;
}

/** @throws ConfigError, SettlementInputError when the site is another consortium's */
export function loadSitePolicy({ configDir, siteDir }: Site, consortium: string): SitePolicy {
  const units = loadSettlementUnits(siteDir);
  if (units.consortium !== consortium)
    throw new SettlementInputError(`站点配置属于 ${units.consortium}，不是 ${consortium}`, {
      consortium,
    });
  const chain = loadRegion(join(configDir, 'policies'), units.region);
  return {
    units,
    chain,
    overlays: loadOverlays(join(siteDir, 'overlays'), chain),
    records: loadRecords(siteDir, units, chain),
  };
}

/** The policy a period is settled by, and the DIP rule package it names, if any. */
export interface PeriodPolicy {
  readonly policy: PolicyAt;
  readonly dip: LoadedPackage | null;
}

/**
 * A rule package that is not there or not signed leaves `dip.rules` open, with the reason: the run halts on the gap list like on any
 * other open parameter.
 */
export function loadPeriodPolicy(
  { siteDir }: Site,
  { chain, overlays }: SitePolicy,
  period: string,
): PeriodPolicy {
  const policy = policyAt(chain, policyDay(period), overlays);
  if (policy.gapOf('dip.rules') !== null) return { policy, dip: null };
  const name = policy.text('dip.rules');
  const dip = loadRulePackage(join(siteDir, 'dip'), name);
  if (dip === null)
    return {
      policy: policy.without('dip.rules', `找不到规则包 dip/*.yaml（package: ${name}）`),
      dip,
    };
  if (dip.rules.signed === undefined)
    return {
      policy: policy.without('dip.rules', `规则包 ${name} 没有引用文件（signed）`),
      dip: null,
    };
  return { policy, dip };
}
