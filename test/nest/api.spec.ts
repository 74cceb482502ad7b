import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { Client, type RunningApi, signedIn, startApi } from './api-client.js';

let database: TestDatabase;
let api: RunningApi;
let finance: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  api = await startApi(database);
  finance = await signedIn(api, { username: 'finance', roles: ['finance'] });
  await database.pool.query(`
    INSERT INTO work_run (consortium, kind, subject, round)
    SELECT 'demo-county', 'night', to_char(date '2024-12-01' + n, 'YYYY-MM-DD'), 1 FROM generate_series(0, 4) AS n;
    INSERT INTO work_item (run_id, consortium, kind, business_key, queue, stage, payload, most_attempts, round, state, result)
    SELECT id, consortium, 'pull', 'pull.' || subject, 'ingest', 0, '{}', 5, 1, 'done',
           jsonb_build_object('incomplete', subject = '2024-12-03')
      FROM work_run;
    INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, landed_fen, started_at)
    SELECT 'demo-county', 'H' || n, 'claims', '2024-01-01', '2024-01-02', 'incomplete', 100 * (n % 3), now()
      FROM generate_series(1, 7) AS n;`);
});

afterAll(async () => {
  await api.app.close();
  await database.drop();
});

async function walk(path: string, key: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  let next: unknown = null;
  do {
    const after = next === null ? '' : `&after=${String(next)}`;
    const page = await finance.get(`${path}${after}`);
    expect(page.status).toBe(200);
    seen.push(...page.body.items.map((row) => row[key]));
    next = page.body['next'];
  } while (next !== null);
  return seen;
}

describe('lists', () => {
  it('are cut into pages, newest first, without a gap or a repetition', async () => {
    expect(await walk('/runs?limit=2', 'subject')).toEqual(
      [5, 4, 3, 2, 1].map((day) => `2024-12-0${day}`),
    );
  });

  it('are sorted by a column, ties by their key, page by page', async () => {
    const institutions = await walk('/batches?limit=2&sort=-landed', 'institution');
    expect(institutions).toEqual(['H5', 'H2', 'H7', 'H4', 'H1', 'H6', 'H3']);
  });

  it('stay as they were for rows that come in while somebody turns the pages', async () => {
    const first = await finance.get('/batches?limit=3');
    await database.pool.query(
      `INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, started_at)
       VALUES ('demo-county', 'H8', 'claims', '2024-01-01', '2024-01-02', 'incomplete', now())`,
    );
    const second = await finance.get(`/batches?limit=3&after=${String(first.body['next'])}`);
    await database.pool.query(`DELETE FROM batch WHERE institution = 'H8'`);
    expect([...first.body.items, ...second.body.items].map((row) => row['institution'])).toEqual([
      'H7',
      'H6',
      'H5',
      'H4',
      'H3',
      'H2',
    ]);
  });

  it('are counted when asked', async () => {
    const { body } = await finance.get('/batches?limit=2&count=true');
    expect(body).toMatchObject({ total: 7, items: { length: 2 } });
  });

  it('are filtered by what the caller names', async () => {
    const { body } = await finance.get('/runs?state=incomplete');
    expect(body.items.map((run) => run['subject'])).toEqual(['2024-12-03']);
  });

  it('show this consortium only', async () => {
    await database.pool.query(
      `INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, started_at)
       VALUES ('another', 'H9', 'claims', '2024-01-01', '2024-01-02', 'incomplete', now())`,
    );
    const { body } = await finance.get('/batches?institution=H9');
    expect(body.items).toEqual([]);
  });

  it.each(['/batches', '/differences', '/figures', '/findings', '/runs'])(
    '%s answers',
    async (path) => {
      expect(await finance.get(path)).toMatchObject({
        status: 200,
        body: { items: expect.any(Array) },
      });
    },
  );
});

describe('one run', () => {
  it('shows its work', async () => {
    const { body } = await finance.get('/runs/1');
    expect(body).toMatchObject({ state: 'complete', work: [{ kind: 'pull', state: 'done' }] });
  });
});

