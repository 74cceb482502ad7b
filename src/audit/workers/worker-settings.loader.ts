import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadYaml } from '../../config/yaml.loader.js';
import type { BookFolders } from '../rules.loader.js';
import { settingsFileSchema, settingsOverlaySchema } from '../settings.js';
import type { WorkerSettings } from './worker-settings.js';

/** As shipped, with what the site's `audit.yaml` sets. @throws ConfigError */
export function loadWorkerSettings({ configDir, siteDir }: BookFolders): WorkerSettings {
  const { workers } = loadYaml(join(configDir, 'audit/settings.yaml'), settingsFileSchema);
  const own = siteDir === null ? null : join(siteDir, 'audit.yaml');
  if (own === null || !existsSync(own)) return workers;
  const site = loadYaml(own, settingsOverlaySchema).workers;
  return {
    most: site?.most ?? workers.most,
    fromClaims: site?.fromClaims ?? workers.fromClaims,
  };
}
