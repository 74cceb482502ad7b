import { resolve } from 'node:path';
import { loadLimits } from '../../../src/config/limits.loader.js';
import type { SourceContext } from '../../../src/connectors/connector.js';

/** What every source is made to hold: a 19-digit number, a moment, Chinese text or nothing, money. */
export interface FixtureRow {
  readonly no: string;
  /** `2024-01-02 08:00:00` */
  readonly settled: string;
  readonly name: string | null;
  readonly amount: string;
}

/** A source that holds the rows, as a configuration would name it. */
export interface PreparedSource {
  readonly options: Readonly<Record<string, unknown>>;
  readonly stream: Readonly<Record<string, unknown>>;
  readonly context: SourceContext;
}

/** How one kind of source is set up for the suite. */
export interface SourceFixture {
  /** Lays the rows out. The columns are called no, settled, name, amount, in this order. */
  prepare(rows: readonly FixtureRow[]): Promise<PreparedSource>;
  /** The same source asked for a column it does not have, called `absent`. */
  lacking(source: PreparedSource): PreparedSource;
  /** The same source at a place where nothing answers. */
  unreachable(source: PreparedSource): PreparedSource;
  /** Only where a server works for us: a stream whose query takes half a minute. */
  slow?(source: PreparedSource): PreparedSource;
  /** Only with `slow`: queries of ours that the server is running now. */
  running?(): Promise<number>;
  dispose(): Promise<void>;
}

export const ROWS: readonly FixtureRow[] = [
  { no: '9223372036854775807', settled: '2024-01-02 08:00:00', name: '阿莫西林', amount: '12.30' },
  { no: '9007199254740993', settled: '2024-01-02 08:00:00', name: null, amount: '0.01' },
  { no: '9007199254740995', settled: '2024-01-03 23:59:59', name: '𠮷林"片",', amount: '-5.00' },
  { no: '1000000000000000004', settled: '2024-01-04 00:00:00', name: '挂号 费', amount: '100.00' },
  { no: '1000000000000000005', settled: '2024-01-31 23:59:59', name: '床位', amount: '7.77' },
];

export function sourceContext(dataDir: string): SourceContext {
  const { source } = loadLimits(resolve('config'));
  return { limits: source, dataDir, timezone: 'Asia/Shanghai' };
}
