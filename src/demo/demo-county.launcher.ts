import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type pg from 'pg';
import type { ServedApi } from '../api/api.launcher.js';
import { CONNECTIONS, startProcess } from '../app/process.launcher.js';
import { type Site, siteOf } from '../config/site.js';
import { migrateDatabase } from '../database/migrate.service.js';
import { type OpenDatabase, openDatabase } from '../database/open-database.launcher.js';
import type { IsoDate } from '../kernel/dates.js';
import { GatewayError } from '../kernel/errors.js';
import { demoAccounts } from './accounts.service.js';
import { demoSecrets } from './demo-secrets.loader.js';
import { generateDemo, releaseNight, sourceEnvironment } from './generate-demo.service.js';
import type { DemoOptions } from './options.js';
import type { Progress } from './progress.js';
import { isShipped, settingName } from './regions.js';
import { launchSandbox } from './sandbox.launcher.js';
import { writeSettingSite } from './site/setting-site.loader.js';

/** The data folder belongs to a county of another seed or size. */
class OtherCountyError extends GatewayError {
  readonly code = 'demo.other_county';
  readonly recovery = 'halt';
  readonly remedy = '请用 --data 指定另一个文件夹，或删除原来的 .heyi 文件夹。';
}

/** The demo county up and running: databases, drop folders, the stand-in agency, and the gateway itself. */
export interface DemoCounty {
  readonly app: INestApplicationContext;
  readonly api: ServedApi | null;
  /** Who may sign in, for the terminal; empty where nothing is served. */
  readonly accounts: readonly string[];
  readonly pool: pg.Pool;
  readonly site: Site;
  readonly truthFile: string;
  /** To be read by the shell of a second terminal; below the clone where that is where it lies. */
  readonly environmentFile: string;
  /** Where the outcome of the latest complete year is kept, to compare the next one with. */
  readonly outcomeFile: string;
  readonly releaseNight: (day: IsoDate) => Promise<unknown>;
  /** Stops all of it; leaves no process. */
  close(): Promise<void>;
}

interface Files {
  readonly dropsDir: string;
  readonly truthFile: string;
  readonly ledgerFile: string;
  readonly arrivalsFile: string;
  readonly outcomeFile: string;
  readonly countyFile: string;
  readonly environmentFile: string;
  readonly secretsFile: string;
  readonly accountsFile: string;
  readonly siteDir: string;
}

