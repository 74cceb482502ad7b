import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConfigError } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { type LoadedPackage, loadRulePackage } from '../grouping/dip/rule-package.loader.js';
import type { PolicyAt } from '../policy/policy.js';
import { loadOverlays, loadRegion } from '../policy/policy.loader.js';
import type { OverlayRecord } from '../policy/policy-schema.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import type { Records } from '../records/records.js';
import { loadRecords, loadSettlementUnits } from '../records/records.loader.js';
import type { SettlementUnits } from '../records/settlement-units.js';
import { policyDay } from './compute.js';
import { type Distribution, distributionSchema } from './distribution-plan.js';
import { SettlementInputError } from './errors.js';

/** Everything that a site's files say about settlement. Read anew for each run, so that an edit counts at once. */
export interface SitePolicy {
  readonly units: SettlementUnits;
  readonly chain: RegionChain;
  readonly overlays: readonly OverlayRecord[];
  readonly records: Records;
  /** The lead's plans of distribution; null: it has none on file. */
  readonly distribution: Distribution | null;
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
    distribution: loadDistribution(siteDir, units),
  };
}

/** The lead's plans, checked against the members: a weight for nobody is a slip of the pen. */
function loadDistribution(siteDir: string, { consortium, units }: SettlementUnits) {
  const path = join(siteDir, 'distribution.yaml');
  if (!existsSync(path)) return null;
  const found = loadYaml(path, distributionSchema);
  const unknown = found.plans
    .flatMap(({ split }) => Object.keys(split.weights ?? {}))
    .filter((code) => !units.has(code));
  const message =
    found.consortium !== consortium
      ? `应为 consortium: ${consortium}（与 consortium.yaml 一致）`
      : `没有结算身份的机构不能有权重：${unknown.join('、')}`;
  if (found.consortium === consortium && unknown.length === 0) return found;
  throw new ConfigError([{ path: relative(process.cwd(), path), line: 1, column: 1, message }]);
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
