import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { releaseNight } from '../../src/demo/generate-demo.service.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { type PlanInput, planBackfill, planNight, type RunPlan } from '../../src/jobs/plan.js';
import type { QueueBackend } from '../../src/jobs/queue-backend.client.js';
import { RunService } from '../../src/jobs/run.service.js';
import { SitePlan } from '../../src/jobs/site-plan.service.js';
import { SweepService } from '../../src/jobs/sweep.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { CONSORTIUM, CountyYear } from '../demo/county-year.js';
import { backendOf, describeOnEachBackend, limits, wipe } from '../jobs/fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { WorkerProcess } from './worker-process.js';

const CLAIMS = 300;
const KILLS = 5;
const MINUTE = 60_000;
const NIGHTS = ['2024-12-01', '2024-12-02', '2024-12-03'];

const IN_DATABASE: QueueBackend = { kind: 'postgres' };

let county: CountyYear;
let undisturbed: string;

beforeAll(async () => {
  county = await CountyYear.open();
  await county.generate(CLAIMS);
  for (const night of NIGHTS) await releaseNight(county.request, night);
  undisturbed = await withGateway(county.database, IN_DATABASE, async (gateway) => {
    await gateway.worker.start();
    for (const plan of gateway.plans) await gateway.carryOut(plan);
    expect(await gateway.worker.stop()).toBe(0);
    return gateway.results();
  });
}, 5 * MINUTE);

afterAll(() => county.drop());

/** Whoever asks for runs, in this process, and the worker that carries them out, in another. */
class Gateway {
  readonly worker: WorkerProcess;
  readonly plans: readonly RunPlan[];
  private readonly runs: RunService;

  constructor(
    readonly app: INestApplicationContext,
    private readonly database: TestDatabase,
    backend: QueueBackend,
  ) {
    this.worker = new WorkerProcess(database.url, backend.kind === 'redis' ? backend.url : null);
    this.runs = app.get(RunService);
    const input = app.get(SitePlan).input();
    this.plans = [
      planBackfill(input, '2024-10'),
      planBackfill(input, '2024-11'),
      ...NIGHTS.map((night) => planNight(openMonth(input), night)),
    ].map(withoutAgency);
  }

  async carryOut(plan: RunPlan, round: 'same' | 'next' = 'same'): Promise<void> {
    const runId = await this.runs.start(plan, round);
    const summary = await this.runs.ended(runId, AbortSignal.timeout(3 * MINUTE));
    expect(summary).toMatchObject({ failed: 0 });
  }

  sweep(): Promise<unknown> {
    return this.app.get(SweepService).sweep({ graceSeconds: 0, othersAreGone: true });
  }

  /** Everything that came of it, without ids that only say in which order things happened. */
  async results(): Promise<string> {
    const { rows } = await this.database.pool.query<{ digest: string }>(RESULTS);
    expect(
      await new JournalService(this.database.pool).verify({ consortium: CONSORTIUM }),
    ).toMatchObject({
      fault: null,
    });
    return JSON.stringify(rows);
  }

  async isWorking(): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `SELECT 1 FROM work_item WHERE state = 'running' LIMIT 1`,
    );
    return rowCount === 1;
  }

  /** Work that a kill cut off. */
  async startedMoreThanOnce(): Promise<number> {
    const { rows } = await this.database.pool.query(
      'SELECT count(*)::integer AS works FROM work_item WHERE lease_epoch > 1',
    );
    return rows[0].works;
  }

  async landedAnew(): Promise<string> {
    const { rows } = await this.database.pool.query(
      `SELECT sum((result ->> 'newRows')::integer + (result ->> 'changedRows')::integer) AS rows
         FROM work_item WHERE kind = 'pull'`,
    );
    return rows[0].rows;
  }
}

/** The agency is not part of this test; the nights stay before the month's end. */
const openMonth = (input: PlanInput): PlanInput => ({ ...input, monthEnd: null });
const withoutAgency = (plan: RunPlan): RunPlan => ({
  ...plan,
  stages: plan.stages.filter((works) => works.every(({ queue }) => queue !== 'agency')),
});

