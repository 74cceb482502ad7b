import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AgencyService } from '../../src/agency/agency.service.js';
import { DispatchService } from '../../src/agency/dispatch.service.js';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { listDifferences } from '../../src/lists/list-differences.js';
import { SettlementListService } from '../../src/lists/settlement-list.service.js';
import { SupplementService } from '../../src/lists/supplement.service.js';
import {
  bookRow,
  CENTRE,
  claim,
  consortium,
  insertClaims,
  LEAD,
  removeSites,
  siteAt,
} from '../agency/books.js';
import { SandboxProcess } from '../agency/sandbox-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { diagnosisSheet, HEAD_SUPPLEMENT, headSheet, insertCases, of, sheet } from './case-rows.js';

const never = new AbortController().signal;
const clock = { now: () => new Date() };

const cases = [claim('2001'), claim('2002'), claim('2003', { settledBy: CENTRE })];
const wanted = cases.length;

let database: TestDatabase;
let sandbox: SandboxProcess;
let site: Site;
let lists: SettlementListService;
let supplements: SupplementService;
let agency: AgencyService;

afterAll(removeSites);

beforeEach(async () => {
  sandbox = await SandboxProcess.start(cases.map(bookRow));
  site = siteAt(sandbox.url);
  database = await createTestDatabase(8);
  const journal = new JournalService(database.pool);
  lists = new SettlementListService(database.pool, site, journal);
  supplements = new SupplementService(database.pool, site, journal);
  agency = new AgencyService(
    database.pool,
    site,
    new DispatchService(database.pool, site, clock, journal),
    journal,
  );
  await insertCases(database.pool, cases);
});
afterEach(async () => {
  await database.drop();
  await sandbox.stop();
});

const dispatch = () => agency.dispatch({ consortium }, never);

async function supplemented(): Promise<void> {
  for (const institution of [LEAD, CENTRE]) {
    const own = cases.filter(({ performedAt }) => performedAt === institution);
    const to = { consortium, institution, by: 'records' };
    await supplements.import({ ...to, section: 'setlinfo' }, headSheet(own), false);
    await supplements.import({ ...to, section: 'diseinfo' }, diagnosisSheet(own), false);
  }
}

/** Σ over the settlement units. */
async function standing() {
  const rows = await lists.standing(of);
  const sum = (name: 'waiting' | 'taken' | 'submitted' | 'rejected' | 'unknown') =>
    rows.reduce((total, row) => total + row[name], 0);
  return {
    waiting: sum('waiting'),
    taken: sum('taken'),
    submitted: sum('submitted'),
    rejected: sum('rejected'),
    unknown: sum('unknown'),
  };
}

const none = { waiting: 0, taken: 0, submitted: 0, rejected: 0, unknown: 0 };

