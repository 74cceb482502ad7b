import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AgencyService } from '../../src/agency/agency.service.js';
import { DispatchService } from '../../src/agency/dispatch.service.js';
import { nextMessageIds } from '../../src/agency/outbox.repository.js';
import type { Site } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  bookRow,
  CENTRE,
  CLINIC,
  claim,
  consortium,
  insertClaims,
  LEAD,
  removeSites,
  siteAt,
} from './books.js';
import { SandboxProcess } from './sandbox-process.js';

const month = '2024-03';
const never = new AbortController().signal;
const clock = { now: () => new Date() };

const both = [
  claim('1001'),
  claim('1002', { careType: 'outpatient', totalFee: '20.50', fundPaid: '10.05' }),
  claim('1003', { pool: 'employee', careType: 'outpatient' }),
  claim('1004', { settledBy: CENTRE, performedAt: CLINIC, careType: 'outpatient' }),
  claim('1005', { totalFee: '-100.00', fundPaid: '-60.00', refundOf: '1001' }),
];
const paper = claim('1006', { channel: 'manual' });
const april = claim('1007', { settledAt: '2024-04-01 00:00:00' });

let database: TestDatabase;
let sandbox: SandboxProcess;
let site: Site;
let agency: AgencyService;
let journal: JournalService;

function agencyAt(where: Site): AgencyService {
  const dispatcher = new DispatchService(database.pool, where, clock, journal);
  return new AgencyService(database.pool, where, dispatcher, journal);
}

beforeAll(async () => {
  sandbox = await SandboxProcess.start([...both, april].map(bookRow));
  site = siteAt(sandbox.url);
});
afterAll(async () => {
  await sandbox.stop();
  removeSites();
});

beforeEach(async () => {
  database = await createTestDatabase(8);
  journal = new JournalService(database.pool);
  agency = agencyAt(site);
  await insertClaims(database.pool, [...both, paper, april]);
  await sandbox.misbehave([]);
});
afterEach(() => database.drop());

/** 2 settlement units × 2 pools × 7 clearing types, zeros included. */
const MESSAGES = 28;

const totals = async () =>
  (await agency.messages({ consortium, month })).filter((each) => each.transactionCode === '3201');

describe('declaring a month', () => {
  it('is accepted and balanced where both sides hold the same', async () => {
    expect(await agency.declareMonth({ consortium, month })).toMatchObject({
      enqueued: MESSAGES,
      unchanged: 0,
      waiting: 0,
    });
    const result = await agency.dispatch({ consortium }, never);
    expect(result).toEqual({
      consortium,
      busy: false,
      accepted: MESSAGES + 2,
      rejected: 0,
      open: 0,
    });
    const { rows } = await database.pool.query(
      `SELECT balanced, count(*)::int, sum(claims)::int AS claims, sum(total_fee_fen)::text AS fen
       FROM agency_declaration GROUP BY balanced`,
    );
    expect(rows).toEqual([{ balanced: true, count: MESSAGES, claims: 5, fen: '22050' }]);
    expect((await journal.verify({ consortium })).fault).toBeNull();
  });

  it('says nothing twice', async () => {
    const first = await agency.declareMonth({ consortium, month });
    await agency.dispatch({ consortium }, never);
    const before = sandbox.arrivals().length;
    expect(await agency.declareMonth({ consortium, month })).toEqual({
      ...first,
      enqueued: 0,
      unchanged: MESSAGES,
    });
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ accepted: 0, open: 0 });
    expect(sandbox.arrivals()).toHaveLength(before);
  });

  it('sends a new version of what has changed, and only of that', async () => {
    await agency.declareMonth({ consortium, month });
    await agency.dispatch({ consortium }, never);
    await insertClaims(database.pool, [claim('1010', { careType: 'chronic' })]);
    expect(await agency.declareMonth({ consortium, month })).toMatchObject({ enqueued: 1 });
    await agency.dispatch({ consortium }, never);
    const changed = (await totals()).filter(({ version }) => version === 2);
    expect(changed).toMatchObject([{ institution: LEAD, clearingType: '14', state: 'ACCEPTED' }]);
  });

  it('stops when claims are settled by an institution it may not speak for', async () => {
    await insertClaims(database.pool, [claim('1011', { settledBy: 'H46020000009' })]);
    await expect(agency.declareMonth({ consortium, month })).rejects.toThrow('不在 agency.yaml 中');
    expect(await totals()).toEqual([]);
  });
});

