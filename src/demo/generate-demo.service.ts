import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { IsoDate } from '../kernel/dates.js';
import { sha256 } from '../kernel/hash.js';
import { moveCalendar } from './county/calendar.js';
import { type County, type CountySize, makeCounty } from './county/county.js';
import { LEAD, TCM, TOWNSHIPS } from './county/institutions.js';
import {
  releaseNight as release,
  writeDrops,
  writeNightIndexes,
} from './drops/drop-folders.repository.js';
import { deliveriesOf } from './drops/drop-plan.js';
import { loadItemNames } from './reference/item-names.loader.js';
import { type DemoSetting, isShipped, SHIPPED_SETTING } from './regions.js';
import {
  createReader,
  fillSource,
  type SourceServer,
  sourcesExist,
} from './sources/fill-sources.repository.js';
import { leadDatabase } from './sources/lead-database.js';
import type { SourceContext, SourceDatabase } from './sources/source-table.js';
import { tcmDatabase } from './sources/tcm-database.js';
import { townshipDatabase } from './sources/township-database.js';
import { agencyBooks } from './truth/agency-books.js';
import { makeTruth, type TruthInputs } from './truth/make-truth.js';
import { loadPolicyInputs } from './truth/policy-inputs.loader.js';
import { loadRegionInputs } from './truth/region-inputs.loader.js';
import type { Truth } from './truth/truth.js';

export interface DemoRequest {
  readonly seed: number;
  readonly claims: number;
  /** Whose text the truth goes by, and the year that the county lives in; the shipped ones by default. */
  readonly setting?: DemoSetting;
  /** Site of the county, whose records and overlays the truth reads; `config/demo` by default. */
  readonly siteDir?: string;
  /** Planted cases of each kind. */
  readonly planted?: number;
  /** Superuser connection to the server that is to hold the members' databases. */
  readonly adminUrl: string;
  /** Password of the read-only login, `demo_reader` by default. */
  readonly sourcePassword: string;
  readonly dropsDir: string;
  readonly truthFile: string;
  readonly ledgerFile: string;
  /** First part of the names of the members' databases and of their reader: `demo` makes `demo_lead_his`, `demo_reader`. */
  readonly databases?: string;
  readonly knowledgeDir?: string;
  readonly configDir?: string;
}

export interface GeneratedDemo {
  /** False when the same county was there already. */
  readonly generated: boolean;
  readonly claims: number;
  readonly lines: number;
}

/** Raise it when the generator makes other data from the same seed. */
const GENERATION = 2;
const PLANTED = 5;
const HOME = join(import.meta.dirname, '../..');

/**
 * Makes the demo county: the members' databases, the clinics' folders, the agency's books, and the truth beside them. The same
 * request again finds its stamp and changes nothing.
 */
export async function generateDemo(request: DemoRequest): Promise<GeneratedDemo> {
  const size: CountySize = {
    seed: request.seed,
    claims: request.claims,
    planted: request.planted ?? PLANTED,
  };
  const configDir = request.configDir ?? join(HOME, 'config');
  const setting = request.setting ?? SHIPPED_SETTING;
  moveCalendar(setting.year);
  const policy = inputsOf(setting, configDir, request.siteDir ?? join(configDir, 'demo'));
  const identity = identityOf(size, setting, policy);
  await createReader(serverOf(request));
  const stamp = await existingStamp(request, identity);
  if (stamp !== null) return { generated: false, claims: stamp.claims, lines: stamp.lines };
  await rm(stampFile(request), { force: true });
  const county = makeCounty(size);
  const names = loadItemNames(request.knowledgeDir ?? join(HOME, 'knowledge'));
  for (const source of sourcesOf(county, { names, wrong: county.wrongCertificates })) {
    await fillSource(serverOf(request), { ...source, database: databaseName(request, source) });
  }
  const deliveries = deliveriesOf(county, names);
  await writeDrops(request.dropsDir, deliveries);
  await writeNightIndexes(request.dropsDir, deliveries);
  await writeText(
    request.ledgerFile,
    agencyBooks(county)
      .rows.map((row) => JSON.stringify(row))
      .join('\n'),
  );
  await writeText(request.truthFile, JSON.stringify(makeTruth(county, policy), null, 1));
  const counted = countOf(county);
  await writeText(stampFile(request), JSON.stringify({ county: identity, ...counted }));
  return { ...counted, generated: true };
}

