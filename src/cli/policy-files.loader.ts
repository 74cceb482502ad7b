import { dirname, join } from 'node:path';
import { loadYaml } from '../config/yaml.loader.js';
import { rulePackageSchema } from '../grouping/dip/rule-package.js';
import { loadRulePackage } from '../grouping/dip/rule-package.loader.js';
import { drgPackageSchema } from '../grouping/drg/drg-prices.js';
import { loadDrgPrices } from '../grouping/drg/drg-prices.loader.js';
import { checkedRegionSchema } from '../policy/checked-schemas.js';
import { loadOverlay, loadRegion } from '../policy/policy.loader.js';
import { overlaySchema } from '../policy/policy-schema.js';
import { STEPS } from '../settlement/steps/index.js';

/** Checks of policy files that need a second file beside them. */

/** An overlay against the parameters of the region it names. @throws ConfigError, UnknownRegionError */
export function checkOverlay(path: string): void {
  const { region } = loadYaml(path, overlaySchema);
  const home = process.env['HEYI_HOME'] ?? join(import.meta.dirname, '../..');
  loadOverlay(path, loadRegion(join(home, 'config/policies'), region));
}

/** A region's file: its schema's own checks, and that every step its plans name exists. @throws ConfigError */
export function checkRegion(path: string): void {
  const known = new Set(STEPS.map(({ name }) => name));
  const schema = checkedRegionSchema.superRefine(({ plans }, context) => {
    for (const [plan, names] of Object.entries(plans)) {
      names.forEach((name, index) => {
        if (known.has(name)) return;
        const message = `没有结算步骤 ${name}；现有：${[...known].join('、')}`;
        context.addIssue({ code: 'custom', path: ['plans', plan, index], message });
      });
    }
  });
  loadYaml(path, schema);
}

/** A rule package with its catalogue. @throws ConfigError */
export function checkRulePackage(path: string): void {
  loadRulePackage(dirname(path), loadYaml(path, rulePackageSchema).package);
}

/** A DRG price package with its list. @throws ConfigError */
export function checkDrgPackage(path: string): void {
  loadDrgPrices(dirname(path), loadYaml(path, drgPackageSchema).package);
}
