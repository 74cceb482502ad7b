import { ConfigError } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { loadConsortium, loadInstitutions } from '../ingest/consortium.loader.js';
import { memberOf } from '../ingest/consortium-config.js';
import type { Stream } from '../ingest/fields.js';
import type { InstitutionConfig, StreamConfig } from '../ingest/institution-config.js';

/** What it takes to read a row of one member's stream again. */
export interface RowMapping {
  readonly config: StreamConfig;
  readonly settledBy: string;
  readonly level: string;
  readonly certificateKey: string;
}

/** The site's mappings, read at first use. Sources are not opened, so their passwords are not needed. */
export class SiteMappings {
  private institutions: ReadonlyMap<string, InstitutionConfig> | null = null;

  constructor(private readonly site: Site) {}

  /** Null: the stream is no longer configured. @throws ConfigError */
  stream(institution: string, stream: Stream): StreamConfig | null {
    this.institutions ??= loadInstitutions(this.site, null);
    return this.institutions.get(institution)?.streams[stream] ?? null;
  }

  /** @throws ConfigError, also when the stream is no longer configured or the certificate key is missing */
  mapping(institution: string, stream: Stream): RowMapping {
    const consortium = loadConsortium(this.site.siteDir);
    const member = memberOf(consortium, institution);
    const config = this.stream(institution, stream);
    if (member === null || config === null) {
      const message = `机构 ${institution} 已没有数据流 ${stream} 的配置，无法重放`;
      throw new ConfigError([{ path: this.site.siteDir, line: 0, column: 0, message }]);
    }
    return {
      config,
      settledBy: member.settledBy ?? member.institution,
      level: member.level,
      certificateKey: consortium.certificateKey,
    };
  }
}
