import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

const BINARY = 'redis-server';

export const redisInstalled: boolean = spawnSync(BINARY, ['--version']).status === 0;

/** A Redis of the test's own, on a free port and in a folder of its own: it may be killed, emptied and set up wrongly. */
export class OwnRedis {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly settings: readonly string[],
  ) {}

  /** @param settings  as on the command line, e.g. `--maxmemory-policy allkeys-lru` */
  static async open(...settings: readonly string[]): Promise<OwnRedis> {
    const redis = new OwnRedis(
      await freePort(),
      mkdtempSync(join(tmpdir(), 'heyi-redis-')),
      settings,
    );
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.child = spawn(
      BINARY,
      ['--port', `${this.port}`, '--bind', '127.0.0.1', '--dir', this.folder, ...this.settings],
      { stdio: 'ignore' },
    );
    for (let tries = 0; ; tries += 1) {
      const folder = await this.ask('CONFIG', 'GET', 'dir').catch(() => null);
      if (Array.isArray(folder) && folder[1] === this.folder) return; // ours, not somebody else's on that port
      if (tries > 200) throw new Error(`${BINARY} did not start on port ${this.port}`);
      await pause(25);
    }
  }

  /** One command on a connection of its own. */
  async ask(command: string, ...args: readonly string[]): Promise<unknown> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await redis.call(command, ...args);
    } finally {
      if (redis.status !== 'end') redis.disconnect();
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}
