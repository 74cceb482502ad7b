import { isAbsolute, join } from 'node:path';

/** Injection token of the folders a process works with: `@Inject(SITE) private readonly site: Site`. */
export const SITE = Symbol('SITE');

/** The folders of one consortium's installation, all absolute. */
export interface Site {
  /** Where the product stands: the clone, or the installed package. */
  readonly homeDir: string;
  /** Configuration shipped with the product: policies, audit rules, limits, calendars. */
  readonly configDir: string;
  /** What the consortium's own IT staff edit: consortium.yaml, institutions/, tables/, overlays/, schedule.yaml. */
  readonly siteDir: string;
  /** Files that come and go: drops, raw batches, statements. */
  readonly dataDir: string;
}

/**
 * @param environment  `HEYI_SITE` names the site folder (default `config/site`), `HEYI_DATA` the data folder (default `.heyi/files`);
 *                     relative ones are below `homeDir`
 */
export function siteOf(
  homeDir: string,
  environment: Readonly<Record<string, string | undefined>>,
): Site {
  const below = (path: string) => (isAbsolute(path) ? path : join(homeDir, path));
  return {
    homeDir,
    configDir: join(homeDir, 'config'),
    siteDir: below(environment['HEYI_SITE'] ?? 'config/site'),
    dataDir: below(environment['HEYI_DATA'] ?? '.heyi/files'),
  };
}
