import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConfigError } from '../config/errors.js';
import { loadLayer, loadYaml } from '../config/yaml.loader.js';
import { type ConsortiumConfig, consortiumSchema, memberOf } from './consortium-config.js';
import { checkedInstitution } from './institution-check.js';
import type { InstitutionConfig } from './institution-config.js';
import {
  type Environment,
  institutionLayers,
  type LayerFolders,
  MEMBER_SECRETS,
} from './institution-layers.loader.js';

/** @throws ConfigError, also when the site folder does not exist yet */
export function loadConsortium(
  siteDir: string,
  environment: Environment = process.env,
): ConsortiumConfig {
  const path = join(siteDir, 'consortium.yaml');
  if (!existsSync(path)) {
    throw problem(
      path,
      '找不到站点配置：请把 config/demo 复制为 config/site 后修改，或用 --site 指定站点目录',
    );
  }
  return loadYaml(path, consortiumSchema, { secretsUnder: ['certificateKey'], environment });
}

/**
 * Every member's source, by institution code.
 *
 * @param environment  null: leave `${NAME}` as it stands (checking on a machine without the secrets)
 * @throws ConfigError naming file and line
 */
export function loadInstitutions(
  folders: LayerFolders,
  environment: Environment = process.env,
): ReadonlyMap<string, InstitutionConfig> {
  const { siteDir } = folders;
  const consortium = loadConsortium(siteDir, environment);
  const folder = join(siteDir, 'institutions');
  const found = new Map<string, InstitutionConfig>();
  for (const name of yamlFiles(folder)) {
    const path = join(folder, name);
    const config = loadInstitution(path, folders, environment);
    if (memberOf(consortium, config.institution) === null) {
      throw problem(path, `institution ${config.institution} 不在 consortium.yaml 的成员中`);
    }
    if (found.has(config.institution)) {
      throw problem(path, `institution ${config.institution} 已在另一个文件中配置`);
    }
    found.set(config.institution, config);
  }
  return found;
}

/** One member's file with its template and profile. @throws ConfigError */
export function loadInstitution(
  path: string,
  folders: LayerFolders,
  environment: Environment = process.env,
): InstitutionConfig {
  return institutionLayers(path, folders, environment).parse(checkedInstitution);
}

function yamlFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) throw problem(folder, '找不到目录：每个成员机构在此有一个 YAML 文件');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
}

function problem(path: string, message: string): ConfigError {
  return new ConfigError([{ path: relative(process.cwd(), path), line: 0, column: 0, message }]);
}

/** The file of one member, whatever its name. @throws ConfigError when no file configures it */
export function institutionPath(institution: string, folders: LayerFolders): string {
  const folder = join(folders.siteDir, 'institutions');
  const found = yamlFiles(folder)
    .map((name) => join(folder, name))
    .find((path) => institutionOf(path) === institution);
  if (found !== undefined) return found;
  throw problem(
    folder,
    `没有为机构 ${institution} 配置来源：请在 institutions/ 下建立它的 YAML 文件`,
  );
}

function institutionOf(path: string): unknown {
  const { value } = loadLayer(path, { secretsUnder: MEMBER_SECRETS, environment: null });
  return (value as { readonly institution?: unknown }).institution;
}
