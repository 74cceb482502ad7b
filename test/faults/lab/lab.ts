import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atTheEnd } from './last-will.js';
import { LabPostgres } from './postgres.js';
import { ProductProcess, ROOT } from './product.js';
import { LabRedis } from './redis.js';
import { type LabSite, type SiteChoices, writeHome } from './site-files.js';
import { Slots } from './slots.js';

export const BACKENDS = ['pg', 'redis'] as const;
export type Backend = (typeof BACKENDS)[number];

export const CERTIFICATE_KEY = 'faultlab-certificate-key-0123456789';
/** Experiments that work at once on one backend, and those that may be under way, most of them waiting. */
const WORKING = 1;

/** Servers and configuration that all experiments of one backend share. */
export class Lab {
  readonly slots = new Slots(WORKING);
  private readonly sites = new Map<string, LabSite>();
  private readonly others: { stop(): Promise<void> }[] = [];
  private count = 0;

  private constructor(
    readonly backend: Backend,
    private readonly parts: {
      readonly folder: string;
      readonly postgres: LabPostgres;
      readonly redis: LabRedis | null;
      readonly forget: () => void;
    },
  ) {}

  get folder(): string {
    return this.parts.folder;
  }

  get postgres(): LabPostgres {
    return this.parts.postgres;
  }

  get redis(): LabRedis | null {
    return this.parts.redis;
  }

  static async open(backend: Backend): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), `heyi-faults-${backend}-`));
    const forget = atTheEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    chmodSync(folder, 0o711); // PostgreSQL's account passes through to its data
    const postgres = await LabPostgres.start(join(folder, 'postgres'));
    const redis = backend === 'redis' ? await LabRedis.start(join(folder, 'redis')) : null;
    const lab = new Lab(backend, { folder, postgres, redis, forget });
    try {
      await postgres.makeTemplate((url) => lab.migrate(url));
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** A number that no other experiment of this run has. */
  next(): number {
    this.count += 1;
    return this.count;
  }

  /** Another server for experiments that kill it; stopped with the laboratory. */
  async ownPostgres(name: string): Promise<LabPostgres> {
    const server = await LabPostgres.start(join(this.folder, name));
    this.others.push(server);
    await server.makeTemplate((url) => this.migrate(url));
    return server;
  }

  /** Sites that differ in nothing are one. */
  site(choices: SiteChoices = {}): LabSite {
    const key = JSON.stringify(choices);
    const known = this.sites.get(key);
    if (known !== undefined) return known;
    const made = writeHome(join(this.folder, `site-${this.sites.size}`), choices);
    this.sites.set(key, made);
    return made;
  }

  workspace(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async close(): Promise<void> {
    for (const server of this.others) await server.stop();
    await this.redis?.stop();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
    this.parts.forget();
  }

  private async migrate(databaseUrl: string): Promise<void> {
    const { homeDir, siteDir } = this.site();
    const program = [join(ROOT, 'dist/cli/main.js'), 'migrate'];
    const environment = { DATABASE_URL: databaseUrl, HEYI_HOME: homeDir, HEYI_SITE: siteDir };
    const command = ProductProcess.spawn('migrate', program, environment);
    const code = await command.ended();
    if (code !== 0) throw new Error(`heyi migrate ended with ${code}:\n${command.remains.said}`);
  }
}
