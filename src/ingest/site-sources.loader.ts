import { ConfigError } from '../config/errors.js';
import type { Limits } from '../config/limits.js';
import { loadLimits } from '../config/limits.loader.js';
import type { Site } from '../config/site.js';
import type { SourceSession } from '../connectors/connector.js';
import { CONNECTORS } from '../connectors/index.js';
import { revealed } from '../secrets/secret-vault.loader.js';
import { loadConsortium, loadInstitutions } from './consortium.loader.js';
import { type ConsortiumConfig, type Member, memberOf } from './consortium-config.js';
import type { Stream } from './fields.js';
import type { InstitutionConfig } from './institution-config.js';
import { sourceStream } from './source-stream.js';

/** A member and how its records are reached. */
export interface SourceOfMember {
  readonly consortium: ConsortiumConfig;
  readonly member: Member;
  readonly config: InstitutionConfig;
  readonly limits: Limits;
  readonly dataDir: string;
  /** Where the envelopes lie that its options refer to. */
  readonly site: Site;
}

/** The site's sources, read from its files at first use. */
export class SiteSources {
  private loaded: {
    readonly consortium: ConsortiumConfig;
    readonly institutions: ReadonlyMap<string, InstitutionConfig>;
    readonly limits: Limits;
  } | null = null;

  constructor(private readonly site: Site) {}

  /** @throws ConfigError, also for an institution that no file configures */
  of(institution: string): SourceOfMember {
    const { siteDir, configDir, dataDir } = this.site;
    this.loaded ??= {
      consortium: loadConsortium(siteDir),
      institutions: loadInstitutions({ siteDir, configDir }),
      limits: loadLimits(configDir),
    };
    const { consortium, institutions, limits } = this.loaded;
    const config = institutions.get(institution);
    const member = memberOf(consortium, institution);
    if (config === undefined || member === null) throw unknownInstitution(institution, siteDir);
    return { consortium, member, config, limits, dataDir, site: this.site };
  }
}

/**
 * Passwords are taken out of their envelopes here and live no longer than the session.
 *
 * @throws SourceUnreachableError, SecretMissingError, KeyMissingError, EnvelopeBrokenError
 */
export function openSource(source: SourceOfMember): Promise<SourceSession<unknown>> {
  const { config, limits, dataDir, consortium, site } = source;
  const connector = CONNECTORS.find(({ kind }) => kind === config.connector);
  if (connector === undefined) throw unknownInstitution(config.institution, config.connector);
  return connector.open(connector.options.parse(revealed(config.options, site)), {
    limits: { ...limits.source, ...config.limits },
    dataDir,
    timezone: consortium.timezone,
  });
}

/** A stream's settings as its connector reads them, with the connector's own defaults. */
export function connectorStream({ config }: SourceOfMember, stream: Stream): unknown {
  const connector = CONNECTORS.find(({ kind }) => kind === config.connector);
  const settings = config.streams[stream];
  if (connector === undefined || settings === undefined) {
    throw unknownInstitution(config.institution, config.connector);
  }
  return connector.stream.parse(sourceStream(stream, settings));
}

function unknownInstitution(institution: string, path: string): ConfigError {
  const message = `没有为机构 ${institution} 配置来源：请在 institutions/ 下建立它的 YAML 文件`;
  return new ConfigError([{ path, line: 0, column: 0, message }]);
}
