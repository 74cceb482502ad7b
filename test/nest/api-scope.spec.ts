import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { AccessRole } from '../../src/access/roles.js';
import { HealthModule } from '../../src/api/health.module.js';
import { OperationsModule } from '../../src/operations/operations.module.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  type Answer,
  Client,
  LIMITS,
  type RunningApi,
  signedIn,
  site,
  startApi,
} from './api-client.js';
import { EXPECTATIONS, type Expectation } from './api-expectations.js';
import {
  type Ids,
  marksOf,
  OTHER,
  OWN,
  seedInstitution,
  seedRun,
  seedSharedCase,
  seedSharedFinding,
} from './api-seed.js';

/** Every route × every role × one's own institution and another's, against a table written by hand. */

const ALL_ROLES = ['auditor', 'compliance', 'finance', 'it', 'security'] as const;
const BOUND_ROLES = ['auditor', 'compliance', 'finance', 'it', 'member'] as const;

interface Viewer {
  readonly name: string;
  readonly role: AccessRole;
  readonly isBound: boolean;
  readonly client: Client;
}

let database: TestDatabase;
let api: RunningApi;
let own: Ids;
let other: Ids;
let run: { run: string; item: string };
const viewers: Viewer[] = [];

beforeAll(async () => {
  database = await createTestDatabase(10);
  const operations = OperationsModule.forProcess({ role: 'api', site, limits: LIMITS });
  api = await startApi(database, {
    imports: [operations, HealthModule],
    api: { requestsPerMinute: 100_000 },
  });
  await database.pool.query(`SELECT ensure_claim_partitions('2024-03')`);
  own = await seedInstitution(database.pool, OWN);
  other = await seedInstitution(database.pool, OTHER);
  run = await seedRun(database.pool);
  for (const role of ALL_ROLES) await addViewer(role, false);
  for (const role of BOUND_ROLES) await addViewer(role, true);
});

afterAll(async () => {
  await api.app.close();
  await database.drop();
});

async function addViewer(role: AccessRole, isBound: boolean): Promise<void> {
  const username = `${role}-${isBound ? 'bound' : 'all'}`;
  const institutions = isBound ? [OWN] : ('all' as const);
  const client = await signedIn(api, { username, roles: [role], institutions });
  viewers.push({ name: username, role, isBound, client });
}

function pathOf({ path, ids, query }: Expectation, of: Ids): string {
  const values: Record<string, string> = {
    ...{ id: run.run, item: run.item, stage: '0', username: 'nobody' },
    ...ids?.(of),
  };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
  return query === undefined ? filled : `${filled}?${query}`;
}

