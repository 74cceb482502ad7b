import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../../src/database/postgres-server.launcher.js';
import { bequeath } from './last-will.js';
import { assertOwn } from './ownership.js';

const PROGRAM = 'redis-server';

export function redisInstalled(): boolean {
  return spawnSync(PROGRAM, ['--version']).status === 0;
}

export type EvictionPolicy = 'noeviction' | 'allkeys-lru';

/** A Redis of our own, with an append-only file, that can be killed and started again on the same data. */
export class LabRedis {
  private server: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly policy: EvictionPolicy,
  ) {}

  static async start(folder: string, policy: EvictionPolicy = 'noeviction'): Promise<LabRedis> {
    mkdirSync(folder, { recursive: true });
    const lab = new LabRedis(folder, await freePort(), policy);
    await lab.up();
    return lab;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const log = openSync(`${this.folder}/redis.log`, 'a');
    const options = {
      '--port': String(this.port),
      '--bind': '127.0.0.1',
      '--dir': this.folder,
      '--save': '',
      '--appendonly': 'yes',
      '--appendfsync': 'everysec',
      '--maxmemory-policy': this.policy,
    };
    this.server = spawn(PROGRAM, Object.entries(options).flat(), { stdio: ['ignore', log, log] });
    bequeath(this.server);
    await this.answers();
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Runs one command on a connection that has proved to be ours. @throws ForeignServerError */
  async command(name: string, ...values: readonly string[]): Promise<unknown> {
    return this.connected((client) => client.call(name, ...values));
  }

  /** Everything it holds, as text, to look for what must not be there. */
  async contents(): Promise<string> {
    return this.connected(async (client) => {
      const texts: string[] = [];
      for (const key of await client.keys('*')) {
        const dumped = await client.dumpBuffer(key).catch(() => null);
        texts.push(key, dumped === null ? '' : dumped.toString('latin1'));
        const fields = await client.hgetall(key).catch(() => ({}));
        texts.push(JSON.stringify(fields));
      }
      return texts.join('\n');
    });
  }

  private async connected<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis({
      port: this.port,
      host: '127.0.0.1',
      lazyConnect: true,
      retryStrategy: null as never,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const found = (await client.call('CONFIG', 'GET', 'dir')) as readonly string[];
      assertOwn(`Redis on port ${this.port}`, found[1] ?? '', this.folder);
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  private async answers(): Promise<void> {
    const deadline = performance.now() + 15_000;
    for (;;) {
      try {
        if ((await this.command('PING')) === 'PONG') return;
      } catch (error) {
        if (error instanceof Error && error.name === 'ForeignServerError') throw error;
      }
      if (performance.now() > deadline) throw new Error('the laboratory’s Redis did not start');
      await pause(25);
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const left = once(server, 'exit');
    server.kill(signal);
    await left;
  }
}
