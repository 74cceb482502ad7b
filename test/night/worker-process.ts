import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');
/** Lets plain `node` run the sources, as Jest does. */
const LOADER = `data:text/javascript,import { register } from 'node:module'; register('./test/support/typescript-loader.mjs', 'file://${ROOT}/');`;

/** A worker of its own process, on a database given by URL, that can be killed like by a power cut. */
export class WorkerProcess {
  private child: ChildProcess | null = null;
  private said = '';

  /** @param redisUrl  null: queues in the database, whatever this process's own environment says */
  constructor(
    private readonly databaseUrl: string,
    private readonly redisUrl: string | null = null,
  ) {}

  /** Resolves when the worker takes jobs. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--import', LOADER, join(ROOT, 'src/app/main.ts'), '--role', 'worker'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          DATABASE_URL: this.databaseUrl,
          REDIS_URL: this.redisUrl ?? '',
          HEYI_SITE: 'config/demo',
        },
      },
    );
    this.child = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.said += chunk.toString();
    });
    const ended = once(child, 'exit').then(() => null);
    const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    if (line === null) throw new Error(`The worker did not start:\n${this.said}`);
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop and waits. @returns its exit code */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    this.child = null;
    if (child === null) return null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
}
