import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { type Answer, Client, type RunningApi, signedIn, startApi } from './api-client.js';

let database: TestDatabase;
let api: RunningApi;
let first: { username: string; password: string };
const BY = { username: 'test', roles: [], address: 'cli' };

beforeAll(async () => {
  database = await createTestDatabase(10);
  api = await startApi(database, { api: { requestsPerMinute: 100_000 } });
  const made = await Promise.all([api.users.ensureFirst(), api.users.ensureFirst()]);
  const [issued] = made.filter((each) => each !== null);
  if (issued === undefined) throw new Error('no first administrator');
  first = issued;
});

afterAll(async () => {
  await api.app.close();
  await database.drop();
});

beforeEach(() => database.pool.query('DELETE FROM sign_in_failure'));

const sql = (statement: string, values: unknown[] = []) => database.pool.query(statement, values);

describe('the first administrator', () => {
  it('is made once, also by two processes at a time', async () => {
    expect(first).toMatchObject({ username: 'admin' });
    expect(await api.users.ensureFirst()).toBeNull();
    expect(await api.users.list()).toHaveLength(1);
  });

  it('can do nothing before the password is changed, and then manages accounts', async () => {
    const admin = new Client(api.url);
    const opened = await admin.signIn(first.username, first.password);
    expect(opened.body).toMatchObject({ mustChangePassword: true, roles: ['security'] });
    for (const answer of [
      await admin.get('/users'),
      await admin.get('/batches'),
      await admin.send('POST', '/users', { username: 'x', roles: ['it'], institutions: 'all' }),
    ]) {
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'access.password_change_required' },
      });
    }
    const change = (next: string) =>
      admin.send('PUT', '/session/password', { current: first.password, next });
    expect(await change('admin-admin-admin')).toMatchObject({
      status: 422,
      body: { code: 'access.weak_password' },
    });
    const before = admin.cookie;
    const changed = await change('新口令-海边的椰林三号柜');
    expect(changed).toMatchObject({ status: 200, body: { mustChangePassword: false } });
    admin.keep(changed);
    expect(await admin.get('/users')).toMatchObject({ status: 200 });
    admin.cookie = before;
    expect(await admin.get('/users')).toMatchObject({ status: 401 });
    expect(await new Client(api.url).signIn(first.username, first.password)).toMatchObject({
      status: 401,
    });
  });
});

describe('signing in', () => {
  it('gives a cookie that scripts and other sites do not get, and no token in the database', async () => {
    const { username, password } = await api.users.create(
      { username: 'cookie', roles: ['it'], institutions: 'all' },
      BY,
    );
    const answer = await new Client(api.url).signIn(username, password);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^heyi_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const token = cookie.slice('heyi_session='.length, 'heyi_session='.length + 43);
    const { rows } = await sql(
      'SELECT s::text || u::text AS stored FROM user_session s, user_account u',
    );
    expect(rows.some(({ stored }) => String(stored).includes(token))).toBe(false);
    expect(rows.some(({ stored }) => String(stored).includes(password))).toBe(false);
  });

  it('says the same of an unknown name, a wrong password and a disabled account', async () => {
    const grant = { username: 'gone', roles: ['it'] as const, institutions: 'all' as const };
    const { password } = await api.users.create(grant, BY);
    await api.users.setDisabled('gone', true, BY);
    const answers = [
      await new Client(api.url).signIn('nobody', password),
      await new Client(api.url).signIn('admin', 'not the password'),
      await new Client(api.url).signIn('gone', password),
    ];
    const said = answers.map(({ status, body }) => JSON.stringify({ status, ...body }));
    expect(new Set(said).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'access.sign_in_refused' } });
    expect(answers.map(({ headers }) => headers.get('set-cookie'))).toEqual([null, null, null]);
  });

  it('takes as long for an unknown name as for a known one', async () => {
    const timed = async (username: string): Promise<number> => {
      await sql('DELETE FROM sign_in_failure');
      const began = performance.now();
      await new Client(api.url).signIn(username, 'wrong password');
      return performance.now() - began;
    };
    const median = (times: number[]) =>
      times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      known.push(await timed('admin'));
      unknown.push(await timed(`stranger-${round}`));
    }
    const ratio = median(known) / median(unknown);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it.each([
    ['a field too many', { username: 'admin', password: 'x', roles: ['it'] }],
    ['no text', { username: ['admin'], password: 'x' }],
    ['nothing', {}],
  ])('refuses a request with %s', async (_, body) => {
    expect(await new Client(api.url).send('POST', '/session', body)).toMatchObject({ status: 400 });
  });
});