function ask(client: Client, route: Expectation, of: Ids, suffix = ''): Promise<Answer> {
  const { method, body } = route;
  const path = pathOf(route, of);
  const joined = suffix === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${suffix}`;
  return client.ask(joined, { method, ...(method !== 'GET' && { body: body ?? {} }) });
}

/** What a refusal says, and nothing else. */
const PROBLEM = ['code', 'detail', 'instance', 'remedy', 'status', 'title', 'type'];

const protectedRoutes = EXPECTATIONS.filter(({ rows }) => rows !== 'self' && rows !== 'open');
const named = (routes: readonly Expectation[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

describe('the table of expectations', () => {
  it('names every route of the description, and no other', async () => {
    const { body } = await new Client(api.url).ask('/docs/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, unknown>>;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = EXPECTATIONS.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(expected.sort());
  });

  it('finds an example in the description of every answer', async () => {
    const { body } = await new Client(api.url).ask('/docs/openapi.json');
    expect(JSON.stringify(body).match(/"example"/g)?.length).toBeGreaterThan(30);
  });
});

describe('without a session', () => {
  it.each(named(EXPECTATIONS.filter(({ rows }) => rows !== 'open')))(
    '%s is 401',
    async (_, route) => {
      const answer = await ask(new Client(api.url), route, own);
      expect(answer).toMatchObject({ status: 401, body: { code: 'access.not_signed_in' } });
    },
  );

  it.each(named(EXPECTATIONS.filter(({ path }) => !path.startsWith('/api'))))(
    '%s is open',
    async (_, route) => {
      expect((await ask(new Client(api.url), route, own)).status).not.toBe(401);
    },
  );
});

describe.each(named(protectedRoutes))('%s', (_, route) => {
  it('is 403 for every role that has no business there, and for nobody else', async () => {
    for (const viewer of viewers) {
      const { status, body } = await ask(viewer.client, route, own);
      const may = route.roles.has(viewer.role) && (route.rows !== 'consortium' || !viewer.isBound);
      expect([viewer.name, status === 403, status === 401, status === 500]).toEqual([
        viewer.name,
        !may,
        false,
        false,
      ]);
      if (!may) expect(new Set(Object.keys(body))).toEqual(new Set(PROBLEM));
      else if (route.method === 'GET') expect([viewer.name, status]).toEqual([viewer.name, 200]);
    }
  });
});

const scoped = protectedRoutes.filter(({ rows }) => rows === 'institution');
const lists = scoped.filter(({ method, ids }) => method === 'GET' && ids === undefined);

describe.each(named(lists))('%s', (_, route) => {
  it('shows people bound to an institution its rows and no others', async () => {
    for (const { client, name, role, isBound } of viewers) {
      if (!route.roles.has(role)) continue;
      const { text } = await ask(client, route, own);
      expect([name, marksOf(OWN).some((mark) => text.includes(mark))]).toEqual([name, true]);
      expect([name, marksOf(OTHER).some((mark) => text.includes(mark))]).toEqual([name, !isBound]);
    }
  });

  it('counts only what it shows', async () => {
    for (const { client, role, isBound } of viewers) {
      const answer = await ask(client, route, own, 'count=true');
      if (!route.roles.has(role) || answer.status !== 200 || !answer.type.includes('json'))
        continue;
      const { items, total } = answer.body;
      if (total === undefined) continue; // not cut into pages
      expect(total).toBe(items.length);
      expect(items.length).toBeGreaterThan(0);
      expect(items.every((row) => !isBound || row['institution'] !== OTHER)).toBe(true);
    }
  });

  it('refuses to be asked for another institution', async () => {
    for (const { client, role, isBound } of viewers) {
      if (!isBound || !route.roles.has(role)) continue;
      const answer = await ask(client, route, own, `institution=${OTHER}`);
      expect(answer).toMatchObject({ status: 403, body: { code: 'access.not_allowed' } });
    }
  });
});

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

describe('the description of an answer', () => {
  let schemas: Readonly<Record<string, Schema>>;
  let paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
  >;

  beforeAll(async () => {
    const { body } = await new Client(api.url).ask('/docs/openapi.json');
    paths = body['paths'] as typeof paths;
    schemas = (body['components'] as { schemas?: typeof schemas }).schemas ?? {};
  });

  const resolved = (schema: Schema | undefined): Schema =>
    schema?.$ref === undefined
      ? (schema ?? {})
      : (schemas[schema.$ref.split('/').pop() ?? ''] ?? {});

  /** Names of fields that the answer has and the description does not. */
  function unknownFields(value: unknown, given: Schema | undefined): string[] {
    const schema = resolved(given);
    if (Array.isArray(value)) return value.flatMap((each) => unknownFields(each, schema.items));
    if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
    return Object.entries(value).flatMap(([name, each]) => {
      const field = schema.properties?.[name];
      return field === undefined ? [name] : unknownFields(each, field);
    });
  }

  it.each(named(protectedRoutes.filter(({ method }) => method === 'GET')))(
    'of %s names every field of it',
    async (_, route) => {
      const viewer = viewers.find(({ role, isBound }) => !isBound && route.roles.has(role));
      if (viewer === undefined) throw new Error('nobody may call it');
      const { body, type } = await ask(viewer.client, route, own);
      if (!type.includes('application/json')) return;
      const { responses } = paths[route.path]?.[route.method.toLowerCase()] ?? { responses: {} };
      const schema = responses['200']?.content?.['application/json']?.schema;
      expect(schema).toBeDefined();
      expect(unknownFields(body, schema)).toEqual([]);
    },
  );
});

const rows = scoped.filter(({ ids }) => ids !== undefined);

describe.each(named(rows))('%s', (_, route) => {
  it('knows another institution’s row for nobody who is bound to this one', async () => {
    for (const { client, name, role, isBound } of viewers) {
      if (!route.roles.has(role)) continue;
      const answer = await ask(client, route, other);
      const isHidden = answer.status === 404 || answer.status === 403;
      expect([name, answer.status, isHidden]).toEqual([name, answer.status, isBound]);
      if (isBound)
        expect(
          marksOf(OTHER)
            .slice(1)
            .some((mark) => answer.text.includes(`"${mark}"`)),
        ).toBe(false);
    }
  });

  it('answers for one’s own', async () => {
    for (const { client, role, name } of viewers) {
      if (!route.roles.has(role)) continue;
      const { status, text } = await ask(client, route, own);
      expect([name, [401, 403, 404, 500].includes(status)]).toEqual([name, false]);
      if (route.method === 'GET' && name.endsWith('-bound'))
        expect(marksOf(OTHER).some((mark) => text.includes(mark))).toBe(false);
    }
  });
});

describe('a bulk request', () => {
  it('does nothing with another institution’s entries', async () => {
    const compliance = viewers.find(({ name }) => name === 'compliance-bound');
    const answer = await compliance?.client.send('POST', '/quarantine/approvals', {
      entries: [other.quarantine],
    });
    expect(answer?.body).toMatchObject([{ ok: false, code: 'quarantine.unknown_entry' }]);
  });

  it('is refused when it names another institution', async () => {
    const it = viewers.find(({ name }) => name === 'it-bound');
    const answer = await it?.client.send('POST', '/quarantine/corrections', { institution: OTHER });
    expect(answer?.status).toBe(403);
  });
});

describe('a finding of two members', () => {
  it('shows each its own part and no word of the other', async () => {
    const id = await seedSharedFinding(database.pool);
    const bound = viewers.find(({ name }) => name === 'member-bound');
    const all = viewers.find(({ name }) => name === 'finance-all');
    const theirs = await bound?.client.get(`/findings/${id}`);
    expect(theirs?.body).toMatchObject({ institution: OWN, amountYuan: '3.00' });
    expect(marksOf(OTHER).some((mark) => theirs?.text.includes(mark))).toBe(false);
    expect((await all?.client.get(`/findings/${id}`))?.body).toMatchObject({
      institution: OTHER,
      amountYuan: '7.00',
    });
    const sorted = await bound?.client.get('/findings?sort=amount&limit=1');
    const position = Buffer.from(String(sorted?.body['next']), 'base64url').toString();
    expect(position).not.toContain('700');
  });
});

describe('the review of a finding of two members', () => {
  it.each([
    ['both answer to', 'shared-case', [OWN, OTHER]],
    // Nothing is taken from the other: it answers for nothing, and yet is spoken of.
    ['one answers to', 'half-shared-case', [OWN]],
  ])('that %s shows each its own part and no word of the other', async (_, id, parties) => {
    await seedSharedFinding(database.pool, { id });
    await seedSharedCase(database.pool, { id, parties });
    const bound = viewers.find(({ name }) => name === 'member-bound');
    const all = viewers.find(({ name }) => name === 'finance-all');
    const theirs = await bound?.client.get(`/reviews/${id}`);
    expect(theirs?.body).toMatchObject({
      ...{ institution: OWN, ownPartOnly: true, flaggedYuan: '3.00', parties: [OWN] },
      ...{ lines: [{ institution: OWN, flaggedYuan: '3.00', proposedYuan: '3.00' }] },
      steps: [{ action: 'first-review', amountYuan: null }, { action: 'feedback' }],
    });
    expect(marksOf(OTHER).some((mark) => theirs?.text.includes(mark))).toBe(false);
    for (const path of ['/reviews?limit=100', '/reviews/export?format=csv', '/reviews?sort=amount'])
      expect((await bound?.client.get(path))?.text).not.toContain(`mark-${OTHER}`);
    const { body } = (await all?.client.get(`/reviews/${id}`)) ?? { body: {} };
    expect(body).toMatchObject({ ownPartOnly: false, flaggedYuan: '7.00', institution: OTHER });
    expect(body).toMatchObject({ lines: { length: 2 }, steps: { length: 3 } });
  });
});

describe('a finding of a rule on trial', () => {
  it('is there for those who see all, and not for a member', async () => {
    const id = await seedSharedFinding(database.pool, { id: 'trial-finding', mode: 'shadow' });
    const bound = viewers.find(({ name }) => name === 'member-bound');
    const all = viewers.find(({ name }) => name === 'finance-all');
    expect((await all?.client.get(`/findings/${id}`))?.status).toBe(200);
    expect((await bound?.client.get(`/findings/${id}`))?.status).toBe(404);
    expect((await bound?.client.get('/findings?limit=100'))?.text).not.toContain(id);
  });
});

describe('what is refused', () => {
  it('is in the operator log, with who asked for it', async () => {
    const auditor = viewers.find(({ name }) => name === 'auditor-all');
    const { body } = (await auditor?.client.get(
      '/operators?user=member-bound&kind=operation&limit=500',
    )) ?? {
      body: { items: [] },
    };
    expect(body.items.map((entry) => entry['content'])).toContainEqual(
      expect.objectContaining({
        operation: 'GET /api/v1/claims',
        by: 'member-bound',
        outcome: 'refused',
        code: 'access.not_allowed',
      }),
    );
  });
});

describe('a route that says nothing about who may call it', () => {
  it('keeps the process from starting', async () => {
    class Forgotten {
      list(): string[] {
        return [];
      }
    }
    const method = Object.getOwnPropertyDescriptor(Forgotten.prototype, 'list');
    Get()(Forgotten.prototype, 'list', method ?? {});
    Controller('forgotten')(Forgotten);
    class ForgottenModule {}
    Module({ controllers: [Forgotten] })(ForgottenModule);
    await expect(startApi(database, { imports: [ForgottenModule] })).rejects.toMatchObject({
      code: 'api.undeclared_route',
    });
  });
});
