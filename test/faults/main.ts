/**
 * The fault suite: `npm run faults -- [--seeds 10 | --seed 7] [--backend pg|redis|both] [--only 1,2,14] [--minutes 40] [--page]`.
 * Starts servers of its own on ports of its own, hurts them and the product, and lets an oracle judge what is left. `--page` writes
 * the table of docs/reliability.md. After `--minutes` nothing more is begun, save the first seed; what was not is named.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Report } from './experiment.js';
import { BACKENDS, type Backend } from './lab/lab.js';
import { watchForTheEnd } from './lab/last-will.js';
import { redisInstalled } from './lab/redis.js';
import { writePage } from './page.js';
import { line, summary } from './report.js';
import { runShard } from './shard.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string' },
    backend: { type: 'string', default: 'both' },
    only: { type: 'string' },
    shard: { type: 'string' },
    minutes: { type: 'string', default: 'Infinity' },
    page: { type: 'boolean', default: false },
  },
});

const seeds =
  values.seed === undefined
    ? Array.from({ length: Number(values.seeds) }, (_, index) => index + 1)
    : [Number(values.seed)];
const only = values.only === undefined ? null : values.only.split(',').map(Number);

if (values.shard === 'pg' || values.shard === 'redis') await shard(values.shard);
else await everything();

/** One backend, in a process of its own: reports go to standard output, a JSON object a line. */
async function shard(backend: Backend): Promise<void> {
  watchForTheEnd();
  const minutes = Number(values.minutes);
  await runShard({ backend, seeds, only, minutes }, (report) => {
    process.stdout.write(`${JSON.stringify(report)}\n`);
  });
  process.stdin.destroy();
}

async function everything(): Promise<void> {
  const began = performance.now();
  const chosen = backends();
  const reports = (await Promise.all(chosen.map(inOwnProcess))).flat();
  const facts = { seeds, seconds: (performance.now() - began) / 1000 };
  process.stdout.write(summary(reports, facts));
  // The page shows whole runs alone: all experiments on both queues.
  if (values.page && only === null && chosen.length === BACKENDS.length) writePage(reports, facts);
  if (reports.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

function backends(): readonly Backend[] {
  const asked: readonly Backend[] =
    values.backend === 'pg' || values.backend === 'redis' ? [values.backend] : ['pg', 'redis'];
  if (!asked.includes('redis') || redisInstalled()) return asked;
  process.stdout.write('Redis: skipped, redis-server is not installed\n');
  return asked.filter((backend) => backend !== 'redis');
}

async function inOwnProcess(backend: Backend): Promise<readonly Report[]> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, ...process.argv.slice(1), '--shard', backend],
    { stdio: ['pipe', 'pipe', 'inherit'] }, // when we end, its standard input does, and it clears up
  );
  const reports: Report[] = [];
  const ended = once(child, 'exit');
  for await (const text of createInterface({ input: child.stdout })) {
    const report = JSON.parse(text) as Report;
    reports.push(report);
    process.stdout.write(line(report));
  }
  const [code] = await ended;
  if (code !== 0) {
    process.exitCode = 1;
    process.stdout.write(`the laboratory on ${backend} ended with ${String(code)}\n`);
  }
  return reports;
}
