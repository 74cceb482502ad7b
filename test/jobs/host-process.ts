import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');
/** Lets plain `node` run the sources, as Jest does. */
const LOADER = `data:text/javascript,import { register } from 'node:module'; register('./test/support/typescript-loader.mjs', 'file://${ROOT}/');`;

export interface HostOptions {
  readonly role: 'worker' | 'scheduler';
  /** Several of them in one process, each on connections of its own. */
  readonly count?: number;
  readonly databaseUrl: string;
  /** Absent: queues in the database. */
  readonly redisUrl?: string;
  readonly siteDir?: string;
  /** How long a read takes; 1.2 s unless told otherwise. */
  readonly readMs?: number;
  /** What stands before the command, e.g. to run it in another network. */
  readonly prefix?: readonly string[];
}

/** A gateway process of `host.ts`. */
export class HostProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when it works. */
  static async start(options: HostOptions): Promise<HostProcess> {
    const {
      role,
      count = 1,
      databaseUrl,
      redisUrl = '',
      siteDir = '/nonexistent',
      prefix = [],
      readMs,
    } = options;
    const script = join(ROOT, 'test/jobs/host.ts');
    const command = [process.execPath, '--import', LOADER, script, role, `${count}`];
    const [program = '', ...args] = [...prefix, ...command];
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        HEYI_SITE: siteDir,
        ...(readMs !== undefined && { READ_MS: `${readMs}` }),
      },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ended = once(child, 'exit').then(() => null);
    const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    if (line === null) throw new Error(`The process did not start:\n${said}`);
    return new HostProcess(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** As by a power cut. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop and waits. @returns its exit code; null: somebody had to kill it */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }
}
