import { dirname, join } from 'node:path';
import { loadYaml } from '../config/yaml.loader.js';
import { rulePackageSchema } from '../grouping/dip/rule-package.js';
import { loadRulePackage } from '../grouping/dip/rule-package.loader.js';
import { loadOverlay, loadRegion } from '../policy/policy.loader.js';
import { overlaySchema } from '../policy/policy-schema.js';

/** Checks of policy files that need a second file beside them. */

/** An overlay against the parameters of the region it names. @throws ConfigError, UnknownRegionError */
export function checkOverlay(path: string): void {
  const { region } = loadYaml(path, overlaySchema);
  const home = process.env['HEYI_HOME'] ?? join(import.meta.dirname, '../..');
  loadOverlay(path, loadRegion(join(home, 'config/policies'), region));
}

/** A rule package with its catalogue. @throws ConfigError */
export function checkRulePackage(path: string): void {
  loadRulePackage(dirname(path), loadYaml(path, rulePackageSchema).package);
}
