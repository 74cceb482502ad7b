import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { AgencyFront } from './agency-front.js';
import { CLINIC, type County, claimsOf, makeCounty, SMALL } from './county.js';
import { askForRun } from './driver.js';
import { CERTIFICATE_KEY, type Lab } from './lab.js';
import { LabPostgres, TEMPLATE } from './postgres.js';
import { type Environment, ProductProcess, type ProductRole, ROOT } from './product.js';
import { Line } from './proxy.js';
import { Seeded } from './random.js';
import type { LabRedis } from './redis.js';
import type { LabSite, SiteChoices } from './site-files.js';
import { agencyBooks, dropFile, dropName, dropText, makeSources } from './sources.js';
import { type Moment, Trap } from './trap.js';

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

export type RunKind = 'night' | 'backfill' | 'year';

/** The month most experiments read. */
export const MONTH = '2024-03';
const SOURCE_PASSWORD = 'faultlab-source-password';

export interface RunState {
  readonly runId: string;
  readonly state: 'running' | 'complete' | 'incomplete' | 'failed';
  readonly done: number;
  readonly failed: number;
}

/** One experiment's world: its own database, sources behind lines that can be cut, an agency, and processes of the product. */
export class Scene {
  readonly random: Seeded;
  readonly processes: ProductProcess[] = [];
  readonly complaints: string[] = [];
  recoverySeconds: number | null = null;
  note = '';
  private readonly traps: Trap[] = [];
  private kept: boolean = false;
  private cameTrue = 0;
  /** Done after the experiment, last first. */
  readonly afterwards: (() => Promise<void>)[] = [];

  private constructor(
    readonly lab: Lab,
    readonly choices: SceneChoices,
    private readonly parts: Parts,
  ) {
    this.random = new Seeded(choices.seed);
    this.afterwards.push(...(choices.afterwards ?? []));
  }

  static async open(lab: Lab, choices: SceneChoices): Promise<Scene> {
    const server = choices.server ?? lab.postgres;
    const name = `lab_${lab.next()}`;
    const folder = lab.workspace(name);
    const county =
      choices.county ?? makeCounty({ seed: choices.seed, months: [MONTH], perMonth: SMALL });
    await server.create(
      name,
      `TEMPLATE ${choices.template ?? TEMPLATE} ${choices.databaseOptions ?? ''}`,
    );
    await lab.postgres.create(`${name}_his`);
    const [pool, his] = [await server.pool(name, 8), await lab.postgres.pool(`${name}_his`, 3)];
    await makeSources(his, county);
    await grantReader(his, name);
    const drops = join(folder, 'drops');
    mkdirSync(drops, { recursive: true });
    for (const month of new Set(
      claimsOf(county, CLINIC).map(({ settledAt }) => settledAt.slice(0, 7)),
    )) {
      dropFile(drops, dropName(month), dropText(claimsOf(county, CLINIC, month)));
    }
    const [lead, town] = [await Line.open(lab.postgres.port), await Line.open(lab.postgres.port)];
    return new Scene(lab, choices, {
      ...{ server, name, folder, county, pool, his, drops, lead, town },
      site: lab.site(choices.site),
      agency: null,
    });
  }

  get pool(): pg.Pool {
    return this.parts.pool;
  }

  get his(): pg.Pool {
    return this.parts.his;
  }

  get county(): County {
    return this.parts.county;
  }

  get drops(): string {
    return this.parts.drops;
  }

  get lines(): { readonly lead: Line; readonly town: Line } {
    return this.parts;
  }

  get server(): LabPostgres {
    return this.parts.server;
  }

  get redis(): LabRedis | null {
    return this.choices.redis ?? this.lab.redis;
  }

  get arrivals(): string {
    return join(this.parts.folder, 'arrivals.ndjson');
  }

  get databaseUrl(): string {
    return this.server.url(this.parts.name);
  }

  /** Passwords that must stand in no log. */
  get secrets(): readonly string[] {
    return [SOURCE_PASSWORD, CERTIFICATE_KEY, new URL(this.databaseUrl).password];
  }

