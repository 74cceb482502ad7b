import { join } from 'node:path';
import { type Limits, limitsSchema } from './limits.js';
import { loadYaml } from './yaml.loader.js';

/** @throws ConfigError */
export function loadLimits(configDir: string): Limits {
  return loadYaml(join(configDir, 'limits.yaml'), limitsSchema);
}
