import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bequeath } from './last-will.js';
import { deadline } from './machine-time.js';

export const ROOT = join(import.meta.dirname, '../../..');

export type ProductRole = 'api' | 'worker' | 'scheduler';
export type Environment = Readonly<Record<string, string>>;

/** What a process left behind: for the search for leaks, and for the report when something failed. */
export interface Remains {
  readonly said: string;
  /** Highest resident size it ever had, in bytes. */
  readonly peakBytes: number;
}

/** A process of the built product, which can be killed, frozen and asked to stop. */
export class ProductProcess {
  private peak = 0;
  private text = '';
  private readonly watching: NodeJS.Timeout;

  private constructor(
    private readonly child: ChildProcess,
    readonly name: string,
  ) {
    child.stderr?.on('data', (chunk: Buffer) => this.hear(chunk));
    child.stdout?.on('data', (chunk: Buffer) => this.hear(chunk));
    this.watching = setInterval(() => this.measure(), 250);
    this.watching.unref();
    child.once('exit', () => clearInterval(this.watching));
  }

  static spawn(name: string, program: readonly string[], environment: Environment): ProductProcess {
    const child = spawn(process.execPath, [...program], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...inherited(), ...environment },
    });
    bequeath(child);
    return new ProductProcess(child, name);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }

  get remains(): Remains {
    return { said: this.text, peakBytes: this.peak };
  }

  /** The line of JSON that a process prints when it is ready. @throws when it ended first, or took too long */
  async ready(withinSeconds = 150): Promise<{ readonly url: string | null }> {
    if (this.child.stdout === null) throw new Error('no output to read');
    const lines = createInterface({ input: this.child.stdout });
    const late = deadline(withinSeconds);
    try {
      for (;;) {
        const line = await Promise.race([
          once(lines, 'line', { signal: late.signal }).then(([text]) => String(text)),
          once(this.child, 'exit').then(() => null),
        ]);
        if (line === null) throw new NotReadyError(this.name, this.text);
        const told = parsed(line);
        if (told !== null) return told;
      }
    } catch (error) {
      if (late.signal.aborted) throw new NotReadyError(this.name, this.text);
      throw error;
    } finally {
      late.clear();
    }
  }

  freeze(): void {
    this.measure();
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Asks it to stop, and does not wait for ever. */
  async stop(patienceMs = 25_000): Promise<void> {
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), patienceMs);
    this.child.kill('SIGCONT');
    await this.end('SIGTERM');
    clearTimeout(impatience);
  }

  /** Resolves with its exit code when it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.alive) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.measure();
    if (!this.alive) return;
    const left = once(this.child, 'exit');
    this.child.kill(signal);
    await left;
  }

  private hear(chunk: Buffer): void {
    if (this.text.length < 4_000_000) this.text += chunk.toString('utf8');
  }

  private measure(): void {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      const kilobytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
      this.peak = Math.max(this.peak, kilobytes * 1024);
    } catch {
      // gone already, or a system without /proc: the last measure stands
    }
  }
}

export class NotReadyError extends Error {
  constructor(
    name: string,
    readonly said: string,
  ) {
    super(`${name} did not become ready:\n${said.slice(-2_000)}`);
    this.name = 'NotReadyError';
  }
}

function parsed(line: string): { readonly url: string | null } | null {
  try {
    const told: unknown = JSON.parse(line);
    if (typeof told !== 'object' || told === null || !('ready' in told)) return null;
    return { url: 'url' in told && typeof told.url === 'string' ? told.url : null };
  } catch {
    return null;
  }
}

/** Our own surroundings without what would lead the product to somebody else's servers. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return { PATH, HOME, LANG, TMPDIR };
}

/** Loaded before the product: its clock is off by so much, and goes off by more at a signal. */
export function wrongClock(offsetMs: number, atSignalMs = 0): readonly string[] {
  const source = `
    const now = Date.now.bind(Date);
    const Real = Date;
    let off = ${offsetMs};
    globalThis.Date = class Date extends Real {
      constructor(...given) { if (given.length === 0) super(now() + off); else super(...given); }
      static now() { return now() + off; }
    };
    process.on('SIGUSR2', () => { off += ${atSignalMs}; });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}