describe('settlement lists of a month', () => {
  it('lack what only the medical record has, and nothing of them leaves', async () => {
    const check = await lists.check(of);
    expect(check).toMatchObject({ lists: wanted, sendable: 0 });
    const fields = check.ranked.map(({ field }) => field);
    expect(new Set(fields)).toEqual(new Set([...Object.keys(HEAD_SUPPLEMENT), 'adm_cond_type']));
    expect(check.ranked.every((each) => each.supplemented && each.lists === wanted)).toBe(true);
    expect(await lists.push(of)).toMatchObject({ enqueued: 0, sendable: 0 });
    expect(await agency.messages({ consortium })).toEqual([]);
  });

  it('are supplemented, sent, taken, submitted and counted', async () => {
    await supplemented();
    expect(await lists.check(of)).toMatchObject({ lists: wanted, sendable: wanted, faulty: [] });
    expect(await lists.push(of)).toMatchObject({ enqueued: wanted, unchanged: 0 });
    expect(await standing()).toEqual({ ...none, waiting: wanted });
    expect(await dispatch()).toMatchObject({ rejected: 0, open: 0 });
    expect(await standing()).toEqual({ ...none, taken: wanted });
    expect(await lists.push(of)).toMatchObject({ enqueued: 0, unchanged: wanted });
    expect(await lists.submit(of)).toEqual({ lists: wanted, messages: 2 });
    expect(await lists.submit(of)).toEqual({ lists: 0, messages: 0 });
    await lists.count({ ...of, askedAt: '1' });
    expect(await dispatch()).toMatchObject({ rejected: 0, open: 0 });
    expect(await standing()).toEqual({ ...none, submitted: wanted });
    const counted = (await lists.standing(of)).map(({ needed, uploaded }) => [needed, uploaded]);
    expect(counted).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(listDifferences(await lists.standing(of))).toEqual([]);
    expect(sandbox.arrivals('4101A').map(({ outcome }) => outcome)).toEqual(
      cases.map(() => 'accepted'),
    );
    expect((await new JournalService(database.pool).verify({ consortium })).fault).toBeNull();
  });

  it('are refused by the agency with its words, and repeated when told to', async () => {
    await supplemented();
    await sandbox.misbehave([{ infno: '4101A', nth: 1, fault: 'reject' }]);
    await lists.push(of);
    expect(await dispatch()).toMatchObject({ rejected: 1, open: 0 });
    expect(await standing()).toEqual({ ...none, taken: wanted - 1, rejected: 1 });
    expect(await lists.refused(of)).toMatchObject([{ text: '经办机构拒绝受理[clrBO_001]' }]);
    expect(listDifferences(await lists.standing(of)).map(({ kind }) => kind)).toContain('rejected');
    expect(await lists.push(of)).toMatchObject({ enqueued: 0, unchanged: wanted });
    expect(await lists.push({ ...of, again: true })).toMatchObject({ enqueued: 1 });
    expect(await dispatch()).toMatchObject({ rejected: 0, open: 0 });
    expect(await standing()).toEqual({ ...none, taken: wanted });
  });

  it.each(['timeout', 'drop-after', 'garbled'])(
    'are asked again under the same id after %s, and stand once at the agency',
    async (fault) => {
      await supplemented();
      await sandbox.misbehave([{ infno: '4101A', nth: 2, fault }]);
      await lists.push(of);
      expect(await dispatch()).toMatchObject({ rejected: 0, open: 0 });
      expect(await standing()).toEqual({ ...none, taken: wanted });
      const arrivals = sandbox.arrivals('4101A');
      expect(arrivals).toHaveLength(wanted + 1);
      const effects = arrivals.map(({ key, msgid }) => `${key} ${msgid}`);
      expect(new Set(effects).size).toBe(wanted);
      await lists.count({ ...of, askedAt: '1' });
      await dispatch();
      const uploaded = (await lists.standing(of)).map((row) => row.uploaded);
      expect(uploaded).toEqual([2, 1]);
    },
  );

  it('are not submitted anew when the answer was lost: a person settles what the agency calls repeated', async () => {
    await supplemented();
    await lists.push(of);
    await dispatch();
    await sandbox.misbehave([{ infno: '4102', nth: 1, fault: 'drop-after' }]);
    await lists.submit(of);
    expect(await dispatch()).toMatchObject({ rejected: 0, open: 1 });
    expect(await lists.submit(of)).toEqual({ lists: 0, messages: 0 });
    const [unknown] = await agency.messages({ ...of, open: true });
    expect(unknown).toMatchObject({ transactionCode: '4102', state: 'UNKNOWN' });
    const outboxId = unknown?.outboxId ?? '';
    const decision = { outcome: 'accepted', decidedBy: 'clerk', reason: '电话核实' } as const;
    await agency.resolve({ outboxId, ...decision });
    expect(await standing()).toEqual({ ...none, submitted: wanted });
    const ids = sandbox.arrivals('4102').map(({ msgid }) => msgid);
    expect(new Set(ids).size).toBe(2);
  });

  it('go out as a next version when what they say has changed, until submitted', async () => {
    await supplemented();
    await lists.push(of);
    await dispatch();
    const changed = headSheet([claim('2001')]).map((row, index) =>
      index === 0
        ? row
        : { ...row, cells: [...row.cells.slice(0, -1), { kind: 'text', text: 'S9' } as const] },
    );
    const to = { consortium, institution: LEAD, by: 'records', section: 'setlinfo' } as const;
    await supplements.import(to, changed, false);
    expect(await lists.push(of)).toMatchObject({ enqueued: 1, unchanged: wanted - 1 });
    expect(await dispatch()).toMatchObject({ accepted: 1, rejected: 0 });
    const versions = (await agency.messages(of)).filter(({ version }) => version === 2);
    expect(versions).toMatchObject([{ transactionCode: '4101A', state: 'ACCEPTED' }]);
    await lists.submit(of);
    await dispatch();
    await supplements.import(to, headSheet([claim('2001')]), false);
    expect(await lists.push(of)).toMatchObject({ enqueued: 1 });
    expect(await dispatch()).toMatchObject({ rejected: 1 });
    expect(await lists.refused(of)).toMatchObject([{ text: '清单已提交，不得再次上传' }]);
  });

  it('leave out what was refunded wholly, outpatients and paper, and keep what was refunded in part', async () => {
    await insertClaims(database.pool, [
      claim('2901', { refundOf: '2001', totalFee: '-100.00', fundPaid: '-60.00' }),
      claim('2902', { refundOf: '2002', totalFee: '-40.00', fundPaid: '-24.00' }),
      claim('2903', { careType: 'outpatient' }),
      claim('2904', { channel: 'manual' }),
    ]);
    const { faulty } = await lists.check(of);
    expect(faulty.map(({ claimNo }) => claimNo)).toEqual(['2002', '2003']);
  });
});

describe('a supplement file', () => {
  const to = { consortium, institution: LEAD, by: 'records', section: 'setlinfo' } as const;

  it('is taken as a whole or not at all', async () => {
    const wrong = sheet(
      ['setl_id', 'prfs', 'nwb_adm_wt'],
      ['2001', '90', '3000'],
      ['2002', '没有', '12345.678'],
      ['9999', '90', ''],
    );
    await expect(supplements.import(to, wrong, false)).rejects.toThrow(
      '第 3 行：职业不在代码表 prfs 中；第 3 行：新生儿入院体重小数多于 2 位；1 个 setl_id 不是该机构已入库的结算',
    );
    const { rows } = await database.pool.query('SELECT FROM settlement_list_supplement');
    expect(rows).toHaveLength(0);
  });

  it('replaces what the claim had of that section, and a dry run writes nothing', async () => {
    await supplements.import(to, headSheet([claim('2001')]), false);
    const next = sheet(['setl_id', 'ntly'], ['2001', 'CHN']);
    expect(await supplements.import(to, next, true)).toEqual({ rows: 1, claims: 1 });
    const fields = async () =>
      (
        await database.pool.query<{ fields: object }>(
          'SELECT fields FROM settlement_list_supplement',
        )
      ).rows;
    expect(await fields()).toEqual([{ fields: HEAD_SUPPLEMENT }]);
    await supplements.import(to, next, false);
    expect(await fields()).toEqual([{ fields: { ntly: 'CHN' } }]);
  });
});