/** @throws AlreadyRunningError when this clone's demo already runs */
export async function openCounty(options: DemoOptions, progress: Progress): Promise<DemoCounty> {
  const home = join(import.meta.dirname, '../..');
  const keptIn = folderOf(options, home);
  const files = filesBelow(join(keptIn, '.heyi/demo'));
  const siteDir = siteFor(options, home, files);
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of closing.splice(0).reverse()) await stop();
  };
  try {
    const database = await progress.timed(
      () => openMigrated(keptIn),
      ({ dataDirectory }) => `数据库已启动：${dataDirectory ?? 'DATABASE_URL'}`,
    );
    closing.push(() => database.close());
    await furnish(options, { files, database, progress, siteDir, home, keptIn });
    const sandbox = await progress.timed(
      () => launchSandbox({ books: files.ledgerFile, ledger: files.arrivalsFile }),
      ({ url }) => `模拟经办机构已启动：${url}`,
    );
    closing.push(() => sandbox.stop());
    process.env['HEYI_AGENCY_URL'] = sandbox.url;
    const site = siteOf(home, { HEYI_SITE: siteDir, HEYI_DATA: join(keptIn, '.heyi/files') });
    const { pool } = database;
    const accounts = options.once ? [] : await demoAccounts({ pool, site }, files.accountsFile);
    const running = await progress.timed(
      () => startProcess(options.once ? 'worker' : 'all', { pool, site, port: options.port }),
      () => '网关已启动',
    );
    closing.push(() => running.app.close());
    const { dropsDir, truthFile, outcomeFile } = files;
    return {
      ...running,
      ...{ accounts, pool, site, truthFile, outcomeFile, close },
      environmentFile: relative(home, files.environmentFile),
      releaseNight: (day) => releaseNight({ dropsDir }, day),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Furnishing {
  readonly files: Files;
  readonly database: OpenDatabase;
  readonly progress: Progress;
  readonly siteDir: string;
  readonly home: string;
  /** The folder whose `.heyi` holds everything of this county. */
  readonly keptIn: string;
}

/** Each setting keeps its own databases and files; the shipped one is the clone's. */
function folderOf({ dataDir, setting }: DemoOptions, home: string): string {
  const base = dataDir === null ? home : resolve(dataDir);
  return isShipped(setting) ? base : join(base, '.heyi', settingName(setting));
}

function siteFor({ setting }: DemoOptions, home: string, { siteDir }: Files): string {
  const configDir = join(home, 'config');
  if (isShipped(setting)) return join(configDir, 'demo');
  writeSettingSite(configDir, siteDir, setting.region);
  return siteDir;
}

async function openMigrated(keptIn: string): Promise<OpenDatabase> {
  const database = await openDatabase({
    home: keptIn,
    url: process.env['DATABASE_URL'],
    server: 'own',
    connections: CONNECTIONS.all,
  });
  try {
    await migrateDatabase(database.pool);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The hospitals' databases, the clinics' drop folders, and the way to them for `config/demo`. */
async function furnish(
  { seed, claims, setting }: DemoOptions,
  { files, database, progress, siteDir, home, keptIn }: Furnishing,
): Promise<void> {
  const { sourcePassword, certificateKey } = demoSecrets(files.secretsFile);
  const { dropsDir, truthFile, ledgerFile } = files;
  const adminUrl = database.url;
  const county = { seed, claims };
  claimFolder(files.countyFile, county);
  await progress.timed(
    () =>
      generateDemo({
        ...county,
        setting,
        siteDir,
        adminUrl,
        dropsDir,
        truthFile,
        ledgerFile,
        sourcePassword,
      }),
    ({ generated, claims: made, lines }) =>
      `示范县数据${generated ? '已生成' : '已存在，沿用'}：${made} 人次，${lines} 条明细`,
  );
  const environment = {
    ...sourceEnvironment({ adminUrl, sourcePassword, dropsDir }),
    HEYI_CERTIFICATE_KEY: certificateKey,
  };
  Object.assign(process.env, environment);
  const own: Record<string, string> =
    database.origin === 'server'
      ? { DATABASE_URL: adminUrl }
      : { HEYI_POSTGRES: relative(home, keptIn) || '.' };
  const siteFolder = relative(home, siteDir);
  writeEnvironment(files.environmentFile, { HEYI_SITE: siteFolder, ...own, ...environment });
}

/** For a second terminal: `. .heyi/demo/environment` and every command works on the demo county. */
function writeEnvironment(path: string, environment: Readonly<Record<string, string>>): void {
  const lines = Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** One data folder, one county: the books of another would never agree with this one's sources. @throws OtherCountyError */
function claimFolder(path: string, county: { seed: number; claims: number }): void {
  const kept = existsSync(path) ? readFileSync(path, 'utf8') : null;
  const asked = JSON.stringify(county);
  if (kept === null) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, asked);
  } else if (kept !== asked) {
    throw new OtherCountyError(`数据文件夹里是另一个示范县：${kept}`);
  }
}

function filesBelow(folder: string): Files {
  return {
    dropsDir: join(folder, 'drops'),
    truthFile: join(folder, 'truth.json'),
    ledgerFile: join(folder, 'agency-ledger.ndjson'),
    arrivalsFile: join(folder, 'agency-arrivals.ndjson'),
    outcomeFile: join(folder, 'outcome.json'),
    countyFile: join(folder, 'county.json'),
    environmentFile: join(folder, 'environment'),
    secretsFile: join(folder, 'secrets.json'),
    accountsFile: join(folder, 'accounts'),
    siteDir: join(folder, 'site'),
  };
}
