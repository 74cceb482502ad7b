import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadlineService } from '../../src/calendar/deadline.service.js';
import type { Site } from '../../src/config/site.js';
import { CONSORTIUM, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Terms against the books: declarations that the agency accepted, years that were closed. */

const consortium = CONSORTIUM;
const RECORDS = `
consortium: ${CONSORTIUM}
region: hunan
documents: { sample-2025-1: { number: 样例, title: 演示用（非真实政策）, issued: 2025-01-01 } }
filings:
  - { filing: paid.month, period: 2025-03, value: 2025-05-20, clause: sample-2025-1 §1 }
`;
const MEMBERS = `
consortium: ${CONSORTIUM}
name: 测试县
region: hunan
leadHospital: L
certificateKey: 0123456789abcdef
members:
  - { institution: L, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: T, name: 镇卫生院, kind: township-centre, level: primary }
`;

let database: TestDatabase;
let sanya: Site;
let hunan: Site;
let ganyu: Site;

beforeAll(async () => {
  database = await createTestDatabase();
  sanya = makeSite();
  hunan = makeSite(['overlays/sample.yaml'], {
    'records.yaml': RECORDS,
    'consortium.yaml': MEMBERS,
  });
  ganyu = makeSite(['overlays/sample.yaml'], {
    'records.yaml': RECORDS.replaceAll('hunan', 'ganyu').replace(
      'paid.month, period: 2025-03, value: 2025-05-20',
      'assessed.month, period: 2025-01, value: 2025-02-10',
    ),
    'consortium.yaml': MEMBERS.replace('hunan', 'ganyu'),
  });
});

afterAll(async () => {
  for (const { siteDir } of [sanya, hunan, ganyu])
    rmSync(siteDir, { recursive: true, force: true });
  await database.drop();
});

interface Declared {
  readonly institution: string;
  readonly key: string;
  readonly version?: number;
  readonly outcome: 'accepted' | 'rejected';
  readonly at: string;
}

async function declare({ institution, key, version = 1, outcome, at }: Declared): Promise<void> {
  await database.pool.query(
    `WITH sent AS (
       INSERT INTO outbox_message (consortium, business_key, version, transaction_code, institution, month, content_digest, content,
         state, outcome, message_id, finished_at)
       VALUES ($1, $3, $4, '3201', $2, '2025-03', 'd', '{}', $5, $6, $7, $8::timestamptz) RETURNING outbox_id)
     INSERT INTO agency_declaration (outbox_id, consortium, institution, month, pool, clearing_type, claims, total_fee_fen,
       fund_paid_fen, account_paid_fen) SELECT outbox_id, $1, $2, '2025-03', 'resident', $3, 1, 1, 1, 0 FROM sent`,
    [
      ...[consortium, institution, key, version, outcome.toUpperCase(), outcome],
      ...[`${key}-${version}`, at],
    ],
  );
}

const month = async (on: string) => {
  const all = await new DeadlineService(database.pool, hunan).list({
    consortium,
    on,
    year: '2025',
  });
  return all.filter(({ period }) => period === '2025-03');
};

describe('a month’s payment in Hunan (HN-06)', () => {
  it('waits for the members whose declarations the agency has not all accepted', async () => {
    await declare({ institution: 'L', key: 'L-1', outcome: 'accepted', at: '2025-04-02T02:00Z' });
    await declare({ institution: 'T', key: 'T-1', outcome: 'accepted', at: '2025-04-03T02:00Z' });
    await declare({ institution: 'T', key: 'T-2', outcome: 'rejected', at: '2025-04-03T02:00Z' });
    expect(await month('2025-04-30')).toContainEqual(
      expect.objectContaining({ state: 'waiting', note: '等待镇卫生院完成申报' }),
    );
  });

  it('counts the last version, on the day it was where the consortium is', async () => {
    const again = { institution: 'T', key: 'T-2', version: 2, outcome: 'accepted' } as const;
    await declare({ ...again, at: '2025-04-07T16:30Z' }); // half past midnight of the 8th
    const [payment, passOn] = await month('2025-06-30');
    expect(payment).toMatchObject({
      ...{ duty: 'month-payment', startedOn: '2025-04-08', startedBy: '最后完成申报：镇卫生院' },
      ...{ due: '2025-05-22', doneOn: '2025-05-20', state: 'met' },
    });
    expect(passOn).toMatchObject({ duty: 'month-pass-on', due: '2025-06-04', state: 'breached' });
  });
});

describe('annual clearing in Sanya (SY-09)', () => {
  it('is done when the year’s run was closed', async () => {
    const service = new DeadlineService(database.pool, sanya);
    const on = '2025-07-02';
    const [before] = await service.list({ consortium, on });
    expect(before).toMatchObject({ period: '2024', state: 'breached', workingDays: 2 });
    await database.pool.query(
      `INSERT INTO settlement_run (consortium, kind, period, version, region, inputs_digest, policy_digest, knowledge_digest,
         result_digest, facts, policy, started_at, closed_at)
       VALUES ($1, 'year', '2024', 1, 'sanya', '', '', '', '', '{}', '{}', now(), '2025-06-30T10:00Z')`,
      [consortium],
    );
    const [after] = await service.list({ consortium, on });
    expect(after).toMatchObject({ state: 'met', doneOn: '2025-06-30' });
  });

  it('leaves out years before the text came into force', async () => {
    const service = new DeadlineService(database.pool, sanya);
    const periods = (await service.list({ consortium, on: '2024-07-02' })).map(
      (each) => each.period,
    );
    expect(periods).toEqual(['2024']);
  });
});

describe('what is to be settled by the books (GY-09, GY-10)', () => {
  const settle = (kind: string, period: string, closedAt: string | null) =>
    database.pool.query(
      `INSERT INTO settlement_run (consortium, kind, period, version, region, inputs_digest, policy_digest, knowledge_digest,
         result_digest, facts, policy, started_at, closed_at)
       VALUES ($1, $2, $3, 1, 'ganyu', '', '', '', '', '{}', '{}', now(), $4)`,
      [consortium, kind, period, closedAt],
    );
  const due = async (on: string) => {
    const runs = await new DeadlineService(database.pool, ganyu).dueRuns({ consortium, on });
    return runs.map(({ command, state, since, note }) => ({ command, state, since, note }));
  };

  it('is the start of the year, then each closed month’s release once it is assessed', async () => {
    const start = { command: 'npx heyi run start 2025', state: 'due', note: null };
    expect(await due('2025-01-05')).toEqual([{ ...start, since: '2025-01-01' }]);
    await settle('month', '2025-01', '2025-02-02T16:30Z'); // half past midnight of the 3rd
    await settle('month', '2025-02', null);
    await settle('start', '2025', '2025-01-20T02:00Z');
    const release = { command: 'npx heyi run release 2025-01' };
    expect(await due('2025-02-09')).toEqual([
      { ...release, state: 'waiting', since: null, note: expect.stringContaining('2025-02-10') },
    ]);
    expect(await due('2025-02-10')).toEqual([
      { ...release, state: 'due', since: '2025-02-10', note: null },
    ]);
    await settle('release', '2025-01', '2025-02-11T02:00Z');
    expect(await due('2025-02-12')).toEqual([]);
  });

  it('is nothing where the text has no such settlement', async () => {
    const service = new DeadlineService(database.pool, sanya);
    expect(await service.dueRuns({ consortium, on: '2024-03-01' })).toEqual([]);
  });
});
