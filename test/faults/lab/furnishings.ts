import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { AgencyFront } from './agency-front.js';
import { CLINIC, type County, claimsOf, makeCounty, monthOf, SMALL } from './county.js';
import { CERTIFICATE_KEY, type Lab } from './lab.js';
import { type LabPostgres, TEMPLATE } from './postgres.js';
import type { Environment } from './product.js';
import { Line } from './proxy.js';
import type { LabRedis } from './redis.js';
import type { LabSite, SiteChoices } from './site-files.js';
import { dropFile, dropName, dropText, makeSources } from './sources.js';

export interface SceneChoices {
  readonly seed: number;
  readonly county?: County;
  readonly site?: SiteChoices;
  /** Another server, a template already furnished, a table space. */
  readonly server?: LabPostgres;
  readonly redis?: LabRedis;
  readonly template?: string;
  readonly databaseOptions?: string;
  readonly afterwards?: readonly (() => Promise<void>)[];
}

/** The month most experiments read. */
export const MONTH = '2024-03';
export const SOURCE_PASSWORD = 'faultlab-source-password';

/** What stands in an experiment's world before anything happens. */
export interface Parts {
  readonly server: LabPostgres;
  readonly name: string;
  readonly folder: string;
  readonly county: County;
  readonly pool: pg.Pool;
  readonly his: pg.Pool;
  readonly drops: string;
  readonly lead: Line;
  readonly town: Line;
  readonly site: LabSite;
  agency: AgencyFront | null;
}

export async function furnished(lab: Lab, choices: SceneChoices): Promise<Parts> {
  const server = choices.server ?? lab.postgres;
  const name = `lab_${lab.next()}`;
  const folder = lab.workspace(name);
  const county =
    choices.county ?? makeCounty({ seed: choices.seed, months: [MONTH], perMonth: SMALL });
  const template = choices.template ?? TEMPLATE;
  await server.create(name, `TEMPLATE ${template} ${choices.databaseOptions ?? ''}`);
  await lab.postgres.create(`${name}_his`);
  const [pool, his] = [await server.pool(name, 8), await lab.postgres.pool(`${name}_his`, 3)];
  await makeSources(his, county);
  await grantReader(his, name);
  const drops = join(folder, 'drops');
  makeDrops(drops, county);
  const [lead, town] = [await Line.open(lab.postgres.port), await Line.open(lab.postgres.port)];
  const site = lab.site(choices.site);
  return { server, name, folder, county, pool, his, drops, lead, town, site, agency: null };
}

function makeDrops(folder: string, county: County): void {
  mkdirSync(folder, { recursive: true });
  for (const month of new Set(claimsOf(county, CLINIC).map(monthOf))) {
    dropFile(folder, dropName(month), dropText(claimsOf(county, CLINIC, month)));
  }
}

async function grantReader(his: pg.Pool, name: string): Promise<void> {
  await his.query(`
    CREATE ROLE ${name}_reader LOGIN PASSWORD '${SOURCE_PASSWORD}';
    GRANT USAGE ON SCHEMA lead, town TO ${name}_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA lead, town TO ${name}_reader;`);
}

/** What the product's processes find in their environment. */
export function environmentOf(
  parts: Parts,
  redis: LabRedis | null,
  application: string,
): Environment {
  const { server, lead, town, name, site, agency, folder, drops } = parts;
  const database = new URL(server.url(name));
  database.searchParams.set('application_name', application);
  return {
    DATABASE_URL: database.href,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    HEYI_HOME: site.homeDir,
    HEYI_SITE: site.siteDir,
    HEYI_DATA: join(folder, 'files'),
    HEYI_CERTIFICATE_KEY: CERTIFICATE_KEY,
    HEYI_AGENCY_URL: agency?.url ?? 'http://127.0.0.1:1',
    HEYI_LAB_SOURCE: `${name}_his`,
    HEYI_LAB_USER: `${name}_reader`,
    HEYI_LAB_PASSWORD: SOURCE_PASSWORD,
    HEYI_LAB_LEAD_PORT: String(lead.port),
    HEYI_LAB_TOWN_PORT: String(town.port),
    HEYI_LAB_DROPS: drops,
  };
}