  /** The agency, a process of its own with its own books, behind a door of ours that can misbehave where it cannot. */
  async agency(): Promise<AgencyFront> {
    if (this.parts.agency !== null) return this.parts.agency;
    const books = join(this.parts.folder, 'books.ndjson');
    writeFileSync(books, `${agencyBooks(this.county.claims)}\n`);
    const program = [
      join(ROOT, 'dist/sandbox/main.js'),
      '--books',
      books,
      '--ledger',
      this.arrivals,
    ];
    const sandbox = ProductProcess.spawn('sandbox', program, {});
    this.processes.push(sandbox);
    const { url } = await sandbox.ready();
    this.parts.agency = await AgencyFront.open(url ?? '');
    return this.parts.agency;
  }

  environment(application: string): Environment {
    const { lead, town, name, site, agency, folder } = this.parts;
    const database = new URL(this.databaseUrl);
    database.searchParams.set('application_name', application);
    return {
      DATABASE_URL: database.href,
      ...(this.redis === null ? {} : { REDIS_URL: this.redis.url }),
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
      HEYI_LAB_DROPS: this.drops,
    };
  }

  /** Spawns a process and does not wait for it. */
  spawn(
    role: ProductRole,
    more: { readonly before?: readonly string[]; readonly environment?: Environment } = {},
  ): ProductProcess {
    const name = `${role}-${this.processes.length + 1}`;
    const program = [
      ...(more.before ?? []),
      join(ROOT, 'dist/app/main.js'),
      '--role',
      role,
      '--port',
      '0',
    ];
    const started = ProductProcess.spawn(name, program, {
      ...this.environment(name),
      ...more.environment,
    });
    this.processes.push(started);
    return started;
  }

  /** Resolves when all of them take work. */
  async up(...roles: readonly ProductRole[]): Promise<readonly ProductProcess[]> {
    const started = roles.map((role) => this.spawn(role));
    await Promise.all(started.map((each) => each.ready()));
    return started;
  }

  /** Runs a command of the product as its user would. @returns what it printed @throws when it fails and `mayFail` is not set */
  async heyi(
    words: readonly string[],
    { mayFail = false }: { readonly mayFail?: boolean } = {},
  ): Promise<string> {
    const name = `heyi-${this.processes.length + 1}`;
    const program = [join(ROOT, 'dist/cli/main.js'), ...words];
    const command = ProductProcess.spawn(name, program, this.environment(name));
    this.processes.push(command);
    const code = await command.ended();
    if (code === 0 || mayFail) return command.remains.said;
    throw new Error(
      `heyi ${words.join(' ')} ended with ${code}:\n${command.remains.said.slice(-2_000)}`,
    );
  }

  /** Asks for a run and leaves it to the workers. */
  async start(kind: RunKind, subject: string, { again = false } = {}): Promise<string> {
    const pool = await this.server.pool(this.parts.name, 4);
    try {
      const { site } = this.parts;
      return await askForRun({ pool, site, redisUrl: this.redis?.url }, { kind, subject, again });
    } finally {
      await pool.end();
    }
  }

