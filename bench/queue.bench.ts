import 'reflect-metadata';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause, setImmediate as yieldLoop } from 'node:timers/promises';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadLimits } from '../src/config/limits.loader.js';
import { siteOf } from '../src/config/site.js';
import { SiteModule } from '../src/config/site.module.js';
import { DatabaseModule } from '../src/database/database.module.js';
import { createPool } from '../src/database/pool.client.js';
import { type JobHandler, type JobResult, planned } from '../src/jobs/job.js';
import { pullWindow } from '../src/jobs/job-kinds.js';
import { JobsModule } from '../src/jobs/jobs.module.js';
import type { RunPlan } from '../src/jobs/plan.js';
import { openQueueBackend } from '../src/jobs/queue-backend.client.js';
import { inspectRedis } from '../src/jobs/redis-posture.client.js';
import { RunService } from '../src/jobs/run.service.js';
import { WorkerService } from '../src/jobs/worker.service.js';
import {
  type Bench,
  type Figure,
  figureOf,
  type Outcome,
  type RoundContext,
  type Variant,
} from './harness/bench.js';
import { migrated } from './harness/database.js';

/**
 * B8: what the queue takes away from the work. Fifty slices of a quarter of a second go through the product's own path: a run is asked
 * for, its jobs are queued, leased, fenced, carried out and written down. Idle share = 1 − Σ handler time ÷ (wall × workers).
 */

const SLICES = 50;
const SLICE_MS = 250;
const WARM_UP_SLICES = 30;
const QUICK_SLICES = 10;
const QUICK_SLICE_MS = 50;
const YIELD_MS = 5;
/** Looking oftener would cost more than it tells. */
const POLL_MS = 15;
const HOLDS = { postgres: { atMost: 0.05 }, redis: { atMost: 0.02 } } as const;

type Kind = keyof typeof HOLDS;
type Slice = (forMs: number) => Promise<void>;

/** As mapping and evaluating do: the processor is busy, and the event loop is let through at every batch. */
const computing: Slice = async (forMs) => {
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const pauseAt = Math.min(end, performance.now() + YIELD_MS);
    while (performance.now() < pauseAt) Math.sqrt(pauseAt);
    await yieldLoop();
  }
};

/** As reading a slow source does. */
const waiting: Slice = async (forMs) => {
  await pause(forMs);
};

/** What the handlers of this process do, and how long they have been at it. */
const work = { slice: waiting, forMs: 0, handlerMs: 0, slices: 0 };

@Injectable()
class SliceJob implements JobHandler<unknown> {
  readonly job = pullWindow as never;

  async handle(): Promise<JobResult> {
    const began = performance.now();
    await work.slice(work.forMs);
    work.handlerMs += performance.now() - began;
    work.slices += 1;
    return {};
  }
}

function variant(kind: Kind, workers: number, slice: Slice): Variant {
  const how = slice === computing ? 'computing' : 'waiting for its source';
  return {
    title: `${kind === 'redis' ? 'Redis' : 'PostgreSQL'}, ${workers} worker${workers > 1 ? 's' : ''}, ${how}`,
    run: (context) => measured(context, { kind, workers, slice }),
  };
}

interface Setting {
  readonly kind: Kind;
  readonly workers: number;
  readonly slice: Slice;
}

async function measured(context: RoundContext, setting: Setting): Promise<Outcome> {
  const redis = setting.kind === 'redis' ? await startRedis(context.folder) : null;
  const pool = createPool(databaseUrl(context), 10 * setting.workers + 6);
  const apps: INestApplicationContext[] = [];
  try {
    for (let each = 0; each < setting.workers; each += 1) {
      apps.push(await startWorker(pool, redis?.url));
    }
    const [first] = apps;
    if (first === undefined) throw new RangeError('at least one worker');
    const runs = first.get(RunService);
    const never = new AbortController().signal;
    // Workers live for weeks: their first jobs, slower than all others, are not what is asked about.
    Object.assign(work, { slice: waiting, forMs: 1 });
    await runs.ended(await runs.start(slicesOf('warm-up', WARM_UP_SLICES), 'next'), never);
    Object.assign(work, { slice: setting.slice, handlerMs: 0, slices: 0 });
    work.forMs = context.quick ? QUICK_SLICE_MS : SLICE_MS;
    const plan = slicesOf('measured', context.quick ? QUICK_SLICES : SLICES);
    const began = performance.now();
    await context.measure(async () => {
      const runId = await runs.start(plan, 'next');
      await runs.ended(runId, never, POLL_MS);
    });
    const wallMs = performance.now() - began;
    return {
      units: work.slices,
      result: String(work.slices),
      extra: { idleShare: 1 - work.handlerMs / (wallMs * setting.workers) },
    };
  } finally {
    await Promise.all(apps.map((app) => app.close()));
    await pool.end();
    if (redis !== null) await stop(redis.child);
  }
}

const databaseUrl = ({ url }: { readonly url: string }): string => {
  const database = new URL(url);
  database.pathname = '/queue';
  return database.href;
};

/** One stage of slices, each at a source of its own. */
function slicesOf(subject: string, slices: number): RunPlan {
  const scope = `bench.backfill.${subject}`;
  const window = { from: '2024-01-01', to: '2024-01-02', late: false };
  const works = Array.from({ length: slices }, (_, number) =>
    planned(
      pullWindow,
      { institution: `S${number}`, streams: ['claims' as const], ...window },
      scope,
    ),
  );
  return { consortium: 'bench', kind: 'backfill', subject, stages: [works] };
}

async function startWorker(
  pool: ReturnType<typeof createPool>,
  redisUrl: string | undefined,
): Promise<INestApplicationContext> {
  const { jobs } = loadLimits(join(import.meta.dirname, '../config'));
  const backend = await openQueueBackend({ pool, redisUrl });
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(siteOf('/nonexistent', {})),
      JobsModule.on({
        ...{ pool, backend, limits: { ...jobs, sourcesAtOnce: 1 } },
        work: { handlers: [SliceJob], imports: [] },
      }),
    ],
  })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  await app.get(WorkerService).start();
  return app;
}

const REDIS = 'redis-server';
const redisInstalled = spawnSync(REDIS, ['--version']).status === 0;

/** With an append-only file flushed every second, as a site has it. */
async function startRedis(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const child = spawn(
    REDIS,
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'],
    { stdio: 'ignore' },
  );
  const url = `redis://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await inspectRedis(url).catch(() => null)) !== null) return { child, url };
    await pause(25);
  }
  throw new Error(`${REDIS} did not start`);
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port');
  return address.port;
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  postgresComputing: variant('postgres', 1, computing),
  postgresWaiting: variant('postgres', 2, waiting),
  ...(redisInstalled && {
    redisComputing: variant('redis', 1, computing),
    redisWaiting: variant('redis', 2, waiting),
  }),
};

export const bench: Bench = {
  code: 'B8',
  title: redisInstalled ? 'Queue' : 'Queue (no redis-server here: PostgreSQL only)',
  unit: 'slices',

  async prepare({ url }) {
    await migrated(url, 'queue');
  },

  variants: VARIANTS,

  figures: (results) =>
    Object.entries(VARIANTS).map(
      ([name, { title }]): Figure =>
        figureOf(results[name], {
          label: `idle share, ${title}`,
          of: ({ extra }) => extra?.['idleShare'] ?? Number.NaN,
          hold: HOLDS[name.startsWith('redis') ? 'redis' : 'postgres'],
          places: 3,
        }),
    ),
};
