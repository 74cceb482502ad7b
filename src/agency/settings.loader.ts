import { join } from 'node:path';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { revealed } from '../secrets/secret-vault.loader.js';
import { MissingCredentialsError } from './errors.js';
import { type AgencySettings, agencyProfileSchema, agencySiteSchema } from './profile.js';

/** @throws ConfigError when either file is missing or wrong; MissingCredentialsError */
export function loadAgencySettings(folders: Site): AgencySettings {
  const { siteDir, configDir } = folders;
  const written = loadYaml(join(siteDir, 'agency.yaml'), agencySiteSchema, {
    secretsUnder: ['connection'],
  });
  const site = { ...written, connection: revealed(written.connection, folders) };
  const profile = loadYaml(join(configDir, 'agency', `${site.profile}.yaml`), agencyProfileSchema);
  const { accessKey, secretKey } = site.connection;
  if (profile.signing !== 'none' && (accessKey === undefined || secretKey === undefined)) {
    throw new MissingCredentialsError(`接口方式 ${profile.profile} 需要签名密钥`, {
      profile: profile.profile,
    });
  }
  return { profile, site };
}