  /** The same on the command line. */
  async startByCommand(kind: RunKind, subject: string): Promise<string> {
    await this.heyi(['run', kind, subject, '--queue-only']);
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT id::text FROM work_run WHERE kind = $1 AND subject = $2',
      [kind, subject],
    );
    const [run] = rows;
    if (run === undefined) throw new Error(`the run ${kind} ${subject} was not written down`);
    return run.id;
  }

  async stateOf(runId: string): Promise<RunState> {
    const { rows } = await this.pool.query<RunState>(
      'SELECT id::text AS "runId", state, done, failed FROM work_run_state WHERE id = $1',
      [runId],
    );
    const [state] = rows;
    if (state === undefined) throw new Error(`no run ${runId}`);
    return state;
  }

  /** Resolves when the run has ended. @throws when that takes longer than `withinSeconds` */
  async ended(runId: string, withinSeconds = 150): Promise<RunState> {
    let state: RunState | null = null;
    await this.until(`run ${runId} ended`, withinSeconds, async () => {
      state = await this.stateOf(runId);
      return state.state !== 'running';
    });
    return state ?? this.stateOf(runId);
  }

  /** Resolves when the run has ended, and expects that none of its work failed. */
  async endedWell(runId: string, withinSeconds?: number): Promise<void> {
    const { failed } = await this.ended(runId, withinSeconds);
    if (failed === 0) return;
    const { rows } = await this.pool.query<{ key: string; error: string }>(
      `SELECT business_key AS key, left(last_error::text, 300) AS error FROM work_item WHERE run_id = $1 AND state = 'failed'`,
      [runId],
    );
    for (const { key, error } of rows) this.complaints.push(`work ${key} failed: ${error}`);
  }

  /** Polls until true. The place among the working is given up meanwhile when it may take long. */
  async until(what: string, withinSeconds: number, holds: () => Promise<boolean>): Promise<void> {
    const poll = (): Promise<void> => this.untilHere(what, withinSeconds, holds);
    await (withinSeconds > LONG_SECONDS ? this.lab.slots.aside(poll) : poll());
  }

  /** The same without giving up the place: while a fault lasts only as long as the experiment says. */
  async untilHere(
    what: string,
    withinSeconds: number,
    holds: () => Promise<boolean>,
  ): Promise<void> {
    const deadline = performance.now() + withinSeconds * 1000;
    while (!(await answered(holds))) {
      if (performance.now() > deadline) {
        throw new Error(`after ${withinSeconds} s still not: ${what}`);
      }
      await pause(20);
    }
    this.cameTrue = performance.now(); // before queueing for a place again
  }

  /** Recovery took from then until what was last waited for came true. */
  recoveredSince(moment: number): void {
    this.recoverySeconds = (this.cameTrue - moment) / 1000;
  }

  async setTrap(moment: Moment): Promise<Trap> {
    const trap = await Trap.set(this.pool, moment);
    this.traps.push(trap);
    return trap;
  }

  processNamed(application: string): ProductProcess {
    const found = this.processes.find(({ name }) => name === application);
    if (found === undefined) throw new Error(`no process called ${application}`);
    return found;
  }

  /** Keeps the database as a template for other scenes. The scene is over after this. */
  async keepAs(template: string): Promise<void> {
    await this.pool.end();
    await this.server.rename(this.parts.name, template);
    this.kept = true;
  }

  /** Notes what an experiment expects beyond the invariants. */
  expect(holds: boolean, what: string): void {
    if (!holds) this.complaints.push(what);
  }

  async close(): Promise<void> {
    for (const process of this.processes) await process.kill();
    for (const trap of this.traps) await trap.release().catch(() => undefined); // else its connection keeps the pool open
    const { pool, his, lead, town, agency, server, name } = this.parts;
    await Promise.all([
      ...(this.kept ? [] : [pool.end()]),
      ...[his.end(), lead.close(), town.close(), agency?.close()],
    ]);
    if (!this.kept) await server.drop(name);
    await this.lab.postgres.drop(`${name}_his`);
    for (const undo of this.afterwards.reverse()) await undo();
  }
}

const LONG_SECONDS = 15;

/** While a server is down nothing holds. */
async function answered(holds: () => Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch (error) {
    if (isDisconnection(error)) return false;
    throw error;
  }
}

function isDisconnection(error: unknown): boolean {
  const { code = '', message = '' } = error as {
    readonly code?: string;
    readonly message?: string;
  };
  return /^(57P0\d|08...|ECONN.*|EPIPE)$/.test(code) || /terminat|Connection|timeout/.test(message);
}

interface Parts {
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

async function grantReader(his: pg.Pool, name: string): Promise<void> {
  await his.query(`
    CREATE ROLE ${name}_reader LOGIN PASSWORD '${SOURCE_PASSWORD}';
    GRANT USAGE ON SCHEMA lead, town TO ${name}_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA lead, town TO ${name}_reader;`);
}
