import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../../config/site.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { type RetentionPolicy, retentionSchema } from './retention-policy.js';

/** The site's own file if it has one, else the one shipped. @throws ConfigError */
export function loadRetention({ configDir, siteDir }: Site): RetentionPolicy {
  const own = join(siteDir, 'retention.yaml');
  return loadYaml(existsSync(own) ? own : join(configDir, 'retention.yaml'), retentionSchema);
}
