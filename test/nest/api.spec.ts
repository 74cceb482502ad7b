import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { serveApi } from '../../src/api/api.launcher.js';
import { ApiModule } from '../../src/api/api.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let app: INestApplication;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  class Root {}
  Module({ imports: [DatabaseModule.forPool(database.pool), ApiModule] })(Root);
  app = await NestFactory.create(Root, { logger: false });
  ({ url } = await serveApi(app, 0));
  await database.pool.query(`
    INSERT INTO work_run (consortium, kind, subject, round)
    SELECT 'county', 'night', to_char(date '2024-12-01' + n, 'YYYY-MM-DD'), 1 FROM generate_series(0, 4) AS n;
    INSERT INTO work_item (run_id, consortium, kind, business_key, queue, stage, payload, most_attempts, round, state, result)
    SELECT id, consortium, 'pull', 'pull.' || subject, 'ingest', 0, '{}', 5, 1, 'done',
           jsonb_build_object('incomplete', subject = '2024-12-03')
      FROM work_run;`);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

async function get(path: string) {
  const response = await fetch(`${url}${path}`);
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (await response.json()) as Record<string, unknown> & { items: Record<string, unknown>[] },
  };
}

describe('lists', () => {
  it('are cut into pages, newest first, without a gap or a repetition', async () => {
    const subjects: unknown[] = [];
    let next: unknown = null;
    do {
      const page = await get(`/runs?limit=2${next === null ? '' : `&after=${String(next)}`}`);
      subjects.push(...page.body.items.map((run) => run['subject']));
      next = page.body['next'];
    } while (next !== null);
    expect(subjects).toEqual([5, 4, 3, 2, 1].map((day) => `2024-12-0${day}`));
  });

  it('are filtered by what the caller names', async () => {
    const { body } = await get('/runs?state=incomplete');
    expect(body.items.map((run) => run['subject'])).toEqual(['2024-12-03']);
  });

  it.each(['/batches', '/differences', '/figures', '/findings', '/quarantine', '/runs'])(
    '%s answers',
    async (path) => {
      expect(await get(path)).toMatchObject({ status: 200, body: { items: expect.any(Array) } });
    },
  );
});

describe('one run', () => {
  it('shows its work', async () => {
    const { body } = await get('/runs/1');
    expect(body).toMatchObject({ state: 'complete', work: [{ kind: 'pull', state: 'done' }] });
  });
});

describe('a mistake', () => {
  it.each([
    ['an unknown run', '/runs/999', 404],
    ['an id that is none', '/runs/1%20OR%201=1', 400],
    ['a page too big', '/runs?limit=501', 400],
    ['a page after nothing', '/runs?after=abc', 400],
    ['an unknown figure', '/figures/sanya.2024.resident.final', 404],
    ['a state that does not exist', '/runs?state=green', 400],
    ['no such resource', '/nothing', 404],
  ])('%s is answered as a problem document', async (_, path, status) => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer.type).toContain('application/problem+json');
  });
});

describe('the description', () => {
  it('names every route with its parameters', async () => {
    const { body } = await get('/docs/openapi.json');
    const paths = body['paths'] as Record<
      string,
      { get: { parameters: { name: string }[] } } | undefined
    >;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        ...['/batches', '/differences', '/figures', '/figures/{id}', '/findings'],
        ...['/journal/head', '/quarantine', '/runs', '/runs/{id}'],
      ]),
    );
    expect(paths['/runs']?.get.parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['after', 'limit', 'kind', 'state']),
    );
  });

  it('is a page for people', async () => {
    const response = await fetch(`${url}/docs`);
    expect(await response.text()).toContain('swagger-ui');
  });
});