describe('outcomes', () => {
  it.each(['timeout', 'drop-after', 'drop-before', 'garbled', 'unavailable'])(
    'asks again under the same message id after %s, and settles it',
    async (fault) => {
      const own = await SandboxProcess.start(both.map(bookRow));
      try {
        agency = agencyAt(siteAt(own.url));
        await own.misbehave([{ infno: '3201', nth: 3, fault }]);
        await agency.declareMonth({ consortium, month });
        expect(await agency.dispatch({ consortium }, never)).toMatchObject({
          open: 0,
          rejected: 0,
        });
        const settled = (await totals()).filter(({ state }) => state === 'RESOLVED');
        expect(settled).toMatchObject([{ outcome: 'accepted', resolvedBy: 'query', attempts: 2 }]);
        const arrivals = own
          .arrivals('3201')
          .filter(({ msgid }) => msgid === settled[0]?.messageId);
        expect(arrivals).toHaveLength(2);
        expect(new Set(arrivals.map(({ content }) => content)).size).toBe(1);
        const ids = own.arrivals('3201').map(({ key, msgid }) => `${key} ${msgid}`);
        expect(new Set(ids).size).toBe(MESSAGES); // one message a business key, however often it travelled
      } finally {
        await own.stop();
      }
    },
  );

  it.each([
    { fault: 'reject', text: '经办机构拒绝受理[clrBO_001]' },
    { fault: 'silent-error', text: 'FSI-系统异常[fileBO_156]' },
    { fault: 'unauthorised', text: 'unknown access key' },
  ])('takes $fault for a refusal, and repeats it only when told to', async ({ fault, text }) => {
    await sandbox.misbehave([{ infno: '3201', nth: 1, fault }]);
    await agency.declareMonth({ consortium, month });
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ rejected: 1, open: 0 });
    const refused = (await totals()).filter(({ state }) => state === 'REJECTED');
    expect(refused).toMatchObject([{ outcome: 'rejected', text }]);
    expect(await agency.declareMonth({ consortium, month })).toMatchObject({ enqueued: 0 });
    expect(await agency.declareMonth({ consortium, month, again: true })).toMatchObject({
      enqueued: 1,
    });
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ accepted: 1, open: 0 });
  });

  it.each(['warning', 'string-code'])('takes %s for success', async (fault) => {
    agency = agencyAt(siteAt(sandbox.url, { timeoutMs: '10000' }));
    await sandbox.misbehave([{ fault }]);
    await agency.declareMonth({ consortium, month });
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ rejected: 0, open: 0 });
    expect(
      (await totals()).every(({ attempts, state }) => attempts === 1 && state === 'ACCEPTED'),
    ).toBe(true);
  });

  it('leaves messages waiting while nobody can be reached, and sends them later', async () => {
    const gone = await SandboxProcess.start([]);
    await gone.stop();
    const nobody = agencyAt(siteAt(gone.url));
    await nobody.declareMonth({ consortium, month });
    expect(await nobody.dispatch({ consortium }, never)).toMatchObject({
      accepted: 0,
      rejected: 0,
    });
    const waiting = await agency.messages({ consortium });
    expect(waiting.every(({ state }) => state === 'PENDING')).toBe(true);
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ open: 0 });
    expect((await totals()).every(({ state }) => state === 'ACCEPTED')).toBe(true);
  });

  it('stops between batches when told to', async () => {
    await agency.declareMonth({ consortium, month });
    const stop = AbortSignal.abort(new Error('shutting down'));
    await expect(agency.dispatch({ consortium }, stop)).rejects.toThrow('shutting down');
    expect((await totals()).every(({ state }) => state === 'PENDING')).toBe(true);
  });

  it('takes what a dead dispatcher had under way for unknown, and asks again', async () => {
    await agency.declareMonth({ consortium, month });
    await database.pool.query(
      `UPDATE outbox_message SET state = 'SENT', attempts = 1, message_id = '${LEAD}202403010800000001'
       WHERE outbox_id = (SELECT min(outbox_id) FROM outbox_message WHERE institution = '${LEAD}')`,
    );
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ open: 0 });
    const resolved = (await totals()).filter(({ state }) => state === 'RESOLVED');
    expect(resolved).toMatchObject([
      { outcome: 'accepted', messageId: `${LEAD}202403010800000001` },
    ]);
  });

  it('lets a person settle what stays unknown, and nothing else', async () => {
    await sandbox.misbehave([{ infno: '3201', fault: 'garbled' }]);
    await agency.declareMonth({ consortium, month });
    const { open } = await agency.dispatch({ consortium }, never);
    expect(open).toBe(MESSAGES);
    const [first] = await agency.messages({ consortium, month, open: true });
    const outboxId = first?.state === 'UNKNOWN' ? first.outboxId : '';
    const decision = {
      outboxId,
      outcome: 'accepted' as const,
      decidedBy: 'clerk',
      reason: '电话核实',
    };
    await agency.resolve(decision);
    await expect(agency.resolve(decision)).rejects.toThrow('结果并非未知');
    const view = (await totals()).find((each) => each.outboxId === outboxId);
    expect(view).toMatchObject({ state: 'RESOLVED', outcome: 'accepted', resolvedBy: 'person' });
  });

  it('lets one dispatcher at a time send', async () => {
    await agency.declareMonth({ consortium, month });
    const results = await Promise.all([1, 2, 3].map(() => agency.dispatch({ consortium }, never)));
    expect(results.filter(({ busy }) => !busy).length).toBeGreaterThanOrEqual(1);
    const sent = sandbox
      .arrivals('3201')
      .slice(-MESSAGES)
      .map(({ msgid }) => msgid);
    expect(new Set(sent).size).toBe(MESSAGES);
  });
});