describe('guessing', () => {
  it('a thousand times at once is no more than a few times in a row', async () => {
    const guess = (n: number) => new Client(api.url).signIn('admin', `guess number ${n}`);
    const statuses: number[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => guess(batch * 100 + n)),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    const looked = statuses.filter((status) => status === 401).length;
    expect(looked).toBeGreaterThanOrEqual(5);
    expect(looked).toBeLessThanOrEqual(12);
    expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
  });

  it('locks the right password out too, says for how long, and ends', async () => {
    const { username, password } = await api.users.create(
      { username: 'locked', roles: ['it'], institutions: 'all' },
      BY,
    );
    for (let n = 0; n < 6; n += 1) await new Client(api.url).signIn(username, 'wrong password');
    const refused = await new Client(api.url).signIn(username, password);
    expect(refused).toMatchObject({ status: 429, body: { code: 'access.locked_out' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await sql('UPDATE sign_in_failure SET locked_until = now()');
    expect(await new Client(api.url).signIn(username, password)).toMatchObject({ status: 200 });
    expect(await new Client(api.url).signIn(username, 'wrong password')).toMatchObject({
      status: 401,
    });
  });

  it('many names from one address locks the address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      statuses.push((await new Client(api.url).signIn(`name-${n}`, 'Spring2024!!')).status);
    }
    expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(51).every((status) => status === 429)).toBe(true);
  });

  it('leaves its traces in the journal, without what was typed as a name', async () => {
    await new Client(api.url).signIn('my-secret-password', 'x');
    const { rows } = await sql(
      `SELECT subject, content FROM journal_entry WHERE kind = 'access' ORDER BY seq DESC LIMIT 1`,
    );
    expect(rows).toEqual([
      {
        subject: 'user:unknown',
        content: { event: 'sign-in-refused', by: null, address: '127.0.0.1' },
      },
    ]);
  });
});

describe('a session', () => {
  it.each([
    ['idle for half an hour', `last_seen_at = now() - interval '31 minutes'`],
    ['twelve hours old, in use or not', `created_at = now() - interval '12 hours 1 minute'`],
  ])('ends when it is %s', async (_, change) => {
    const username = `old-${change.length}`;
    const client = await signedIn(api, { username, roles: ['it'] });
    expect(await client.get('/batches')).toMatchObject({ status: 200 });
    await sql(`UPDATE user_session SET ${change}`);
    expect(await client.get('/batches')).toMatchObject({ status: 401 });
  });

  it('ends on signing out, with its cookie', async () => {
    const client = await signedIn(api, { username: 'leaver', roles: ['it'] });
    const answer = await client.send('DELETE', '/session');
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringContaining('Max-Age=0'),
    ]);
    expect(await client.get('/batches')).toMatchObject({ status: 401 });
  });

  it('has the roles its holder has now: a change takes effect at once', async () => {
    const client = await signedIn(api, { username: 'mover', roles: ['compliance'] });
    expect(await client.get('/claims')).toMatchObject({ status: 200 });
    await sql(`UPDATE user_account SET roles = ARRAY['it'] WHERE username = 'mover'`);
    expect(await client.get('/claims')).toMatchObject({ status: 403 });
    await api.users.setDisabled('mover', true, BY);
    expect(await client.get('/batches')).toMatchObject({ status: 401 });
  });
});

describe('a request from somewhere else', () => {
  const reason = { reason: '测试' };

  it('is refused without the token of the session', async () => {
    const client = await signedIn(api, { username: 'forged', roles: ['compliance'] });
    const other = await signedIn(api, { username: 'forger', roles: ['compliance'] });
    for (const token of ['', 'x', other.token]) {
      client.token = token;
      expect(await client.send('POST', '/findings/x/dismissal', reason)).toMatchObject({
        status: 403,
        body: { code: 'access.forged_request' },
      });
    }
  });

  it.each([
    ['origin', 'https://evil.example'],
    ['origin', 'null'],
    ['sec-fetch-site', 'cross-site'],
  ])('is refused when the browser says so: %s %s', async (header, value) => {
    const client = await signedIn(api, { username: `from-${value.length}`, roles: ['compliance'] });
    const answer = await client.send('POST', '/findings/x/dismissal', reason, { [header]: value });
    expect(answer).toMatchObject({ status: 403, body: { code: 'access.forged_request' } });
    const login = { username: 'admin', password: 'x' };
    expect(
      await new Client(api.url).send('POST', '/session', login, { [header]: value }),
    ).toMatchObject({ status: 403 });
  });
});

