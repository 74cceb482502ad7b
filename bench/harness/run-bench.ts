import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchContext, Figure, Measurement, Results } from './bench.js';
import type { Answer, Task } from './child.js';
import { type OwnServer, startMariadb } from './servers.js';

export interface RunOptions {
  readonly folder: string;
  readonly postgres: OwnServer;
  readonly rounds: number;
  readonly quick: boolean;
  /** Keeps rounds in which others used the machine; nothing is saved then. */
  readonly noisy: boolean;
}

export interface BenchReport {
  readonly code: string;
  readonly title: string;
  readonly unit: string;
  readonly quick: boolean;
  readonly variants: Readonly<Record<string, string>>;
  readonly results: Results;
  readonly figures: readonly Figure[];
  /** Rounds thrown away because somebody else used the machine. */
  readonly discarded: number;
  readonly skipped: string | null;
  readonly error: string | null;
}

/** Above this share of the machine in other hands a round says nothing. */
const FOREIGN_SHARE = 0.05;
const EXTRA_ROUNDS = 5;

const CHILD = join(import.meta.dirname, 'child.js');

/** Variants take turns, A-B-A-B, each time in a new process, so that warmth and noise fall on all alike. */
export async function runBench(
  bench: Bench,
  file: string,
  options: RunOptions,
): Promise<BenchReport> {
  const { code, title, unit } = bench;
  const names = Object.keys(bench.variants);
  const variants = Object.fromEntries(
    names.map((each) => [each, bench.variants[each]?.title ?? '']),
  );
  const report = { code, title, unit, quick: options.quick, variants, figures: [], results: {} };
  const clean = { ...report, discarded: 0, skipped: null, error: null };
  const folder = mkdtempSync(join(options.folder, `${code}-`));
  const mariadb = bench.servers?.includes('mariadb') ? await startMariadb(folder) : null;
  const context: BenchContext = {
    url: options.postgres.url,
    mariadbUrl: mariadb?.url ?? null,
    folder,
    quick: options.quick,
  };
  const serverPids = [options.postgres.pid, ...(mariadb === null ? [] : [mariadb.pid])];
  const ask = (variant: string | null, round: number) =>
    inProcess({ file, variant, round, context, serverPids });
  try {
    process.stderr.write(`${code} ${title}: preparing\n`);
    const prepared = await ask(null, 0);
    if (prepared.error !== null) return { ...clean, skipped: prepared.error };
    const { results, discarded } = await rounds(names, ask, options);
    assertEqual(results);
    return { ...clean, results, discarded, figures: bench.figures(results) };
  } catch (error) {
    return { ...clean, error: error instanceof Error ? error.message : String(error) };
  } finally {
    await mariadb?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Ask = (variant: string | null, round: number) => Promise<Answer>;

async function rounds(
  names: readonly string[],
  ask: Ask,
  { rounds: wanted, quick, noisy }: RunOptions,
) {
  const results: Record<string, Measurement[]> = Object.fromEntries(
    names.map((name) => [name, []]),
  );
  let discarded = 0;
  for (let round = 0, kept = 0; kept < wanted; round += 1) {
    const taken = await oneRound(names, ask, round);
    const foreign = Math.max(...taken.map(({ foreignShare }) => foreignShare));
    if (foreign > FOREIGN_SHARE && !quick && !noisy && discarded < EXTRA_ROUNDS) {
      process.stderr.write(
        `  discarded: others used ${(foreign * 100).toFixed(0)} % of the machine\n`,
      );
      discarded += 1;
      continue;
    }
    kept += 1;
    names.forEach((name, index) => {
      const measurement = taken[index];
      if (measurement !== undefined) results[name]?.push(measurement);
    });
  }
  return { results, discarded };
}

async function oneRound(
  names: readonly string[],
  ask: Ask,
  round: number,
): Promise<readonly Measurement[]> {
  const taken: Measurement[] = [];
  for (const name of names) {
    const { measurement, error } = await ask(name, round);
    if (measurement === null) throw new Error(`${name}: ${error}`);
    const { units, wallSeconds, nodeCpuSeconds, serverCpuSeconds } = measurement;
    const cpu = `${nodeCpuSeconds.toFixed(2)} + ${serverCpuSeconds.toFixed(2)} CPU-s`;
    process.stderr.write(`  ${name}: ${units} in ${wallSeconds.toFixed(2)} s, ${cpu}\n`);
    taken.push(measurement);
  }
  return taken;
}

/** @throws when two variants that did the same work came to different results */
function assertEqual(results: Results): void {
  const given = Object.entries(results).flatMap(([name, each]) =>
    each.flatMap(({ result }) => (result === null ? [] : [[name, result] as const])),
  );
  const [first] = given;
  const other = given.find(([, result]) => result !== first?.[1]);
  if (first === undefined || other === undefined) return;
  throw new Error(`results differ: ${first[0]} ${first[1]} / ${other[0]} ${other[1]}`);
}

function inProcess(task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(CHILD, {
      execArgv: (process.env['HEYI_BENCH_NODE'] ?? '').split(' ').filter((word) => word !== ''),
    });
    let answer: Answer | null = null;
    child.once('message', (message) => {
      answer = message as Answer;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (answer === null) reject(new Error(`the measuring process ended with ${code}`));
      else resolve(answer);
    });
    child.send(task);
  });
}
