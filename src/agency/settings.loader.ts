import { join } from 'node:path';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { MissingCredentialsError } from './errors.js';
import { type AgencySettings, agencyProfileSchema, agencySiteSchema } from './profile.js';

/** @throws ConfigError when either file is missing or wrong; MissingCredentialsError */
export function loadAgencySettings({ siteDir, configDir }: Site): AgencySettings {
  const site = loadYaml(join(siteDir, 'agency.yaml'), agencySiteSchema, {
    secretsUnder: ['connection'],
  });
  const profile = loadYaml(join(configDir, 'agency', `${site.profile}.yaml`), agencyProfileSchema);
  const { accessKey, secretKey } = site.connection;
  if (profile.signing !== 'none' && (accessKey === undefined || secretKey === undefined)) {
    throw new MissingCredentialsError(`接口方式 ${profile.profile} 需要签名密钥`, {
      profile: profile.profile,
    });
  }
  return { profile, site };
}
