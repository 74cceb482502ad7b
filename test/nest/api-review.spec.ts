import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import type { Site } from '../../src/config/site.js';
import { sha256 } from '../../src/kernel/hash.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import { storeClaims } from '../audit/store-claims.js';
import { GANYU } from '../review/ganyu-site.js';
import { CONSORTIUM, landClaims, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { type Answer, Client, type RunningApi, signedIn, startApi } from './api-client.js';

/** A finding walks from detection to a posted deduction and back, over HTTP: two reviewers, the member, others who look on. */

const consortium = CONSORTIUM;
const months = ['2025-03'];
const womens = { item: '002101030300000', price: '128.00' };
/** Every byte there is, behind what makes it a PDF. */
const PDF = Buffer.concat([
  Buffer.from('%PDF-1.7\n'),
  ...Array.from({ length: 12 }, () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
]);
const LIMITS = { requestsPerMinute: 100_000, bodyBytes: 3_000, appealBytes: 30_000 };

let database: TestDatabase;
let site: Site;
let api: RunningApi;
let anna: Client;
let bert: Client;
let carl: Client;
/** Members' accounts: of the township centre, of the lead hospital, of the clinic that the centre settles for. */
let tina: Client;
let lena: Client;
let cleo: Client;

/** A man with an item for women: a clear violation of 128.00. */
function violation(no: string, at: 'C' | 'T') {
  const each = ruleCaseSchema.parse({
    ...{ name: no, finds: 'nothing', sex: 'male' },
    claims: [
      { no, at, settledBy: 'T', level: 'primary', lines: [{ ...womens, on: '2025-03-05' }] },
    ],
  });
  return claimsOfCase(each).map((claim) => ({ ...claim, personId: `person-${no}` }));
}

beforeAll(async () => {
  database = await createTestDatabase(10);
  const { pool } = database;
  site = makeSite(['overlays/sample.yaml'], {
    ...GANYU,
    'consortium.yaml': `${GANYU['consortium.yaml'].trimEnd()}
  - { institution: C, name: 村卫生室, kind: village-clinic, level: village, settledBy: T }
`,
    'audit.yaml':
      'review: { shortPath: false, attachments: { most: 2, bytes: 8000, kinds: [pdf] } }\n',
  });
  api = await startApi(database, { site, api: LIMITS });
  const account = (username: string, at: 'all' | readonly string[]) =>
    signedIn(api, { username, institutions: at, roles: [at === 'all' ? 'compliance' : 'member'] });
  [anna, bert, carl] = [
    await account('anna', 'all'),
    await account('bert', 'all'),
    await account('carl', 'all'),
  ];
  [tina, lena, cleo] = [
    await account('tina', ['T']),
    await account('lena', ['L']),
    await account('cleo', ['C']),
  ];
  await landClaims(pool, [
    { claimNo: 'm3', on: '2025-03-05', institution: 'T', pooled: 200_000 },
    { claimNo: 'm4', on: '2025-04-05', institution: 'T', pooled: 200_000 },
  ]);
  for (const no of ['W1', 'W2', 'W3']) await storeClaims(pool, consortium, violation(no, 'T'));
  await storeClaims(pool, consortium, violation('W4', 'C'));
  await api.app.get(AuditService, { strict: false }).run({ consortium, months });
});

afterAll(async () => {
  await api.app.close();
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

async function idOf(claimNo: string): Promise<string> {
  const { body } = await anna.get('/reviews?limit=100');
  return String(body.items.find((each) => each['claimNo'] === claimNo)?.['findingId']);
}

const act = (
  who: Client,
  id: string,
  action: string,
  body: object,
  headers = {},
): Promise<Answer> => who.send('POST', `/reviews/${id}/${action}`, body, headers);

const words = (reasonCode: string) => ({ reasonCode });
const forT = (reasonCode: string) => ({ reasonCode, institution: 'T' });
const upload = (content: Uint8Array, name = '病历.pdf') => ({
  name,
  content: Buffer.from(content).toString('base64'),
});

/** How much was written: steps, files, entries of the journal but for the operator log. */
async function written(): Promise<unknown> {
  const { rows } = await database.pool.query(
    `SELECT (SELECT count(*) FROM review_case) AS cases, (SELECT count(*) FROM review_step) AS steps,
       (SELECT count(*) FROM review_attachment) AS files, (SELECT count(*) FROM deduction) AS deductions,
       (SELECT count(*) FROM journal_entry WHERE kind <> 'operation') AS entries`,
  );
  return rows[0];
}

async function nothingWritten(answer: () => Promise<Answer>): Promise<Answer> {
  const before = await written();
  const given = await answer();
  expect(await written()).toEqual(before);
  return given;
}

describe('a finding under review, over HTTP', () => {
  let id = '';

  it('is opened with the others of its month; a preview opens none', async () => {
    const ask = (query: string) => anna.send('POST', `/reviews/open${query}`, { months });
    const seen = await nothingWritten(() => ask('?preview=true'));
    expect(seen).toMatchObject({ status: 200, body: { opened: 4, withdrawn: 0, preview: true } });
    expect((await anna.get('/reviews')).body.items).toEqual([]);
    expect((await ask('')).body).toEqual({ opened: 4, withdrawn: 0, preview: false });
    expect((await ask('')).body).toMatchObject({ opened: 0 });
    id = await idOf('W1');
    expect((await anna.get(`/reviews/${id}`)).body).toMatchObject({
      ...{ state: 'DETECTED', flaggedYuan: '128.00', proposedYuan: null, parties: ['T'] },
      steps: [{ action: 'open', role: 'system' }],
    });
  });

  it('is not decided at once where the site says so', async () => {
    const answer = await anna.send('POST', `/findings/${id}/confirmation`, { reason: '直接确认' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'review.short_path' } });
  });

  it('is upheld by the first reviewer, once for one key', async () => {
    const body = { outcome: 'uphold', ...words('CLEAR') };
    const seen = await nothingWritten(() => act(anna, id, 'first-review?preview=true', body));
    expect(seen.body).toMatchObject({
      ...{ action: 'first-review', from: 'DETECTED', to: 'FIRST_REVIEW' },
      ...{ amountYuan: '128.00', preview: true },
    });
    const once = () => act(anna, id, 'first-review', body, { 'idempotency-key': 'first' });
    expect(await once()).toMatchObject({
      status: 200,
      body: { to: 'FIRST_REVIEW', preview: false },
    });
    const again = await nothingWritten(once);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await act(anna, id, 'first-review', body)).toMatchObject({
      status: 409,
      body: { code: 'review.not_open' },
    });
  });

  it('tells the member nothing of what is proposed until it is fed back', async () => {
    const before = await tina.get(`/reviews/${id}`);
    expect(before.body).toMatchObject({ state: 'FIRST_REVIEW', proposedYuan: null, outcome: null });
    expect(before.body['lines']).toMatchObject([{ flaggedYuan: '128.00', proposedYuan: null }]);
    expect(before.text).not.toContain('anna');
    await act(anna, id, 'feedback', words('NOTICE'));
    const after = await tina.get(`/reviews/${id}`);
    expect(after.body).toMatchObject({
      state: 'FEEDBACK',
      proposedYuan: '128.00',
      outcome: 'uphold',
    });
    expect(after.body['steps']).toMatchObject([
      { action: 'open' },
      { action: 'first-review', actor: 'anna', amountYuan: '128.00' },
      { action: 'feedback' },
    ]);
  });

  it('is appealed by its member with a file', async () => {
    const body = { ...forT('APPEAL'), amountYuan: '28.00', attachments: [upload(PDF)] };
    await nothingWritten(() => act(tina, id, 'appeal?preview=true', body));
    expect(await act(tina, id, 'appeal', body)).toMatchObject({
      status: 200,
      body: { from: 'FEEDBACK', to: 'APPEALED', amountYuan: '28.00' },
    });
    expect((await bert.get(`/reviews/${id}`)).body).toMatchObject({ appealedYuan: '28.00' });
  });

  it('gives the file back byte for byte, and the operator log knows to whom', async () => {
    const path = `/api/v1/reviews/${id}/attachments/${sha256(PDF)}`;
    for (const { cookie } of [tina, bert]) {
      const response = await fetch(`${api.url}${path}`, { headers: { cookie } });
      expect(response.headers.get('content-type')).toBe('application/pdf');
      expect(response.headers.get('content-disposition')).toBe(
        `attachment; filename*=UTF-8''${encodeURIComponent('病历.pdf')}`,
      );
      expect(Buffer.from(await response.arrayBuffer()).equals(PDF)).toBe(true);
    }
    const { rows } = await database.pool.query(
      `SELECT content ->> 'by' AS by FROM journal_entry WHERE kind = 'operation' AND subject = $1 ORDER BY seq`,
      [path],
    );
    expect(rows).toEqual([{ by: 'tina' }, { by: 'bert' }]);
    expect(await tina.get(`/reviews/${id}/attachments/${'0'.repeat(64)}`)).toMatchObject({
      status: 404,
    });
  });

  it('is not there for another member, in no way', async () => {
    const digest = sha256(PDF);
    for (const path of [`/reviews/${id}`, `/reviews/${id}/attachments/${digest}`])
      expect(await lena.get(path)).toMatchObject({ status: 404 });
    for (const path of [
      '/reviews?count=true',
      '/reviews/export?format=csv',
      '/reviews?sort=-amount',
    ])
      expect((await lena.get(path)).text).not.toMatch(/W1|128\.00/);
    const own = { reasonCode: 'ACCEPT', institution: 'L' };
    for (const action of ['accept', 'appeal', 'acknowledge']) {
      expect(await act(lena, id, action, own)).toMatchObject({ status: 404 });
      expect(await act(lena, id, action, forT('ACCEPT'))).toMatchObject({
        status: 403,
        body: { code: 'access.not_allowed' },
      });
    }
    expect(await act(tina, id, 'final', { outcome: 'dismiss', ...words('RULE') })).toMatchObject({
      status: 403,
    });
  });

  it('is not reviewed again by the first reviewer, in two languages', async () => {
    const body = { outcome: 'partial', amountYuan: '100.00', ...words('PARTLY') };
    const refused = await nothingWritten(() => act(anna, id, 'second-review', body));
    expect(refused.type).toContain('application/problem+json');
    expect(refused).toMatchObject({
      status: 409,
      body: {
        ...{ type: 'urn:heyi:problem:review.four_eyes', code: 'review.four_eyes', status: 409 },
        title: '与现状冲突 / Conflict',
        detail: '复审人不能是初审人 / not by the first reviewer',
        remedy: '请由另一人办理。 / Somebody else has to do it.',
      },
    });
    expect(await act(bert, id, 'second-review', body)).toMatchObject({
      status: 200,
      body: { to: 'SECOND_REVIEW', amountYuan: '100.00' },
    });
    expect((await tina.get(`/reviews/${id}`)).text).not.toContain('bert');
  });

  it('is decided, acknowledged, and becomes a deduction that settlement takes', async () => {
    const early = await act(tina, id, 'acknowledge', forT('ACCEPT'));
    expect(early).toMatchObject({ status: 409, body: { code: 'review.not_open' } });
    await act(bert, id, 'final', { outcome: 'uphold', ...words('CLEAR') });
    const seen = await nothingWritten(() =>
      act(tina, id, 'acknowledge?preview=true', forT('ACCEPT')),
    );
    expect(seen.body).toMatchObject({ to: 'CONFIRMED', preview: true });
    expect(await act(tina, id, 'acknowledge', forT('ACCEPT'))).toMatchObject({
      status: 200,
      body: { to: 'CONFIRMED', amountYuan: '100.00', dueOn: null },
    });
    const settlement = api.app.get(SettlementService, { strict: false });
    await settlement.settleMonth({ consortium, month: '2025-03', close: true });
    expect((await anna.send('POST', '/reviews/sweep')).body).toMatchObject({ posted: 1 });
    expect((await tina.get(`/reviews/${id}`)).body).toMatchObject({
      ...{ state: 'POSTED', confirmedYuan: '100.00', deductedYuan: '100.00' },
      lines: [{ flaggedYuan: '128.00', appealedYuan: '28.00', confirmedYuan: '100.00' }],
    });
  });

  it('comes back by reversal with the next month that closes', async () => {
    expect(await act(carl, id, 'reverse', words('ERROR'))).toMatchObject({
      status: 200,
      body: { from: 'POSTED', to: 'REVERSED', amountYuan: '100.00' },
    });
    expect(await act(carl, id, 'reverse', words('ERROR'))).toMatchObject({ status: 409 });
    const settlement = api.app.get(SettlementService, { strict: false });
    await settlement.settleMonth({ consortium, month: '2025-04', close: true });
    expect((await tina.get(`/reviews/${id}`)).body).toMatchObject({
      ...{ state: 'REVERSED', deductedYuan: '0.00', compensatedYuan: '100.00' },
    });
    const { rows } = await database.pool.query(
      `SELECT r.period, t.amount_fen FROM deduction_taken t JOIN settlement_run r USING (run_id) WHERE r.current ORDER BY 1`,
    );
    expect(rows).toEqual([
      { period: '2025-03', amount_fen: '10000' },
      { period: '2025-04', amount_fen: '-10000' },
    ]);
  });

  it('leaves one entry of the operator log for each request that asked for a change', async () => {
    const { rows } = await database.pool.query(
      `SELECT count(*) AS n FROM journal_entry WHERE kind = 'operation' AND content ->> 'outcome' = 'done'
         AND content ->> 'preview' IS NULL AND subject LIKE '%/reviews/' || $1 || '/%' AND content ->> 'operation' LIKE 'POST %'`,
      [id],
    );
    // First review (its repetition is answered, not done), feedback, appeal, second review, last word, second feedback, reversal.
    expect(rows).toEqual([{ n: '7' }]);
  });
});

describe('what comes with an appeal', () => {
  let id = '';
  const appeal = (who: Client, attachments: readonly object[], headers = {}) =>
    act(who, id, 'appeal', { ...forT('APPEAL'), attachments }, headers);

  beforeAll(async () => {
    await anna.send('POST', '/reviews/first-review', { months, ...words('CLEAR') });
    await anna.send('POST', '/reviews/feedback', { months, ...words('NOTICE') });
    id = await idOf('W2');
  });

  it.each([
    [
      'a body larger than appeals may be',
      [PDF, PDF, PDF, PDF, PDF, PDF, PDF, PDF],
      'api.too_large',
      413,
    ],
    [
      'a file larger than the site takes',
      [Buffer.concat([PDF, PDF, PDF])],
      'review.attachment_too_large',
      413,
    ],
    ['too many files', [PDF, PDF, PDF], 'review.attachment', 422],
    ['a file of another kind', [Buffer.from('#!/bin/sh')], 'review.attachment', 422],
    ['an empty file', [Buffer.alloc(0)], 'api.bad_request', 400],
  ])('is refused: %s', async (_, files, code, status) => {
    const answer = await nothingWritten(() =>
      appeal(
        tina,
        files.map((file) => upload(file)),
      ),
    );
    expect(answer).toMatchObject({
      status,
      body: { code, detail: expect.stringMatching(/\p{sc=Han}/u) },
    });
    expect(answer.type).toContain('application/problem+json');
  });

  it('is refused when it is not base64, or bears a path', async () => {
    expect(await appeal(tina, [{ name: 'a.pdf', content: 'JVBERi0x*' }])).toMatchObject({
      status: 400,
    });
    expect(await appeal(tina, [upload(PDF, '../a.pdf')])).toMatchObject({ status: 422 });
  });

  it('may be larger than other bodies only where an appeal of somebody signed in is', async () => {
    const stranger = new Client(api.url);
    for (const cookie of ['', `heyi_session=${'x'.repeat(43)}`]) {
      stranger.cookie = cookie;
      expect(await appeal(stranger, [upload(PDF)])).toMatchObject({ status: 413 });
    }
    expect(
      await act(tina, id, 'accept', { ...forT('ACCEPT'), opinion: 'x'.repeat(4_000) }),
    ).toMatchObject({
      status: 413,
    });
  });

  it('is refused without the token of the session', async () => {
    const forged = new Client(api.url);
    forged.cookie = tina.cookie;
    const answer = await nothingWritten(() => appeal(forged, [upload(PDF)]));
    expect(answer).toMatchObject({ status: 403, body: { code: 'access.forged_request' } });
  });

  it('may be added to, file by file, until it is reviewed', async () => {
    const more = Buffer.concat([PDF, Buffer.from('2')]);
    expect(await appeal(tina, [upload(PDF)])).toMatchObject({ status: 200 });
    expect(await appeal(tina, [upload(more, '检验.pdf')])).toMatchObject({ status: 200 });
    const { body } = await bert.get(`/reviews/${id}`);
    const steps = body['steps'] as { attachments: { digest: string; size: number }[] }[];
    expect(steps.flatMap(({ attachments }) => attachments)).toMatchObject([
      { name: '病历.pdf', digest: sha256(PDF), size: PDF.length, mediaType: 'application/pdf' },
      { name: '检验.pdf', digest: sha256(more), size: more.length },
    ]);
  });
});

describe('a finding at a clinic', () => {
  it('is seen by the clinic and by the centre that settles for it, which answers', async () => {
    const id = await idOf('W4');
    expect((await cleo.get('/reviews')).body.items).toMatchObject([
      { findingId: id, institution: 'C', flaggedYuan: '128.00', ownPartOnly: true, parties: [] },
    ]);
    expect((await tina.get(`/reviews/${id}`)).body).toMatchObject({
      ...{ institution: 'C', claimNo: 'W4', ownPartOnly: false, parties: ['T'] },
      lines: [{ institution: 'C', flaggedYuan: '128.00' }],
    });
    const stranger = await act(cleo, id, 'accept', { reasonCode: 'ACCEPT', institution: 'C' });
    expect(stranger).toMatchObject({ status: 403, body: { code: 'review.not_party' } });
    expect(await act(tina, id, 'accept', forT('ACCEPT'))).toMatchObject({
      status: 200,
      body: { to: 'NOT_APPEALED' },
    });
  });
});

describe('the worklist', () => {
  const claims = ({ body }: Answer) => new Set(body.items.map((row) => row['claimNo']));

  it('is filtered by state, class, rule, institution, term and person', async () => {
    const overdue = await idOf('W3');
    await database.pool.query(
      `UPDATE review_case SET due_on = '2025-04-09', escalated = true WHERE finding_id = $1`,
      [overdue],
    );
    expect(await act(anna, overdue, 'assign', { to: 'nobody' })).toMatchObject({ status: 400 });
    expect(await act(anna, await idOf('W2'), 'assign', { to: 'bert' })).toMatchObject({
      status: 200,
    });
    const [first] = (await anna.get('/reviews')).body.items;
    for (const [query, wanted] of [
      ['state=FEEDBACK', ['W3']],
      ['class=HARD&count=true', ['W1', 'W2', 'W3', 'W4']],
      [`rule=${String(first?.['ruleId'])}&month=2025-03`, ['W1', 'W2', 'W3', 'W4']],
      ['month=2025-04', []],
      ['institution=C', ['W4']],
      ['overdue=true', ['W3']],
      ['escalated=true', ['W3']],
      ['assignee=bert', ['W2']],
    ] as const)
      expect([query, claims(await anna.get(`/reviews?${query}`))]).toEqual([
        query,
        new Set(wanted),
      ]);
    expect((await tina.get('/reviews?assignee=bert')).body.items).toEqual([]);
  });

  it('is cut into pages by term and by amount, without a gap or a repetition', async () => {
    for (const sort of ['due', '-due', 'amount', '-amount']) {
      const seen: string[] = [];
      let after = '';
      do {
        const { body } = await anna.get(`/reviews?limit=1&sort=${sort}${after}`);
        seen.push(...body.items.map((row) => String(row['claimNo'])));
        after = body['next'] === null ? '' : `&after=${String(body['next'])}`;
      } while (after !== '');
      if (sort === 'due') expect(seen[0]).toBe('W3');
      expect([seen.length, new Set(seen)]).toEqual([4, new Set(['W1', 'W2', 'W3', 'W4'])]);
    }
  });

  it('is taken as a file', async () => {
    const { text } = await tina.get('/reviews/export?format=csv&state=REVERSED');
    expect(text.trim().split(/\r?\n/)).toHaveLength(2);
    expect(text).toContain('W1');
    expect((await anna.get('/reviews/export')).type).toContain('spreadsheetml');
  });
});

describe('the rest of a reviewer’s work', () => {
  it('hands over to inspection, and lists what was handed over', async () => {
    const id = await idOf('W4');
    await act(bert, id, 'final', { outcome: 'inspection', ...words('SERIOUS') });
    expect((await bert.get('/reviews?state=INSPECTION')).body.items).toMatchObject([
      { findingId: id, outcome: 'inspection' },
    ]);
  });

  it('puts a case to a panel of three', async () => {
    const id = await idOf('W2');
    const vote = { outcome: 'dismiss', ...words('MEDICAL') };
    expect(await act(bert, id, 'votes', vote)).toMatchObject({ status: 409 });
    await act(bert, id, 'second-review', { outcome: 'panel', ...words('CLEAR') });
    for (const voter of [anna, bert]) await act(voter, id, 'votes', vote);
    expect(await act(bert, id, 'votes', vote)).toMatchObject({
      status: 409,
      body: { code: 'review.panel' },
    });
    const early = await act(bert, id, 'final', vote);
    expect(early).toMatchObject({ status: 409, body: { code: 'review.panel' } });
    await act(carl, id, 'votes', { outcome: 'uphold', ...words('CLEAR') });
    expect((await act(bert, id, 'final', vote)).body).toMatchObject({ to: 'DISMISSED' });
    expect((await tina.get(`/reviews/${id}`)).text).not.toContain('carl');
  });

  it('is refused with what is wrong with it', async () => {
    const id = await idOf('W3');
    expect(await act(anna, 'no-such', 'feedback', words('NOTICE'))).toMatchObject({
      ...{ status: 404, body: { code: 'review.unknown_finding' } },
    });
    expect(await act(tina, id, 'accept', forT('NONE'))).toMatchObject({
      ...{ status: 422, body: { code: 'review.incomplete_decision' } },
    });
    expect(
      await act(tina, id, 'appeal', { ...forT('APPEAL'), amountYuan: '128.01' }),
    ).toMatchObject({ status: 422, body: { code: 'review.amount' } });
    expect(await act(tina, id, 'appeal', { ...forT('APPEAL'), amountYuan: 'NaN' })).toMatchObject({
      status: 400,
    });
  });

  it('knows the reason codes, and samples what raised nothing the same for the same seed', async () => {
    const { body } = await tina.get('/reviews/opinions');
    expect(body.items.map(({ code }) => code)).toContain('APPEAL');
    const ask = () =>
      anna.send('POST', '/reviews/sample', { months: ['2025-04'], seed: 'a', size: 5 });
    const sample = await ask();
    expect(sample.body.items).toMatchObject([{ institution: 'T', claimNo: 'm4' }]);
    expect((await ask()).body).toEqual(sample.body);
  });
});
