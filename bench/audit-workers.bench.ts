import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once as happened } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createPool } from '../src/database/pool.client.js';
import type { ShareDone, ShareOrder } from './data/audit-share.js';
import { bookedFrom } from './data/whole-audit.js';
import {
  type Bench,
  type BenchContext,
  figureOf,
  type Measurement,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { urlOf } from './harness/database.js';

/**
 * B5W: the audit of the books, every active rule, by one worker and by two that share the persons by bucket, in one snapshot. From the books
 * to the findings: storing them is one transaction however many worked. Workers stand ready before the clock starts, as a site's do.
 */

/** The same books as those of a million lines of B5L. */
const DATABASE = 'b5l_middle';
const linesOf = ({ quick }: BenchContext): number => (quick ? 24_000 : 1_000_000);
const WORKER = join(import.meta.dirname, 'data', 'audit-share.js');

async function audited(context: RoundContext, workers: number): Promise<Outcome> {
  const url = urlOf(context.url, DATABASE);
  const pool = createPool(url, 1);
  const started = await Promise.all(
    Array.from({ length: workers }, (_, part) => ready(context, { url, part, of: workers })),
  );
  try {
    const client = await pool.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ snapshot: string }>(
      'SELECT pg_export_snapshot() AS snapshot',
    );
    const done = await context.measure(() =>
      Promise.all(started.map((worker) => answered(worker, rows[0]?.snapshot ?? ''))),
    );
    await client.query('ROLLBACK');
    client.release();
    return outcomeOf(done);
  } finally {
    for (const worker of started) worker.kill();
    await pool.end();
  }
}

async function ready(
  { folder }: BenchContext,
  order: Omit<ShareOrder, 'folder'>,
): Promise<ChildProcess> {
  const own = mkdtempSync(join(folder, 'worker-'));
  const worker = fork(WORKER, [JSON.stringify({ ...order, folder: own })]);
  await Promise.race([happened(worker, 'message'), ended(worker)]);
  return worker;
}

async function answered(worker: ChildProcess, snapshot: string): Promise<ShareDone> {
  const done = happened(worker, 'message');
  worker.send(snapshot);
  const [given] = (await Promise.race([done, ended(worker)])) as [ShareDone];
  return given;
}

async function ended(worker: ChildProcess): Promise<never> {
  const [code] = (await happened(worker, 'exit')) as [number | null];
  throw new Error(`a worker ended with ${code}`);
}

function outcomeOf(done: readonly ShareDone[]): Outcome {
  const findings = done.flatMap((each) => each.findings).sort();
  return {
    units: done.reduce((sum, { lines }) => sum + lines, 0),
    result: createHash('sha256').update(findings.join('\n')).digest('hex'),
    extra: {
      findings: findings.length,
      workerMb: Math.max(...done.map(({ peakRssMb }) => peakRssMb)),
    },
  };
}

/** How much faster a second worker could make it if every processor were busy all the time and the work stayed the same. */
function room({ wallSeconds, nodeCpuSeconds, serverCpuSeconds }: Measurement): number {
  return Math.min(2, (wallSeconds * cpus().length) / (nodeCpuSeconds + serverCpuSeconds));
}

const busy = ({ wallSeconds, nodeCpuSeconds, serverCpuSeconds }: Measurement): number =>
  (nodeCpuSeconds + serverCpuSeconds) / wallSeconds;

export const bench: Bench = {
  code: 'B5W',
  title: 're-audit, two workers',
  unit: 'lines',
  async prepare(context) {
    await bookedFrom(context, DATABASE, linesOf(context));
  },
  variants: {
    one: { title: 'one worker', run: (context) => audited(context, 1) },
    two: { title: 'two workers, persons by bucket', run: (context) => audited(context, 2) },
  },
  figures: (results) => [
    ratio(results, {
      ...{ label: 'two workers ÷ one', ours: 'two', rival: 'one', hold: { atLeast: 1.7 } },
    }),
    figureOf(results['one'], {
      label: `what ${cpus().length} processors leave room for`,
      of: room,
    }),
    figureOf(results['one'], { label: 'processors busy, one worker', of: busy }),
    figureOf(results['two'], { label: 'processors busy, two workers', of: busy }),
    figureOf(results['two'], {
      label: 'peak RSS of a worker of two, MB',
      ...{ of: ({ extra }) => extra?.['workerMb'] ?? 0, hold: { atMost: 512 }, places: 0 },
    }),
  ],
};