describe('detail', () => {
  it('is fetched where totals do not balance, and names each row that differs', async () => {
    const own = await SandboxProcess.start(
      [
        ...both.filter(({ claimNo }) => claimNo !== '1002'), // the agency lacks 1002
        claim('1003', { pool: 'employee', careType: 'outpatient', fundPaid: '61.00' }),
        claim('1999', { careType: 'outpatient' }), // we lack 1999
      ]
        .filter(
          (row, index, all) => all.findLastIndex((each) => each.claimNo === row.claimNo) === index,
        )
        .map(bookRow),
    );
    try {
      agency = agencyAt(siteAt(own.url));
      await agency.declareMonth({ consortium, month });
      expect(await agency.dispatch({ consortium }, never)).toMatchObject({ rejected: 0, open: 0 });
      const { rows } = await database.pool.query(
        `SELECT claim_no, sender_message_id IS NOT NULL AS known, total_fee_fen, fund_paid_fen
         FROM agency_unbalanced_row ORDER BY claim_no NULLS LAST`,
      );
      expect(rows).toEqual([
        { claim_no: '1002', known: false, total_fee_fen: null, fund_paid_fen: null },
        { claim_no: '1003', known: true, total_fee_fen: '10000', fund_paid_fen: '6100' },
        { claim_no: null, known: true, total_fee_fen: '10000', fund_paid_fen: '6000' },
      ]);
      const codes = (await agency.messages({ consortium, month })).map(
        ({ transactionCode }) => transactionCode,
      );
      expect(codes.filter((code) => code !== '3201')).toEqual(['9101', '3202', '9102']);
      await own.misbehave([{ infno: '9102', fault: 'reject' }]);
    } finally {
      await own.stop();
    }
  });

  it('starts over with a fresh file after a rejection, when told to', async () => {
    const own = await SandboxProcess.start([]);
    try {
      agency = agencyAt(siteAt(own.url));
      await own.misbehave([{ infno: '9102', fault: 'reject' }]);
      await agency.declareMonth({ consortium, month });
      const { rejected } = await agency.dispatch({ consortium }, never);
      expect(rejected).toBe(3);
      await own.misbehave([]);
      expect(await agency.declareMonth({ consortium, month, again: true })).toMatchObject({
        enqueued: 3,
      });
      expect(await agency.dispatch({ consortium }, never)).toMatchObject({
        accepted: 9,
        rejected: 0,
        open: 0,
      });
    } finally {
      await own.stop();
    }
  });
});

