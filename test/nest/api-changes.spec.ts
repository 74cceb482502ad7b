import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { type Client, CONSORTIUM, type RunningApi, signedIn, startApi } from './api-client.js';
import { type Ids, OWN, seedInstitution, seedRun } from './api-seed.js';

let database: TestDatabase;
let api: RunningApi;
let compliance: Client;
let own: Ids;
let run: { run: string; item: string };

beforeAll(async () => {
  database = await createTestDatabase(10);
  api = await startApi(database, { api: { streamsPerUser: 2 } });
  compliance = await signedIn(api, { username: 'compliance', roles: ['compliance'] });
  await database.pool.query(`SELECT ensure_claim_partitions('2024-03')`);
  own = await seedInstitution(database.pool, OWN);
  run = await seedRun(database.pool);
});

afterAll(async () => {
  await api.app.close();
  await database.drop();
});

async function operations(): Promise<Record<string, unknown>[]> {
  const { rows } = await database.pool.query<{ content: Record<string, unknown> }>(
    `SELECT content FROM journal_entry WHERE kind = 'operation' ORDER BY seq`,
  );
  return rows.map(({ content }) => content);
}

describe('looking at a person', () => {
  it('gives the number once, to who says why, and the operator log keeps that', async () => {
    const shown = await compliance.get(`/claims/${own.claim}`);
    expect(shown.body['person']).toBe('4602**********1234');
    expect(shown.text).not.toContain('460299197001011234');
    expect(await compliance.send('POST', `/claims/${own.claim}/unmask`, {})).toMatchObject({
      status: 400,
    });
    const asked = await compliance.send(
      'POST',
      `/claims/${own.claim}/unmask`,
      { reason: '参保人申诉' },
      { 'idempotency-key': 'k' },
    );
    expect(asked).toMatchObject({ status: 200, body: { person: '460299197001011234' } });
    expect((await operations()).at(-1)).toMatchObject({
      operation: 'POST /api/v1/claims/:institution/:claimNo/unmask',
      ...{ by: 'compliance', byRoles: ['compliance'], outcome: 'done', reason: '参保人申诉' },
    });
    const { rows } = await database.pool.query(`SELECT answer FROM answered_request`);
    expect(rows).toEqual([]);
  });
});

describe('a decision', () => {
  const confirm = (reason: string, key: string) =>
    compliance.send(
      'POST',
      `/findings/${own.finding}/confirmation`,
      { reason },
      { 'idempotency-key': key },
    );

  it('asked for twice with one key is made once and answered the same', async () => {
    const before = (await operations()).length;
    const [one, two] = [await confirm('已核对', 'key-1'), await confirm('已核对', 'key-1')];
    expect(one).toMatchObject({ status: 200, body: { amountYuan: '1.00' } });
    expect(two).toMatchObject({ status: 200, body: one.body });
    expect(two.headers.get('idempotency-replayed')).toBe('true');
    expect((await operations()).slice(before)).toMatchObject([{ outcome: 'done' }]);
    const { rows } = await database.pool.query('SELECT outcome, decided_by FROM review_decision');
    expect(rows).toEqual([{ outcome: 'confirmed', decided_by: 'compliance' }]);
    expect((await database.pool.query('SELECT 1 FROM deduction')).rowCount).toBe(1);
  });

  it('with one key and another content is refused, and the log says so', async () => {
    expect(await confirm('另一个理由', 'key-1')).toMatchObject({
      status: 422,
      body: { code: 'api.repeated_differently' },
    });
    expect((await operations()).at(-1)).toMatchObject({
      outcome: 'refused',
      code: 'api.repeated_differently',
    });
  });

  it('with another key meets what was decided', async () => {
    expect(await confirm('已核对', 'key-2')).toMatchObject({
      status: 409,
      body: { code: 'review.already_decided' },
    });
    expect(await confirm('已核对', 'key-2')).toMatchObject({ status: 409 });
  });

  it('of two at once is carried out by one', async () => {
    const { rows } = await database.pool.query<{ seq: string }>(
      `SELECT coalesce(max(seq), 0) AS seq FROM journal_entry`,
    );
    await database.pool.query(
      `DELETE FROM deduction; DELETE FROM review_decision; DELETE FROM answered_request;
       UPDATE review_case SET state = 'DETECTED', outcome = NULL`,
    );
    const answers = await Promise.all(
      ['key-3', 'key-3', 'key-4', 'key-5'].map((key) => confirm('同时', key)),
    );
    expect(
      answers.filter(
        ({ status, headers }) => status === 200 && headers.get('idempotency-replayed') === null,
      ),
    ).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const decisions = await database.pool.query(
      `SELECT 1 FROM journal_entry WHERE kind = 'decision' AND seq > $1`,
      [rows[0]?.seq],
    );
    expect(decisions.rowCount).toBe(1);
  });
});

