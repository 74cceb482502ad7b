import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Site } from '../config/site.js';
import { loadLayer } from '../config/yaml.loader.js';
import { YamlLayers } from '../config/yaml-layers.js';
import type { YamlContent } from '../config/yaml-text.js';
import { amendField } from './amend-field.js';
import { checkedProfile } from './institution-check.js';
import { templateSchema } from './institution-config.js';

/** Where the layers of a member's file lie. */
export type LayerFolders = Pick<Site, 'siteDir' | 'configDir'>;
export type Environment = Readonly<Record<string, string | undefined>> | null;

/** Below these keys of a member's file, or of its template, `${NAME}` may stand. */
export const MEMBER_SECRETS = ['options', 'receipts'] as const;

const namesSchema = z.object({ template: z.string().optional(), profile: z.string().optional() });

/**
 * A member's file over its template over its profile. The profile is that of the file, or else of the template; a site's own goes before
 * one that ships with the product.
 *
 * @throws ConfigError naming file and line
 */
export function institutionLayers(
  path: string,
  folders: LayerFolders,
  environment: Environment,
): YamlLayers {
  const options = { secretsUnder: MEMBER_SECRETS, environment };
  const own = loadLayer(path, options);
  const { template: templateName, profile } = namesOf(own);
  const template =
    templateName === undefined
      ? null
      : loadLayer(join(path, '../templates', templateName), options);
  if (template !== null) new YamlLayers([template], amendField).parse(templateSchema);
  const profileName = profile ?? (template === null ? undefined : namesOf(template).profile);
  const general = profileName === undefined ? null : loadLayer(profilePath(profileName, folders));
  if (general !== null) new YamlLayers([general]).parse(checkedProfile);
  const layers = [general, template, own].filter((each): each is YamlContent => each !== null);
  return new YamlLayers(layers, amendField);
}

/** What is not even a text is reported when the whole is judged. */
function namesOf({ value }: YamlContent): z.output<typeof namesSchema> {
  const names = namesSchema.safeParse(value);
  return names.success ? names.data : {};
}

function profilePath(name: string, { siteDir, configDir }: LayerFolders): string {
  const own = join(siteDir, 'profiles', `${name}.yaml`);
  return existsSync(own) ? own : join(configDir, 'profiles', `${name}.yaml`);
}

/** A template by itself, whoever uses it. @throws ConfigError */
export function checkTemplate(path: string): void {
  const layer = loadLayer(path, { secretsUnder: MEMBER_SECRETS, environment: null });
  new YamlLayers([layer], amendField).parse(templateSchema);
}