async function withGateway<T>(
  database: TestDatabase,
  backend: QueueBackend,
  work: (gateway: Gateway) => Promise<T>,
): Promise<T> {
  const site = siteOf(process.cwd(), { HEYI_SITE: 'config/demo' });
  class Root {}
  Module({
    imports: [
      DatabaseModule.forPool(database.pool),
      SiteModule.forSite(site),
      JobsModule.on({ pool: database.pool, limits, backend }),
    ],
  })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  const gateway = new Gateway(app, database, backend);
  try {
    return await work(gateway);
  } finally {
    await gateway.worker.kill();
    await app.close();
  }
}

const RESULTS = `
  SELECT 'claims' AS what, count(*) AS n, md5(string_agg(concat_ws(' ', institution, claim_no, period, content_hash, total_fee_fen), ',' ORDER BY institution, claim_no)) AS digest FROM claim
  UNION ALL
  SELECT 'lines', count(*), md5(string_agg(concat_ws(' ', institution, claim_no, line_no, content_hash, item_code), ',' ORDER BY institution, claim_no, line_no)) FROM claim_line
  UNION ALL
  SELECT 'diagnoses', count(*), md5(string_agg(concat_ws(' ', institution, claim_no, sequence, code), ',' ORDER BY institution, claim_no, sequence)) FROM claim_diagnosis
  UNION ALL
  SELECT 'quarantine', count(*), md5(string_agg(concat_ws(' ', institution, stream, rule, row_hash, state), ',' ORDER BY institution, stream, row_hash)) FROM quarantine
  UNION ALL
  SELECT 'findings', count(*), md5(string_agg(concat_ws(' ', month, finding_id, role, amount_fen), ',' ORDER BY month, finding_id)) FROM finding
  UNION ALL
  SELECT 'deductions', count(*), md5(string_agg(concat_ws(' ', deduction_id, month, amount_fen), ',' ORDER BY deduction_id)) FROM deduction
  UNION ALL
  SELECT 'figures', count(*), md5(string_agg(concat_ws(' ', figure_id, value), ',' ORDER BY figure_id)) FROM figure f JOIN settlement_run r ON r.run_id = f.run_id AND r.current
  UNION ALL
  SELECT 'closed', count(*), md5(string_agg(month, ',' ORDER BY month)) FROM settlement_period
  ORDER BY 1`;

describeOnEachBackend('a county whose worker is killed', (kind) => {
  it(
    'comes to the same results as undisturbed',
    async () => {
      const database = await createTestDatabase(8);
      const backend = await backendOf(kind, database);
      try {
        const results = await withGateway(database, backend, async (gateway) => {
          let finished = false;
          const killing = killAtRandom(gateway, () => finished);
          for (const plan of gateway.plans) await gateway.carryOut(plan);
          finished = true;
          expect(await killing).toBe(KILLS);
          expect(await gateway.startedMoreThanOnce()).toBeGreaterThan(0);
          return gateway.results();
        });
        expect(results).toEqual(undisturbed);
      } finally {
        await wipe(backend, database);
        await database.drop();
      }
    },
    5 * MINUTE,
  );
});

/** Kills the worker at moments nobody chose, then lets the last one finish. @returns how often it was killed */
async function killAtRandom(gateway: Gateway, finished: () => boolean): Promise<number> {
  let kills = 0;
  await gateway.worker.start();
  while (kills < KILLS && !finished()) {
    while (!(await gateway.isWorking()) && !finished()) await pause(10);
    await pause(Math.random() * 250);
    await gateway.worker.kill();
    kills += 1;
    await gateway.sweep();
    await gateway.worker.start();
  }
  return kills;
}

describe('a county whose feeds all come twice', () => {
  it(
    'comes to the same results, with nothing new',
    async () => {
      await withGateway(county.database, IN_DATABASE, async (gateway) => {
        await gateway.worker.start();
        for (const plan of gateway.plans) await gateway.carryOut(plan, 'next');
        expect(await gateway.landedAnew()).toBe('0');
        expect(await gateway.results()).toEqual(undisturbed);
      });
    },
    5 * MINUTE,
  );
});
