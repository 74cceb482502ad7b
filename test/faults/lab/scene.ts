import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { AgencyFront } from './agency-front.js';
import type { County } from './county.js';
import { askForRun } from './driver.js';
import {
  environmentOf,
  furnished,
  type Parts,
  type SceneChoices,
  SOURCE_PASSWORD,
} from './furnishings.js';
import { CERTIFICATE_KEY, type Lab } from './lab.js';
import { secondsBetween } from './machine-time.js';
import { LONG_SECONDS, poll } from './patience.js';
import type { LabPostgres } from './postgres.js';
import { type Environment, ProductProcess, type ProductRole, ROOT } from './product.js';
import type { Line } from './proxy.js';
import { Seeded } from './random.js';
import type { LabRedis } from './redis.js';
import { failuresOf, type RunState, stateOf } from './run-state.js';
import { agencyBooks } from './sources.js';
import { type Moment, Trap } from './trap.js';

export type RunKind = 'night' | 'backfill' | 'year';

/** One experiment's world: its own database, sources behind lines that can be cut, an agency, and processes of the product. */
export class Scene {
  readonly random: Seeded;
  readonly processes: ProductProcess[] = [];
  readonly complaints: string[] = [];
  recoverySeconds: number | null = null;
  recoveryUncrowded: number | null = null; // less what the machine was crowded: for limits
  note = '';
  private readonly traps: Trap[] = [];
  private kept: boolean = false;
  /** What was last waited for, for whoever finds that nothing happens. */
  waitingFor = 'its first step';
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
    return new Scene(lab, choices, await furnished(lab, choices));
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

  /** Passwords that must stand in no log. */
  get secrets(): readonly string[] {
    return [SOURCE_PASSWORD, CERTIFICATE_KEY, new URL(this.server.url('')).password];
  }

  /** The agency, a process of its own with its own books, behind a door of ours that can misbehave where it cannot. */
  async agency(): Promise<AgencyFront> {
    if (this.parts.agency !== null) return this.parts.agency;
    const books = join(this.parts.folder, 'books.ndjson');
    writeFileSync(books, `${agencyBooks(this.county.claims)}\n`);
    const files = ['--books', books, '--ledger', this.arrivals];
    const program = [join(ROOT, 'dist/sandbox/main.js'), ...files];
    const sandbox = ProductProcess.spawn('sandbox', program, {});
    this.processes.push(sandbox);
    const { url } = await sandbox.ready();
    this.parts.agency = await AgencyFront.open(url ?? '');
    return this.parts.agency;
  }

  /** Spawns a process and does not wait for it. */
  spawn(
    role: ProductRole,
    more: { readonly before?: readonly string[]; readonly environment?: Environment } = {},
  ): ProductProcess {
    const name = `${role}-${this.processes.length + 1}`;
    const main = [join(ROOT, 'dist/app/main.js'), '--role', role, '--port', '0'];
    const program = [...(more.before ?? []), ...main];
    const started = ProductProcess.spawn(name, program, {
      ...environmentOf(this.parts, this.redis, name),
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
    const command = ProductProcess.spawn(
      name,
      program,
      environmentOf(this.parts, this.redis, name),
    );
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

  stateOf(runId: string): Promise<RunState> {
    return stateOf(this.pool, runId);
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
    this.complaints.push(...(await failuresOf(this.pool, runId)));
  }

  /** Polls until true. The place among the working is given up meanwhile when it may take long. */
  async until(what: string, withinSeconds: number, holds: () => Promise<boolean>): Promise<void> {
    const wait = (): Promise<void> => this.untilHere(what, withinSeconds, holds);
    await (withinSeconds > LONG_SECONDS ? this.lab.slots.aside(wait) : wait());
  }

  /** The same without giving up the place: while a fault lasts only as long as the experiment says. */
  async untilHere(
    what: string,
    withinSeconds: number,
    holds: () => Promise<boolean>,
  ): Promise<void> {
    this.waitingFor = what;
    this.cameTrue = await poll(what, withinSeconds, holds); // the moment, before queueing for a place again
  }

  /** Recovery took from then until what was last waited for came true. */
  recoveredSince(moment: number): void {
    this.recoverySeconds = (this.cameTrue - moment) / 1000;
    this.recoveryUncrowded = secondsBetween(moment, this.cameTrue);
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