/** What `config/demo` reads from the environment to find these sources. */
export function sourceEnvironment(
  request: Pick<DemoRequest, 'adminUrl' | 'sourcePassword' | 'dropsDir' | 'databases'>,
): Readonly<Record<string, string>> {
  const { hostname, port } = new URL(request.adminUrl);
  return {
    HEYI_DEMO_SOURCE_HOST: hostname,
    HEYI_DEMO_SOURCE_PORT: port,
    HEYI_DEMO_SOURCE_PASSWORD: request.sourcePassword,
    HEYI_DEMO_DATABASES: request.databases ?? 'demo',
    HEYI_DEMO_DROPS: request.dropsDir,
  };
}

/** Puts the files of one December night into the drop folders; a night already released does nothing. */
export function releaseNight(
  { dropsDir }: Pick<DemoRequest, 'dropsDir'>,
  date: IsoDate,
): Promise<readonly string[]> {
  return release(dropsDir, date);
}

export async function readTruth(truthFile: string): Promise<Truth> {
  return JSON.parse(await readFile(truthFile, 'utf8'));
}

function sourcesOf(county: County, context: SourceContext): SourceDatabase[] {
  const claimsOf = (code: string) => county.claims.get(code) ?? [];
  const centres = TOWNSHIPS.map((institution) => ({
    institution,
    claims: claimsOf(institution.code),
  }));
  return [
    leadDatabase(claimsOf(LEAD.code), context),
    tcmDatabase(claimsOf(TCM.code), context),
    townshipDatabase(centres, context),
  ];
}

const SOURCES = ['lead_his', 'tcm_his', 'township_his'];

function databaseName(
  { databases = 'demo' }: DemoRequest,
  { database }: Pick<SourceDatabase, 'database'>,
): string {
  return `${databases}_${database}`;
}

/** Sanya's own arithmetic is known for the shipped year; of another setting, what any settlement must agree with. */
function inputsOf(setting: DemoSetting, configDir: string, siteDir: string): TruthInputs {
  const policyFile = join(configDir, 'policies', `${setting.region}.yaml`);
  return isShipped(setting)
    ? loadPolicyInputs(policyFile, siteDir)
    : loadRegionInputs(setting.region, { policyFile, siteDir });
}

/** Identifies a county and its truth: the same text, the same bytes. */
function identityOf(
  { seed, claims, planted }: CountySize,
  setting: DemoSetting,
  policy: TruthInputs,
): string {
  const inputs = JSON.stringify(policy, (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  const place = isShipped(setting) ? [] : [setting.region, setting.year];
  return [GENERATION, seed, claims, planted, ...place, sha256(inputs)].join('.');
}

interface Stamp {
  readonly county: string;
  readonly claims: number;
  readonly lines: number;
}

const stampFile = ({ truthFile }: DemoRequest): string => `${truthFile}.stamp`;

/** What the stamp says when it belongs to this very county and all of it is still there. */
async function existingStamp(request: DemoRequest, identity: string): Promise<Stamp | null> {
  if (!existsSync(stampFile(request)) || !existsSync(request.dropsDir)) return null;
  const stamp: Stamp = JSON.parse(await readFile(stampFile(request), 'utf8'));
  if (stamp.county !== identity) return null;
  const databases = SOURCES.map((database) => databaseName(request, { database }));
  return (await sourcesExist(request.adminUrl, databases)) ? stamp : null;
}

function countOf(county: County): { claims: number; lines: number } {
  const claims = [...county.claims.values()].flat();
  return {
    claims: claims.length,
    lines: claims.reduce((sum, claim) => sum + claim.lines.length, 0),
  };
}

function serverOf({ adminUrl, sourcePassword, databases = 'demo' }: DemoRequest): SourceServer {
  return { adminUrl, reader: `${databases}_reader`, readerPassword: sourcePassword };
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${text}\n`);
}
