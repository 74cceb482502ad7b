import { parseArgs } from 'node:util';
import { GatewayError } from '../kernel/errors.js';
import { DEMO_REGIONS, type DemoSetting, isDemoRegion } from './regions.js';

export interface DemoOptions {
  readonly seed: number;
  /** Whose text the county is settled by, and the year that it lives in. */
  readonly setting: DemoSetting;
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

const USAGE =
  '[--once] [--region sanya|hunan|ganyu|jilin|hainan] [--year 2024] [--seed 20240101] [--claims 30000] [--data 文件夹] [--port 端口]';
const MOST_CLAIMS = 10_000_000;
const YEARS = /^202[4-9]$/;

/** @throws DemoUsageError */
export function demoOptions(args: readonly string[]): DemoOptions {
  const values = parsed(args);
  return {
    seed: whole('seed', values.seed, 2 ** 32 - 1),
    claims: whole('claims', values.claims, MOST_CLAIMS),
    setting: settingOf(values.region, values.year),
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
        region: { type: 'string', default: 'sanya' },
        year: { type: 'string' },
        once: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
      },
    }).values;
  } catch (cause) {
    throw new DemoUsageError('不认识的选项', {}, { cause });
  }
}

function settingOf(region: string, year: string | undefined): DemoSetting {
  if (!isDemoRegion(region)) throw new DemoUsageError(`--region 没有 ${region}`);
  const chosen = year ?? DEMO_REGIONS[region];
  if (!YEARS.test(chosen)) throw new DemoUsageError(`--year 应为 2024 到 2029，而不是 ${chosen}`);
  return { region, year: chosen };
}

function whole(name: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= most)) {
    throw new DemoUsageError(`--${name} 应为 0 到 ${most} 的整数，而不是 ${text}`);
  }
  return value;
}