describe('a mistake', () => {
  it.each([
    ['an unknown run', '/runs/999', 404],
    ['an id that is none', '/runs/1%20OR%201=1', 400],
    ['a page too big', '/runs?limit=501', 400],
    ['a page after nothing', '/runs?after=abc', 400],
    ['a position that was made up', `/runs?after=${forged(['', ["1' OR 1=1"]])}`, 400],
    ['a position of another order', `/batches?after=${forged(['-landed', ['1', '1']])}`, 400],
    ['a parameter that does not exist', '/runs?sate=complete', 400],
    ['a parameter given twice', '/runs?kind=night&kind=year', 400],
    ['a text with a NUL', '/batches?institution=%00', 400],
    ['an unknown figure', '/figures/sanya.2024.resident.final', 404],
    ['a state that does not exist', '/runs?state=green', 400],
    ['no such resource', '/nothing', 404],
  ])('%s is answered as a problem document', async (_, path, status) => {
    const answer = await finance.get(path);
    expect(answer).toMatchObject({
      status,
      body: {
        status,
        type: expect.stringMatching(/^urn:heyi:problem:/),
        title: expect.any(String),
      },
    });
    expect(answer.type).toContain('application/problem+json');
  });

  it('in the JSON, or a body too large, is the caller’s', async () => {
    const broken = await fetch(`${api.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username": ',
    });
    const large = await fetch(`${api.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'x'.repeat(1_100_000) }),
    });
    expect([broken.status, large.status]).toEqual([400, 413]);
    expect(await broken.json()).toMatchObject({ code: 'api.bad_request' });
    expect(await large.json()).toMatchObject({ code: 'api.too_large' });
  });
});

describe('a database without a free connection', () => {
  it('is answered with 503 within five seconds', async () => {
    const { API_POOL } = await import('../../src/api/api-settings.js');
    const pool = api.app.get<typeof database.pool>(API_POOL, { strict: false });
    const held = await Promise.all(Array.from({ length: 6 }, () => pool.connect()));
    try {
      const began = performance.now();
      const answer = await finance.get('/batches');
      expect(answer).toMatchObject({ status: 503, body: { code: 'api.unavailable' } });
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(performance.now() - began).toBeLessThan(5_000);
    } finally {
      for (const client of held) client.release();
    }
    expect(await finance.get('/batches')).toMatchObject({ status: 200 });
  });
});

describe('a process whose connections are all in use', () => {
  it('says so within five seconds, still signs people in, and gives a late connection back', async () => {
    const held = await Promise.all(Array.from({ length: 5 }, () => database.pool.connect()));
    try {
      const began = performance.now();
      const answer = await finance.get('/batches');
      expect(answer).toMatchObject({ status: 503, body: { code: 'api.unavailable' } });
      expect(performance.now() - began).toBeLessThan(5_000);
      const other = new Client(api.url);
      expect(await other.signIn('finance', 'wrong password')).toMatchObject({ status: 401 });
    } finally {
      for (const client of held) client.release();
    }
    expect(await finance.get('/batches')).toMatchObject({ status: 200 });
    expect(database.pool.waitingCount).toBe(0);
  });
});

describe('headers', () => {
  it('keep answers out of caches, frames and other sites', async () => {
    const { headers } = await finance.get('/batches');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('the description', () => {
  it('names every route with its parameters', async () => {
    const { body } = await new Client(api.url).ask('/docs/openapi.json');
    const paths = body['paths'] as Record<
      string,
      { get: { parameters: { name: string }[] } } | undefined
    >;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/batches', '/api/v1/session', '/api/v1/figures/{id}']),
    );
    expect(paths['/api/v1/runs']?.get.parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['after', 'limit', 'kind', 'state']),
    );
  });

  it('is a page for people', async () => {
    expect((await new Client(api.url).ask('/docs')).text).toContain('swagger-ui');
  });
});

function forged(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