describe('Hunan signature', () => {
  it('is accepted by a gateway that checks it, and refused with a wrong key', async () => {
    const own = await SandboxProcess.start(both.map(bookRow), [
      '--access-key',
      'AK',
      '--secret-key',
      'SK',
    ]);
    try {
      const signed = (secret: string) =>
        agencyAt(
          siteAt(own.url, { profile: 'hunan', keys: `, accessKey: AK, secretKey: ${secret}` }),
        );
      agency = signed('wrong');
      await agency.declareMonth({ consortium, month });
      await agency.dispatch({ consortium }, AbortSignal.timeout(700)).catch(() => undefined);
      expect(own.arrivals()).toEqual([]);
      agency = signed('SK');
      expect(await agency.dispatch({ consortium }, never)).toMatchObject({ open: 0, rejected: 0 });
    } finally {
      await own.stop();
    }
  });
});

describe('message ids', () => {
  it('never repeat, also when many processes ask within a second and the clock goes back', async () => {
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        withTransaction(database.pool, (client) =>
          nextMessageIds(client, [LEAD], `2024-03-01 08:00:0${index % 3}`),
        ),
      ),
    );
    expect(new Set(ids.flat()).size).toBe(200);
    expect(ids.flat().every((id) => /^H46020000001\d{18}$/.test(id))).toBe(true);
  });

  it('borrow from the next second after 9999', async () => {
    await database.pool.query(
      `INSERT INTO message_sequence VALUES ('${LEAD}', '2024-03-01 08:00:59', 9998)`,
    );
    const next = () =>
      withTransaction(database.pool, (client) =>
        nextMessageIds(client, [LEAD], '2024-03-01 08:00:59'),
      );
    expect([await next(), await next(), await next()].flat().map((id) => id.slice(12))).toEqual([
      '202403010800599999',
      '202403010801000001',
      '202403010801000002',
    ]);
  });

  it('are given to a whole batch at once, in order, institution by institution', async () => {
    const take = (institutions: readonly string[]) =>
      withTransaction(database.pool, (client) =>
        nextMessageIds(client, institutions, '2024-03-01 08:00:00'),
      );
    const tails = async (institutions: readonly string[]) =>
      (await take(institutions)).map(
        (id) => `${id.slice(0, 12) === LEAD ? 'L' : 'C'}${id.slice(26)}`,
      );
    expect(await tails([LEAD, CENTRE, LEAD])).toEqual(['L0001', 'C0001', 'L0002']);
    expect(await tails([CENTRE, LEAD])).toEqual(['C0002', 'L0003']);
    await database.pool.query(
      `UPDATE message_sequence SET last = 9998 WHERE institution = '${LEAD}'`,
    );
    expect(await tails([LEAD, LEAD])).toEqual(['L0001', 'L0002']);
  });
});
