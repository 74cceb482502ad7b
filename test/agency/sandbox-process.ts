import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of the agency's books, as the stand-in reads them. */
export interface BookRow {
  readonly setl_id: string;
  readonly mdtrt_id: string;
  readonly psn_no: string;
  readonly fixmedins_code: string;
  readonly insutype: string;
  readonly clr_type: string;
  readonly setl_time: string;
  readonly medfee_sumamt: string;
  readonly fund_pay_sumamt: string;
  readonly acct_pay: string;
  readonly refd_setl_flag: string;
  readonly msgid: string;
}

/** What the stand-in recorded: one object per message that arrived. */
export interface Arrival {
  readonly msgid: string;
  readonly infno: string;
  readonly key: string;
  readonly content: string;
  readonly outcome: 'accepted' | 'rejected' | 'unseen';
}

const root = join(import.meta.dirname, '../..');
const loader = `data:text/javascript,${encodeURIComponent(
  `import { register } from 'node:module'; register(${JSON.stringify(`file://${root}/test/support/typescript-loader.mjs`)});`,
)}`;

/** The stand-in agency as the demo runs it: its own process, on a free loopback port. */
export class SandboxProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(
    books: readonly BookRow[],
    options: readonly string[] = [],
  ): Promise<SandboxProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'heyi-sandbox-'));
    const booksPath = join(folder, 'books.ndjson');
    writeFileSync(booksPath, books.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const child = spawn(
      process.execPath,
      ['--import', loader, join(root, 'src/sandbox/main.ts'), '--books', booksPath]
        .concat(['--ledger', join(folder, 'arrivals.ndjson')])
        .concat(options),
      { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { url: string };
      return new SandboxProcess(child, folder, url);
    }
    throw new Error('the sandbox did not start');
  }

  /** From now on; counting starts anew. */
  async misbehave(faults: readonly object[]): Promise<void> {
    const response = await fetch(`${this.url}/control/faults`, {
      method: 'PUT',
      body: JSON.stringify(faults),
    });
    if (response.status !== 204) throw new Error('faults refused');
  }

  arrivals(infno?: string): readonly Arrival[] {
    return readFileSync(join(this.folder, 'arrivals.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Arrival)
      .filter((arrival) => infno === undefined || arrival.infno === infno);
  }

  /** As when the process that started it dies: its stdin closes. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
