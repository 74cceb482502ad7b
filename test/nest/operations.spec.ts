import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthModule } from '../../src/api/health.module.js';
import { loadLimits } from '../../src/config/limits.loader.js';
import { siteOf } from '../../src/config/site.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { serveHealth } from '../../src/operations/health/health-server.launcher.js';
import { ReadinessService } from '../../src/operations/health/readiness.service.js';
import { requestLog } from '../../src/operations/http/request-log.service.js';
import { MetricsService } from '../../src/operations/metrics/metrics.service.js';
import { OPERATIONS, type Operations } from '../../src/operations/operations.js';
import { OperationsModule } from '../../src/operations/operations.module.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const home = join(import.meta.dirname, '../..');
const site = siteOf(home, { HEYI_SITE: 'config/demo' });
const limits = loadLimits(site.configDir);
const TOKEN = 'metrics-token-of-the-test';

let database: TestDatabase;
let app: INestApplication;
let url: string;
let worker: Server;
let workerUrl: string;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  database = await createTestDatabase(6);
  class Root {}
  const environment = { HEYI_METRICS_TOKEN: TOKEN };
  Module({
    imports: [
      DatabaseModule.forPool(database.pool),
      OperationsModule.forProcess({ role: 'api', site, limits, environment }),
      HealthModule,
    ],
  })(Root);
  app = await NestFactory.create(Root, { logger: false });
  app.use(requestLog(app.get(MetricsService)));
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${portOf(app.getHttpServer())}`;
  worker = await serveHealth({
    port: 0,
    host: '127.0.0.1',
    readiness: app.get(ReadinessService),
    metrics: app.get(MetricsService),
    operations: app.get<Operations>(OPERATIONS),
  });
  workerUrl = `http://127.0.0.1:${portOf(worker)}`;
});

afterAll(async () => {
  worker.close();
  await app.close();
  await database.drop();
});

interface State {
  readonly ready: boolean;
  readonly checks: readonly { name: string; ok: boolean; detail: string }[];
}

async function ready(base = url) {
  const response = await fetch(`${base}/readyz`);
  const state = (await response.json()) as State;
  return { status: response.status, wrong: state.checks.filter(({ ok }) => !ok), ...state };
}

async function metric(name: string): Promise<readonly string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`));
}

/** Work that was queued some time ago, in a run of its own. */
async function work(
  key: string,
  { minutes, state = 'pending', stage = 0 }: { minutes: number; state?: string; stage?: number },
): Promise<void> {
  await database.pool.query(
    `WITH run AS (INSERT INTO work_run (consortium, kind, subject, round) VALUES ('county', 'night', $1, 1)
                  ON CONFLICT (consortium, kind, subject) DO UPDATE SET round = 1 RETURNING id)
     INSERT INTO work_item (run_id, consortium, kind, business_key, queue, stage, payload, most_attempts, round,
                            state, due_at, queued_at, started_at)
     SELECT id, 'county', 'pull', $1 || '.' || $4::integer, 'ingest', $4::integer, '{}', 5, 1, $3,
            now() - make_interval(mins => $2), now() - make_interval(mins => $2),
            CASE WHEN $3 = 'running' THEN now() END FROM run`,
    [key, minutes, state, stage],
  );
}

describe('a process', () => {
  it('is alive', async () => {
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${workerUrl}/healthz`)).json()).toEqual({ status: 'ok' });
  });

  it('is ready when everything answers, and says what it looked at', async () => {
    for (const base of [url, workerUrl]) {
      const { status, wrong, checks } = await ready(base);
      expect({ status, wrong }).toEqual({ status: 200, wrong: [] });
      expect(checks.map(({ name }) => name)).toEqual([
        'database',
        'migrations',
        'queue',
        'clock',
        'disk',
        'work',
      ]);
    }
  });

  it('is not ready on a schema that is older than it', async () => {
    const { rows } = await database.pool.query(
      'DELETE FROM schema_migration WHERE id = (SELECT max(id) FROM schema_migration) RETURNING *',
    );
    expect(await ready()).toMatchObject({ status: 503, wrong: [{ name: 'migrations' }] });
    const [row] = rows;
    await database.pool.query(
      'INSERT INTO schema_migration (id, timestamp, name) VALUES ($1, $2, $3)',
      [row.id, row.timestamp, row.name],
    );
    expect((await ready()).status).toBe(200);
  });

  it('is not ready while due work waits and nothing moves; a later stage is not due', async () => {
    await work('n1', { minutes: 40 });
    await work('n1', { minutes: 400, stage: 1 });
    expect(await ready()).toMatchObject({ status: 503, wrong: [{ name: 'work' }] });
    expect(await metric('heyi_work_idle_seconds')).toEqual([
      expect.stringMatching(/ 24\d\d$/), // 40 minutes, not 400
    ]);
    await work('n2', { minutes: 0, state: 'running' }); // something moves again: a long queue is no illness
    expect((await ready()).status).toBe(200);
  });

  it('gives every answer an id, a plain one of a proxy where there is one', async () => {
    const given = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'abcd-1234' } });
    expect(given.headers.get('x-request-id')).toBe('abcd-1234');
    const forged = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'a b=c' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('metrics', () => {
  it('tell of work, the database, the pool and the process', async () => {
    expect(await metric('heyi_work_items')).toEqual(
      expect.arrayContaining([expect.stringContaining('kind="pull",state="pending"')]),
    );
    expect(await metric('heyi_database_up')).toEqual([expect.stringMatching(/ 1$/)]);
    expect(await metric('heyi_pool_connections')).toHaveLength(3);
    expect(await metric('nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
    expect(await metric('process_resident_memory_bytes')).toHaveLength(1);
  });

  it('name routes by their pattern', async () => {
    await fetch(`${url}/46020019900101123X/张三`);
    const lines = await metric('heyi_http_request_duration_seconds_count');
    expect(lines.join('\n')).toContain('route="/readyz"');
    expect(lines.join('\n')).toContain('route="unmatched"');
    expect(lines.join('\n')).not.toMatch(/46020019900101123X|张三|%E5/);
  });

  it('are for this machine and for the holder of the token', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${workerUrl}/metrics`, { headers })).status;
    expect(await ask({})).toBe(200);
    expect(await ask({ 'x-forwarded-for': '10.0.0.1' })).toBe(403);
    expect(await ask({ 'x-forwarded-for': '10.0.0.1', authorization: `Bearer ${TOKEN}` })).toBe(
      200,
    );
    expect(
      (await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '10.0.0.1' } })).status,
    ).toBe(403);
  });
});