describe('a run', () => {
  it('is foreseen before it is asked for, and nothing happens', async () => {
    const it = await signedIn(api, { username: 'it', roles: ['it'] });
    const answer = await it.send('POST', '/runs?preview=true', {
      kind: 'night',
      subject: '2024-12-09',
    });
    expect(answer).toMatchObject({ status: 200, body: { runId: null, impact: { allowed: true } } });
    const { rowCount } = await database.pool.query(
      `SELECT 1 FROM work_run WHERE subject = '2024-12-09'`,
    );
    expect(rowCount).toBe(0);
    expect((await operations()).at(-1)).toMatchObject({ preview: true, outcome: 'done' });
  });

  it('of another kind or day than there is, is refused', async () => {
    const it = await signedIn(api, { username: 'it-2', roles: ['it'] });
    for (const body of [
      { kind: 'year', subject: '2024' },
      { kind: 'night', subject: '2024-02-30' },
      { kind: 'backfill', subject: '2024-13' },
    ]) {
      expect(await it.send('POST', '/runs', body)).toMatchObject({ status: 400 });
    }
  });

  it('of a prepayment or a release is started by the settlement clerk, once', async () => {
    const clerk = await signedIn(api, { username: 'clerk-start', roles: ['finance'] });
    const reason = '年初预付';
    const asked = [
      ['/settlements/start', { year: '2025', reason }, { kind: 'start', subject: '2025' }],
      ['/settlements/release', { month: '2025-03', reason }, { kind: 'release' }],
    ] as const;
    for (const [path, body, about] of asked) {
      const foreseen = await clerk.send('POST', `${path}?preview=true`, body);
      expect(foreseen).toMatchObject({
        status: 200,
        body: { runId: null, impact: { run: about } },
      });
      const [one, two] = [
        await clerk.send('POST', path, body),
        await clerk.send('POST', path, body),
      ];
      expect(one).toMatchObject({ status: 200, body: { runId: expect.stringMatching(/^\d+$/) } });
      expect(two.body['runId']).toBe(one.body['runId']);
      expect(await clerk.send('POST', path, {})).toMatchObject({ status: 400 });
    }
    const { rows } = await database.pool.query(
      `SELECT i.kind, i.business_key AS key FROM work_item i JOIN work_run r ON r.id = i.run_id
        WHERE r.kind IN ('start', 'release') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { kind: 'settle-release', key: expect.stringMatching(/\.release\.2025-03\.2025-03$/) },
      { kind: 'settle-start', key: expect.stringMatching(/\.start\.2025\.2025$/) },
    ]);
  });

  it('is started once, its failed work retried with a reason', async () => {
    const it = await signedIn(api, { username: 'it-3', roles: ['it'] });
    const start = () => it.send('POST', '/runs', { kind: 'backfill', subject: '2024-05' });
    const [one, two] = [await start(), await start()];
    expect(one).toMatchObject({ status: 200, body: { runId: expect.stringMatching(/^\d+$/) } });
    expect(two.body['runId']).toBe(one.body['runId']);
    expect(await it.send('POST', `/work/${run.item}/retry`, {})).toMatchObject({ status: 400 });
    const retried = await it.send('POST', `/work/${run.item}/retry`, { reason: '来源已恢复' });
    expect(retried).toMatchObject({ status: 200, body: { runId: run.run } });
    const { rows } = await database.pool.query('SELECT state FROM work_item WHERE id = $1', [
      run.item,
    ]);
    expect(rows).toEqual([{ state: 'pending' }]);
  });
});

describe('progress', () => {
  async function* events(client: Client, id: string): AsyncGenerator<string, void, undefined> {
    const response = await fetch(`${client.url}/api/v1/runs/${id}/progress`, {
      headers: { cookie: client.cookie },
    });
    if (response.body === null) return;
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      yield* parts.filter((part) => part.startsWith('event:'));
    }
  }

  const newRun = async (subject: string): Promise<string> => {
    const { rows } = await database.pool.query<{ id: string }>(
      `WITH run AS (INSERT INTO work_run (consortium, kind, subject, round) VALUES ($1, 'night', $2, 1) RETURNING id)
       INSERT INTO work_item (run_id, consortium, kind, business_key, queue, stage, payload, most_attempts, round, state)
       SELECT id, $1, 'pull', 'pull.' || $2, 'ingest', 0, '{}', 5, 1, 'running' FROM run RETURNING run_id AS id`,
      [CONSORTIUM, subject],
    );
    return rows[0]?.id ?? '';
  };

  it('tells every change and ends with the run', async () => {
    const id = await newRun('2024-12-20');
    const seen: string[] = [];
    for await (const event of events(compliance, id)) {
      seen.push(event);
      if (seen.length === 1)
        await database.pool.query(`UPDATE work_item SET state = 'done' WHERE run_id = $1`, [id]);
    }
    expect(seen[0]).toContain('"state":"running"');
    expect(seen.at(-2)).toContain('"state":"complete"');
    expect(seen.at(-1)).toBe('event: ended\ndata: {"reason":"done"}');
  });

  it('ends when its reader may no longer read', async () => {
    const id = await newRun('2024-12-21');
    const reader = await signedIn(api, { username: 'reader', roles: ['finance'] });
    const seen: string[] = [];
    for await (const event of events(reader, id)) {
      seen.push(event);
      if (seen.length === 1)
        await api.users.setDisabled('reader', true, {
          username: 'test',
          roles: [],
          address: 'cli',
        });
    }
    expect(seen.at(-1)).toContain('signed-out');
  }, 20_000);

  it('is held open by one person only so often', async () => {
    const id = await newRun('2024-12-22');
    const reader = await signedIn(api, { username: 'hoarder', roles: ['finance'] });
    const open = [events(reader, id), events(reader, id)];
    for (const stream of open) await stream.next();
    const third = await reader.get(`/runs/${id}/progress`);
    expect(third).toMatchObject({ status: 429, body: { code: 'api.too_many_streams' } });
    await database.pool.query(`UPDATE work_item SET state = 'done' WHERE run_id = $1`, [id]);
    for (const stream of open) for await (const _ of stream);
    expect((await reader.get(`/runs/${id}/progress`)).status).toBe(200);
  });
});

describe('an export', () => {
  it('holds no cell that a spreadsheet would run, and all the rows or none', async () => {
    await database.pool.query(
      `UPDATE finding SET message = '=HYPERLINK("http://x","y")' WHERE consortium = $1`,
      [CONSORTIUM],
    );
    const csv = await compliance.get('/findings/export?format=csv');
    expect(csv.text).toContain(`"'=HYPERLINK(`);
    expect(csv.headers.get('content-disposition')).toContain(encodeURIComponent('疑点'));
    const xlsx = await compliance.get(`/claims/export?institution=${OWN}`);
    expect(xlsx.type).toContain('spreadsheetml');
    const strict = await startApi(database, { api: { exportRows: 1 } });
    const client = await signedIn(strict, { username: 'exporter', roles: ['finance'] });
    expect(await client.get('/claims/export')).toMatchObject({
      status: 422,
      body: { code: 'api.export_too_large' },
    });
    await strict.app.close();
  });
});
