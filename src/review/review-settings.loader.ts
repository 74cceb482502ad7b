import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Opinions, opinionsSchema, type ReviewSettings } from '../audit/review-settings.js';
import { settingsFileSchema, settingsOverlaySchema } from '../audit/settings.js';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';

/** How a site reviews: as shipped, with the parts its `audit.yaml` sets. @throws ConfigError */
export function loadReviewSettings({ configDir, siteDir }: Site): ReviewSettings {
  const { review } = loadYaml(join(configDir, 'audit/settings.yaml'), settingsFileSchema);
  const own = join(siteDir, 'audit.yaml');
  if (!existsSync(own)) return review;
  const site = loadYaml(own, settingsOverlaySchema).review ?? {};
  const set = Object.entries(site).filter(([, value]) => value !== undefined);
  return { ...review, ...Object.fromEntries(set) };
}

/** Reason codes with their texts. @throws ConfigError */
export function loadOpinions({ configDir }: Pick<Site, 'configDir'>): Opinions {
  return loadYaml(join(configDir, 'audit/opinions.yaml'), opinionsSchema);
}
