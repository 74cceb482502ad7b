import { parseArgs } from 'node:util';
import { GatewayError } from '../kernel/errors.js';

export interface DemoOptions {
  readonly seed: number;
  /** About how many claims the county has in the year. */
  readonly claims: number;
  /** Where database and files are kept; null: with the clone. */
  readonly dataDir: string | null;
  /** Stop at the end instead of serving the read API. */
  readonly once: boolean;
  /** Of the read API; 0: any free one. */
  readonly port: number;
}

/** The command line asks for something that does not exist. */
export class DemoUsageError extends GatewayError {
  readonly code = 'demo.usage';
  readonly recovery = 'halt';
  readonly remedy = `用法：npm run demo -- ${USAGE}`;
}

const USAGE = '[--once] [--seed 20240101] [--claims 30000] [--data 文件夹] [--port 端口]';
const MOST_CLAIMS = 10_000_000;

/** @throws DemoUsageError */
export function demoOptions(args: readonly string[]): DemoOptions {
  const values = parsed(args);
  return {
    seed: whole('seed', values.seed, 2 ** 32 - 1),
    claims: whole('claims', values.claims, MOST_CLAIMS),
    dataDir: values.data ?? null,
    once: values.once,
    port: whole('port', values.port, 65_535),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '20240101' },
        claims: { type: 'string', default: '30000' },
        data: { type: 'string' },
        once: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
      },
    }).values;
  } catch (cause) {
    throw new DemoUsageError('不认识的选项', {}, { cause });
  }
}

function whole(name: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= most)) {
    throw new DemoUsageError(`--${name} 应为 0 到 ${most} 的整数，而不是 ${text}`);
  }
  return value;
}
