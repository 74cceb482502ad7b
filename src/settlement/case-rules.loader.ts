import { join } from 'node:path';
import { POOLS } from '../claims/claim.js';
import type { Site } from '../config/site.js';
import type { LoadedPackage } from '../grouping/dip/rule-package.loader.js';
import { loadDrgPrices } from '../grouping/drg/drg-prices.loader.js';
import { loadDrgTables } from '../grouping/drg/drg-tables.loader.js';
import type { PolicyAt } from '../policy/policy.js';
import { policyAt } from '../policy/resolve.js';
import { planOf, policyDay } from './compute.js';
import { type CaseValuer, DrgScorer } from './drg-scorer.js';
import { SettlementInputError } from './errors.js';
import { PRICES } from './methods/drg-members.js';
import { DRG_RULES, INPATIENT_METHOD, inpatientMethod } from './methods/method-parameters.js';
import type { RunKey } from './run-key.js';
import { loadPeriodPolicy, type SitePolicy } from './site-policy.loader.js';

/** The policy of a period, and how its plan values the cases of the books. */
export interface CaseRules {
  readonly policy: PolicyAt;
  /** Null: the plan or the method counts no cases. */
  readonly by: LoadedPackage | CaseValuer | null;
  /** Cases are read with their patient. */
  readonly withPatient: boolean;
  /** Of the package's files; empty without one. */
  readonly digest: string;
  readonly pointValueDecimals: number | null;
}

const SCORING: readonly string[] = ['dip-points', 'dip-payable', 'drg-points', 'drg-rate'];

/** @throws ConfigError with file and line; SettlementInputError when one pool goes by DIP and the other by DRG */
export function loadCaseRules(
  site: Site,
  own: SitePolicy,
  { kind, period }: Pick<RunKey, 'kind' | 'period'>,
): CaseRules {
  const policy = policyAt(own.chain, policyDay(period), own.overlays);
  const none = { policy, by: null, withPatient: false, digest: '', pointValueDecimals: null };
  if (!planOf(own.chain, kind).some((step) => SCORING.includes(step))) return none;
  const families = new Set(POOLS.map((pool) => familyOf(inpatientMethod({ policy, pool }))));
  if (families.has('dip') && families.has('drg'))
    throw new SettlementInputError('两险种的住院支付方式须同为 DIP 或同为 DRG', {
      parameter: INPATIENT_METHOD,
    });
  if (families.has('drg')) return byDrg(site, policy) ?? none;
  if (!families.has('dip')) return none;
  const { policy: found, dip } = loadPeriodPolicy(site, own, period);
  if (dip === null) return { ...none, policy: found };
  const { supplements, pointValueDecimals } = dip.rules;
  const withPatient = supplements.length > 0;
  return { policy: found, by: dip, withPatient, digest: dip.digest, pointValueDecimals };
}

/** A region that names no method goes by DIP. */
function familyOf(method: string | null): 'dip' | 'drg' | 'other' {
  if (method === null || method === 'dip') return 'dip';
  return method.startsWith('drg-') ? 'drg' : 'other';
}

/** Null while the region leaves open what cases are valued by: its members then lack points. */
function byDrg({ siteDir }: Site, policy: PolicyAt): CaseRules | null {
  if ([PRICES, ...DRG_RULES].some((id) => policy.gapOf(id) !== null)) return null;
  const name = policy.text(PRICES);
  const list = loadDrgPrices(join(siteDir, 'drg'), name);
  const open = list === null ? `找不到 DRG 权重表 drg/*.yaml（package: ${name}）` : null;
  const unsigned =
    list?.rules.signed === undefined ? `DRG 权重表 ${name} 没有引用文件（signed）` : null;
  const fault = open ?? unsigned;
  const rest = { withPatient: true, pointValueDecimals: null };
  if (list === null || fault !== null)
    return { ...rest, policy: policy.without(PRICES, fault ?? ''), by: null, digest: '' };
  const by = new DrgScorer(list, loadDrgTables(), policy);
  return { ...rest, policy, by, digest: list.digest };
}
