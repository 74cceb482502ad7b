import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadYaml } from '../../config/yaml.loader.js';
import { type LifecycleSettings, lifecycleSchema } from './lifecycle.js';

/** As shipped, or the site's own file instead. @throws ConfigError */
export function loadLifecycle(folders: {
  readonly configDir: string;
  readonly siteDir: string;
}): LifecycleSettings {
  const own = join(folders.siteDir, 'audit', 'lifecycle.yaml');
  const shipped = join(folders.configDir, 'audit', 'lifecycle.yaml');
  return loadYaml(existsSync(own) ? own : shipped, lifecycleSchema);
}