describe('accounts', () => {
  it('are made with a password that is shown once and works once', async () => {
    const security = await signedIn(api, { username: 'chief', roles: ['security'] });
    const made = await security.send('POST', '/users', {
      username: 'clinic-07',
      roles: ['member'],
      institutions: ['H46029900107'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { password: expect.stringMatching(/^(\w{4}-){3}\w{4}$/) },
    });
    const client = new Client(api.url);
    expect((await client.signIn('clinic-07', String(made.body['password']))).body).toMatchObject({
      mustChangePassword: true,
      institutions: ['H46029900107'],
    });
    const { rows } = await sql(`SELECT content::text FROM journal_entry`);
    expect(
      rows.some(({ content }) => String(content).includes(String(made.body['password']))),
    ).toBe(false);
  });

  it.each([
    [
      'two offices in one hand',
      { username: 'both', roles: ['security', 'it'], institutions: 'all' },
      422,
    ],
    ['a member of everything', { username: 'every', roles: ['member'], institutions: 'all' }, 422],
    ['a name twice', { username: 'admin', roles: ['it'], institutions: 'all' }, 409],
    ['a role that does not exist', { username: 'root', roles: ['root'], institutions: 'all' }, 400],
    [
      'a field too many',
      { username: 'x1', roles: ['it'], institutions: 'all', disabled: false },
      400,
    ],
  ])('are refused: %s', async (_, body, status) => {
    const security = await signedIn(api, { username: `by-${body.username}`, roles: ['security'] });
    expect(await security.send('POST', '/users', body)).toMatchObject({ status });
  });

  it('cannot be left without an administrator', async () => {
    const admin = (await api.users.list()).filter(
      ({ roles, disabled }) => roles.includes('security') && !disabled,
    );
    for (const { username } of admin.slice(1)) await api.users.setDisabled(username, true, BY);
    const last = admin[0]?.username ?? '';
    await expect(api.users.setDisabled(last, true, BY)).rejects.toMatchObject({
      code: 'access.last_administrator',
    });
    const asIt = { username: last, roles: ['it'] as const, institutions: 'all' as const };
    await expect(api.users.grant(asIt, BY)).rejects.toMatchObject({
      code: 'access.last_administrator',
    });
    expect((await api.users.list()).find(({ username }) => username === last)).toMatchObject({
      disabled: false,
      roles: ['security'],
    });
  });

  it('are not changed by their own holder', async () => {
    const security = await signedIn(api, { username: 'selfish', roles: ['security'] });
    expect(await security.send('POST', '/users/selfish/disable')).toMatchObject({
      status: 409,
      body: { code: 'access.own_account' },
    });
  });
});

describe('too many requests', () => {
  it('are answered with 429 and when to come back', async () => {
    const strict = await startApi(database, { api: { requestsPerMinute: 3 } });
    try {
      const client = new Client(strict.url);
      const answers: Answer[] = [];
      for (let n = 0; n < 4; n += 1) answers.push(await client.get('/batches'));
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
      expect(answers[3]?.headers.get('retry-after')).toBe('20');
    } finally {
      await strict.app.close();
    }
  });
});

describe('behind a proxy', () => {
  it('only what came over TLS is answered, and the cookie is bound to it', async () => {
    process.env['HEYI_PROXY'] = '127.0.0.1';
    try {
      const proxied = await startApi(database);
      const { password } = await api.users.create(
        { username: 'remote', roles: ['it'], institutions: 'all' },
        BY,
      );
      const login = { username: 'remote', password };
      const plain = await new Client(proxied.url).send('POST', '/session', login);
      expect(plain).toMatchObject({ status: 403, body: { code: 'api.insecure' } });
      const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.9.8.7' };
      const opened = await new Client(proxied.url).send('POST', '/session', login, tls);
      expect(opened.headers.get('set-cookie')).toMatch(/^__Host-heyi_session=.*; Secure$/);
      expect(opened.headers.get('strict-transport-security')).toContain('max-age');
      const { rows } = await sql(
        'SELECT address FROM user_session ORDER BY created_at DESC LIMIT 1',
      );
      expect(rows).toEqual([{ address: '10.9.8.7' }]);
      await proxied.app.close();
    } finally {
      delete process.env['HEYI_PROXY'];
    }
  });

  it('nobody is believed about the client without one', async () => {
    const { password } = await api.users.create(
      { username: 'local', roles: ['it'], institutions: 'all' },
      BY,
    );
    const forged = { 'x-forwarded-for': '10.9.8.7', 'x-forwarded-proto': 'https' };
    await new Client(api.url).send('POST', '/session', { username: 'local', password }, forged);
    const { rows } = await sql('SELECT address FROM user_session ORDER BY created_at DESC LIMIT 1');
    expect(rows).toEqual([{ address: '127.0.0.1' }]);
  });
});
