import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { createPool } from '../../../src/database/pool.client.js';
import { serverAccount } from '../../../src/database/postgres-account.launcher.js';
import { preparedBinaries } from '../../../src/database/postgres-binaries.launcher.js';
import { initialise, openWay } from '../../../src/database/postgres-folder.launcher.js';
import { postgresUrl } from '../../../src/database/postgres-pointer.launcher.js';
import {
  becomesReady,
  type Cluster,
  freePort,
  gone,
  spawnServer,
} from '../../../src/database/postgres-server.launcher.js';
import { atTheEnd, bequeath } from './last-will.js';
import { assertOwn } from './ownership.js';

/**
 * Survives the death of its processes, as a real one does; only a power cut of the machine is out of reach, so nothing is flushed.
 * `synchronous_commit` stays on: without it an immediate stop would lose what was acknowledged.
 */
const SETTINGS = [
  'timezone=UTC',
  'log_timezone=UTC',
  'fsync=off',
  'full_page_writes=off',
  'shared_buffers=128MB',
  'max_connections=400',
  'jit=off',
  'cluster_name=heyi-faults',
  'autovacuum_naptime=10s',
];

export const TEMPLATE = 'lab_template';

/** A PostgreSQL of our own: own port, own data, and a way to kill it. */
export class LabPostgres {
  private server: ChildProcess | null = null;

  private constructor(
    private readonly cluster: Cluster,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<LabPostgres> {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const dataDirectory = join(folder, 'data');
    const account = serverAccount(dataDirectory);
    openWay(dataDirectory, account);
    const binaries = await preparedBinaries(account, dirname(dataDirectory));
    const password = initialise(dataDirectory, binaries, account);
    const logPath = join(folder, 'postgres.log');
    const cluster = { binaries, account, dataDirectory, logPath, password, settings: SETTINGS };
    const lab = new LabPostgres(cluster, await freePort());
    await lab.up();
    return lab;
  }

  get dataDirectory(): string {
    return this.cluster.dataDirectory;
  }

  get account(): Cluster['account'] {
    return this.cluster.account;
  }

  url(database: string): string {
    return postgresUrl(this.port, this.cluster.password, database);
  }

  /** A pool on one of its databases, after proof that the server behind it is ours. @throws ForeignServerError */
  async pool(database: string, connections = 4): Promise<pg.Pool> {
    const pool = createPool(this.url(database), connections);
    try {
      await this.assertOwn(pool);
      return pool;
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  /** @throws ForeignServerError */
  async assertOwn(pool: pg.Pool): Promise<void> {
    const { rows } = await pool.query<{ found: string }>(
      `SELECT current_setting('data_directory') AS found`,
    );
    assertOwn(`PostgreSQL on port ${this.port}`, rows[0]?.found ?? '', this.dataDirectory);
  }

  /** Migrates the template with the product's own command. */
  async makeTemplate(migrate: (databaseUrl: string) => Promise<void>): Promise<void> {
    await this.admin(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(this.url(TEMPLATE));
  }

  async create(name: string, options = ''): Promise<void> {
    await this.admin(`CREATE DATABASE ${name} ${options}`);
  }

  async drop(name: string): Promise<void> {
    await this.admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  async rename(name: string, to: string): Promise<void> {
    await this.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await this.admin(`ALTER DATABASE ${name} RENAME TO ${to}`);
  }

  /** Immediate stop, as after a crash: no checkpoint, recovery at the next start. */
  async crash(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    const left = once(server, 'exit');
    server.kill('SIGQUIT');
    await left;
    this.server = null;
  }

  async up(): Promise<void> {
    this.server = spawnServer(this.cluster, this.port);
    bequeath(this.server);
    if (!(await becomesReady(this.server, this.url('postgres')))) {
      throw new Error(`the laboratory's PostgreSQL did not start, see ${this.cluster.logPath}`);
    }
  }

  async stop(): Promise<void> {
    if (this.server !== null) await gone(this.server);
    this.server = null;
  }

  /** Resident bytes of all its processes are no business of ours; its own log is. */
  get logPath(): string {
    return this.cluster.logPath;
  }

  private async admin(statement: string): Promise<void> {
    const pool = await this.pool('postgres', 1);
    try {
      await pool.query(statement);
    } finally {
      await pool.end();
    }
  }
}

const [MOUNT, UNMOUNT] = ['mount', 'umount'] as const;

/** Mounts a small file system owned by the server's account, where root may. Null: may not. */
export function mountSmallDisk(
  folder: string,
  { megabytes, account }: { readonly megabytes: number; readonly account: Cluster['account'] },
): { readonly unmount: () => void } | null {
  if (process.getuid?.() !== 0) return null;
  mkdirSync(folder, { recursive: true });
  const owner = account === null ? '' : `,uid=${account.uid},gid=${account.gid}`;
  const options = `size=${megabytes}m,mode=0700${owner}`;
  const mounted = spawnSync(MOUNT, ['-t', 'tmpfs', '-o', options, 'heyi-faults', folder]);
  if (mounted.status !== 0) return null;
  const unmount = (): void => void spawnSync(UNMOUNT, ['-l', folder]);
  const forget = atTheEnd(unmount);
  return {
    unmount: () => {
      forget();
      unmount();
    },
  };
}
