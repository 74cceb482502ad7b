import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { printBench, saveReport } from './report.js';
import { type RunOptions, runBench } from './run-bench.js';
import { startPostgres } from './servers.js';

/** `npm run bench [-- --quick] [-- --rounds 5] [-- B1 B2 …]` */

const USAGE = 'usage: npm run bench -- [--quick] [--noisy] [--rounds <n>] [B1 B2 …]';

function isKnown(word: string): boolean {
  return ['--quick', '--noisy', '--rounds'].includes(word) || /^B\d+[a-zA-Z]?$/.test(word);
}

const folder = join(import.meta.dirname, '..');

async function found(wanted: readonly string[]): Promise<readonly (readonly [string, Bench])[]> {
  const all: (readonly [string, Bench])[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.bench.js')) continue;
    const file = join(folder, name);
    const { bench } = (await import(file)) as { readonly bench: Bench };
    if (wanted.length === 0 || wanted.includes(bench.code)) all.push([file, bench]);
  }
  return all.sort(([, a], [, b]) => a.code.localeCompare(b.code, 'en', { numeric: true }));
}

async function main(words: readonly string[]): Promise<void> {
  const quick = words.includes('--quick');
  const at = words.indexOf('--rounds');
  const rounds = at === -1 ? (quick ? 1 : 5) : Number(words[at + 1]);
  const noisy = words.includes('--noisy');
  const wanted = words.filter((word) => /^B\d+[a-zA-Z]?$/.test(word));
  const unknown = words.filter((word, index) => !isKnown(word) && words[index - 1] !== '--rounds');
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) throw new Error(USAGE);
  const benches = await found(wanted);
  if (benches.length === 0) throw new Error(`no benchmark is called ${wanted.join(', ')}`);
  const run = mkdtempSync(join(tmpdir(), 'heyi-bench-'));
  const postgres = await startPostgres(run);
  try {
    const options: RunOptions = { folder: run, postgres, rounds, quick, noisy };
    let failed = false;
    for (const [file, bench] of benches) {
      const report = await runBench(bench, file, options);
      printBench(report);
      failed ||= report.error !== null;
      if (!quick && !noisy && report.error === null && report.skipped === null) saveReport(report);
    }
    if (failed) process.exitCode = 1;
  } finally {
    await postgres.stop();
    rmSync(run, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
