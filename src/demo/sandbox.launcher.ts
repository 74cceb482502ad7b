import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GatewayError } from '../kernel/errors.js';

/** The stand-in agency did not come up. */
class SandboxStartError extends GatewayError {
  readonly code = 'demo.sandbox_start';
  readonly recovery = 'halt';
  readonly remedy = '请查看上方的错误输出。';
}

export interface RunningSandbox {
  readonly url: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 15_000;

/**
 * Starts the stand-in agency as a process of its own. Its standard input is ours, so that it ends when this process ends, however
 * that happens.
 *
 * @throws SandboxStartError
 */
export async function launchSandbox(files: {
  /** What the agency itself has on its books. */
  readonly books: string;
  /** Where it writes down what arrived. */
  readonly ledger: string;
}): Promise<RunningSandbox> {
  const program = join(import.meta.dirname, '../sandbox/main.js');
  const child = spawn(
    process.execPath,
    [program, '--books', files.books, '--ledger', files.ledger],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  const first = await Promise.race([once(lines, 'line'), ended.then(() => null)]);
  clearTimeout(timer);
  if (first === null) throw new SandboxStartError('模拟经办机构没有启动');
  const { url } = JSON.parse(String(first[0])) as { url: string };
  return {
    url,
    async stop() {
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
