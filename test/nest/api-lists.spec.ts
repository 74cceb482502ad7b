import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SupplementService } from '../../src/lists/supplement.service.js';
import { claim } from '../agency/books.js';
import { headSheet } from '../lists/case-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { type Client, CONSORTIUM, type RunningApi, signedIn, startApi } from './api-client.js';
import { OTHER, OWN, seedInstitution, stayOf } from './api-seed.js';

let database: TestDatabase;
let api: RunningApi;
let finance: Client;
let member: Client;

beforeAll(async () => {
  database = await createTestDatabase(10);
  api = await startApi(database);
  finance = await signedIn(api, { username: 'finance', roles: ['finance'] });
  member = await signedIn(api, { username: 'member', roles: ['member'], institutions: [OWN] });
  await database.pool.query(`SELECT ensure_claim_partitions('2024-03')`);
  await seedInstitution(database.pool, OWN);
  await seedInstitution(database.pool, OTHER);
  await database.pool.query(
    `INSERT INTO claim_diagnosis (consortium, settled_on, institution, claim_no, sequence, code, institution_code, is_principal,
       batch_id, raw_row)
     SELECT consortium, settled_on, institution, claim_no, 1, 'I10.x00', 'I10.x00', true, batch_id, 1
       FROM claim WHERE claim_no = $1`,
    [stayOf(OWN)],
  );
});

afterAll(async () => {
  await api.app.close();
  await database.drop();
});

const month = '2024-03';
const one = `/lists/${OWN}/${stayOf(OWN)}`;
const outbox = async () =>
  (await database.pool.query('SELECT outbox_id FROM outbox_message')).rowCount;

describe('settlement lists by the API', () => {
  it('are listed by state, institution and month, without persons', async () => {
    const { body, text } = await finance.get(`/lists?month=${month}&state=rejected&count=true`);
    expect(body).toMatchObject({ total: 2 });
    expect(new Set(body.items.map((row) => row['institution']))).toEqual(new Set([OTHER, OWN]));
    expect(text).not.toContain('460299197001011234');
    expect((await finance.get(`/lists?state=taken`)).body.items).toEqual([]);
    expect((await finance.get(`/lists?month=2024-04`)).body.items).toEqual([]);
    expect((await finance.get(`/lists?settledBy=${OWN}`)).body.items).toHaveLength(1);
  });

  it('are checked anew: a member finds the faults of its own and counts no others', async () => {
    const { body } = await member.get(`/lists/check?month=${month}`);
    expect(body).toMatchObject({ lists: 1, sendable: 0, faultyLists: 1 });
    expect((await finance.get(`/lists/check?month=${month}&limit=1`)).body).toMatchObject({
      ...{ lists: 2, sendable: 0, faultyLists: 2, faulty: { length: 1 } },
    });
  });

  it('show each what is wrong with it, and no person', async () => {
    const { body, text } = await finance.get(one);
    expect(body).toMatchObject({
      ...{ institution: OWN, month, settledBy: OWN, sent: { state: 'rejected' } },
      list: { setlinfo: [{ setl_id: stayOf(OWN), psn_no: '4602**********1234' }] },
    });
    expect(body['faults']).toContainEqual({
      ...{ section: 'setlinfo', row: 1, field: 'bill_no', message: '票据号码为必填，没有值' },
    });
    expect(text).not.toContain('460299197001011234');
    expect(await finance.get(`/lists/${OWN}/mark-${OWN}`)).toMatchObject({ status: 404 });
  });

  it('go into the outbox when they are faultless, once; a preview writes nothing', async () => {
    const supplements = api.app.get(SupplementService, { strict: false });
    const of = { consortium: CONSORTIUM, institution: OWN, by: 'records' };
    const claims = [claim(stayOf(OWN))];
    await supplements.import({ ...of, section: 'setlinfo' }, headSheet(claims), false);
    await database.pool.query(
      `INSERT INTO settlement_list_supplement (consortium, institution, claim_no, section, row_no, fields, imported_by)
       VALUES ($1, $2, $3, 'diseinfo', 1, '{"diag_code": "I10.x00", "adm_cond_type": "1"}', 'records')`,
      [CONSORTIUM, OWN, stayOf(OWN)],
    );
    expect((await finance.get(one)).body).toMatchObject({
      faults: [],
      list: { setlinfo: [{ coner_addr: '***', coner_tel: '***', prfs: '90' }] },
    });
    const before = await outbox();
    const body = { month, reason: '三月清单上传' };
    expect((await finance.send('POST', '/lists/push?preview=true', body)).body).toMatchObject({
      ...{ lists: 2, sendable: 1, faultyLists: 1, enqueued: null },
    });
    expect(await outbox()).toBe(before);
    expect((await finance.send('POST', '/lists/push', body)).body).toMatchObject({
      ...{ sendable: 1, enqueued: 1, unchanged: 0 },
    });
    expect(await outbox()).toBe((before ?? 0) + 1);
    expect((await finance.send('POST', '/lists/push', body)).body).toMatchObject({ enqueued: 0 });
    expect((await finance.get(one)).body).toMatchObject({ sent: { state: 'waiting' } });
    const { rows } = await database.pool.query(
      `SELECT kind, content ->> 'reason' AS reason, content ->> 'lists' AS lists FROM journal_entry
        WHERE subject = $1 OR content ->> 'operation' = 'POST /api/v1/lists/push' ORDER BY seq LIMIT 4`,
      [`lists:${month}`],
    );
    expect(rows).toContainEqual({ kind: 'push', reason: null, lists: '2' });
    expect(rows).toContainEqual({ kind: 'operation', reason: '三月清单上传', lists: null });
  });

  it('are submitted when the agency has them, and counted when asked', async () => {
    const body = { month, reason: '三月清单提交' };
    await database.pool.query(
      `UPDATE settlement_list SET status = 'taken', list_id = 'L1' WHERE institution = $1`,
      [OWN],
    );
    const preview = await finance.send('POST', '/lists/submission?preview=true', body);
    expect(preview.body).toEqual({ lists: 1, messages: null });
    const before = await outbox();
    expect((await finance.send('POST', '/lists/submission', body)).body).toEqual({
      ...{ lists: 1, messages: 1 },
    });
    expect((await finance.send('POST', '/lists/count', body)).body).toEqual({ messages: 5 });
    expect(await outbox()).toBe((before ?? 0) + 6);
    expect((await member.get(`/lists/standing?month=${month}`)).body).toMatchObject({
      standing: [{ institution: OWN, taken: 1 }],
      differences: [{ kind: 'not-taken' }, { kind: 'not-submitted', lists: 1 }],
    });
  });
});
