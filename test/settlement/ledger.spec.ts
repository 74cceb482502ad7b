import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { monthsOf } from '../../src/kernel/period.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { readDeductions } from '../../src/settlement/deductions.repository.js';
import { readBalances } from '../../src/settlement/ledger.repository.js';
import {
  type SettlementOutcome,
  SettlementService,
} from '../../src/settlement/settlement.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, confirmDeduction, landClaims, makeSite } from './site.js';

/** The ledger over several runs: receivables carried, reversals, monthly deductions, start and release (SY-14, GY-09, GY-10, GY-19). */

const consortium = CONSORTIUM;
let database: TestDatabase;
const sites: Site[] = [];

function serviceOn(site: Site): SettlementService {
  sites.push(site);
  const { pool } = database;
  return new SettlementService(pool, site, new BookReader(pool, site), new JournalService(pool));
}

function amountOf({ result }: SettlementOutcome, key: string): string | undefined {
  return result.figures.find(({ id }) => id.split('.').slice(1).join('.') === key)?.amount;
}

/** Balances of the resident pool that are not zero, in yuan. */
async function balances(): Promise<Readonly<Record<string, string>>> {
  const rows = await readBalances(database.pool, { consortium });
  const open = rows.filter(({ pool, balance }) => pool === 'resident' && balance !== '0.00');
  return Object.fromEntries(open.map(({ account, balance }) => [account, balance]));
}

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  for (const { siteDir } of sites) rmSync(siteDir, { recursive: true, force: true });
  await database.drop();
});

describe('a receivable (SY-14)', () => {
  let service: SettlementService;

  beforeAll(async () => {
    service = serviceOn(makeSite());
    await landClaims(database.pool, [
      { claimNo: 'r1', on: '2024-01-05', pooled: -10_000, refundOf: 'gone' },
      { claimNo: 'a1', on: '2024-02-05', pooled: 4_000 },
      { claimNo: 'm1', on: '2024-03-05', pooled: 100_000 },
    ]);
  });

  it('waits until the month that owes is closed', async () => {
    const january = await service.settleMonth({ consortium, month: '2024-01' });
    expect(amountOf(january, '2024-01.resident.receivable')).toBe('90.00');
    const february = await service.settleMonth({ consortium, month: '2024-02' });
    expect(amountOf(february, '2024-02.resident.carried-receivable')).toBeUndefined();
  });

  it('is taken off month by month, and what is left goes on', async () => {
    await service.settleMonth({ consortium, month: '2024-01', close: true });
    const february = await service.settleMonth({ consortium, month: '2024-02', close: true });
    const march = await service.settleMonth({ consortium, month: '2024-03' });
    const of = (run: SettlementOutcome, month: string) =>
      ['carried-receivable', 'net-payment', 'receivable'].map((key) =>
        amountOf(run, `${month}.resident.${key}`),
      );
    expect(of(february, '2024-02')).toEqual(['90.00', '-54.00', '54.00']); // 36 prepaid, 90 owed
    expect(of(march, '2024-03')).toEqual(['54.00', '846.00', undefined]);
    expect(await balances()).toEqual({ agency: '-846.00', 'member:L': '846.00' }); // −90 + 36 + 900
  });

  it('is not owed twice by closed months that are settled again', async () => {
    for (const month of ['2024-01', '2024-02', '2024-03'])
      expect((await service.settleMonth({ consortium, month })).changed).toBe(false);
  });

  it('counts at its full amount in the year', async () => {
    for (const month of monthsOf('2024')) await service.settleMonth({ consortium, month });
    const year = await service.settleYear({ consortium, year: '2024' });
    expect(amountOf(year, '2024.resident.prepaid')).toBe('846.00'); // −90 + 36 + 900
  });
});

describe('a reversal', () => {
  let service: SettlementService;

  beforeAll(() => {
    service = serviceOn(makeSite());
  });

  it('waits for what rests on the run', async () => {
    const month = { consortium, kind: 'month', period: '2024-03', reason: '测试' } as const;
    await expect(service.reverse(month)).rejects.toThrow('请先冲回 year 2024');
  });

  it('is a posting of its own, and the old ones stand', async () => {
    const before = await balances();
    const postings = async () =>
      (await database.pool.query('SELECT count(*)::int AS n FROM posting')).rows[0].n as number;
    const count = await postings();
    const year = { consortium, kind: 'year', period: '2024' } as const;
    const reversed = await service.reverse({ ...year, reason: '经办机构退回' });
    expect(reversed).toMatchObject({ version: 2, reversed: 1 });
    expect(await postings()).toBeGreaterThan(count);
    expect(await balances()).toEqual({ agency: '-846.00', 'member:L': '846.00' });
    await expect(service.reverse({ ...year, reason: '再次' })).rejects.toThrow('没有可以冲回');
    const again = await service.settle(year);
    expect(again).toMatchObject({ version: 3, changed: true });
    expect(await balances()).toEqual(before);
  });

  it('takes back an open run that a new version replaces', async () => {
    await landClaims(database.pool, [{ claimNo: 'm2', on: '2024-03-06', pooled: 10_000 }]);
    await service.settleMonth({ consortium, month: '2024-03' });
    const { rows } = await database.pool.query(
      `SELECT r.version, sum(p.amount_fen)::int AS fen FROM posting p JOIN settlement_run r USING (run_id)
       WHERE r.kind = 'month' AND r.period = '2024-03' AND p.account = 'lead' AND p.voucher LIKE '%prepayment'
         AND p.pool = 'resident' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { version: 1, fen: 90_000 },
      { version: 2, fen: 9_000 }, // 990.00 anew, 900.00 taken back
    ]);
  });
});

describe('Ganyu: start, month, release (GY-09, GY-10, GY-19)', () => {
  let service: SettlementService;
  let site: Site;
  const root = join(import.meta.dirname, '../..');

  beforeAll(async () => {
    const filed = (filing: string, institution: string, value: string, period = '2025') =>
      `  - { filing: ${filing}, period: ${period}, pool: POOL, institution: ${institution}, value: "${value}", clause: sample-2025-2 §1 }\n`;
    const filings = ['resident', 'employee']
      .map((pool) =>
        (
          filed('prefund.settled', 'L', '1100.00') +
          filed('prefund.settled', 'T', '110.00') +
          filed('release.ratio', 'L', '1', '2025-03') +
          filed('release.ratio', 'T', '0.5', '2025-03')
        ).replaceAll('POOL', pool),
      )
      .join('');
    site = makeSite(['overlays/sample.yaml'], {
      'consortium.yaml': `
consortium: ${CONSORTIUM}
name: 测试县
region: ganyu
leadHospital: L
certificateKey: 0123456789abcdef
members:
  - { institution: L, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: T, name: 镇卫生院, kind: township-centre, level: primary }
`,
      'records.yaml': `
consortium: ${CONSORTIUM}
region: ganyu
documents: { sample-2025-2: { number: 样例, title: 样例, issued: 2025-01-10 } }
filings:
${filings}`,
      'overlays/ganyu.yaml': readFileSync(
        join(root, 'config/demo/regions/ganyu/overlays/ganyu-sample.yaml'),
        'utf8',
      ),
    });
    service = serviceOn(site);
    await landClaims(database.pool, [
      { claimNo: 'g1', on: '2025-03-05', pooled: 100_000 },
      { claimNo: 'g2', on: '2025-03-06', institution: 'T', pooled: 20_000 },
      { claimNo: 'g3', on: '2025-04-06', institution: 'T', pooled: 20_000 },
    ]);
    await confirmDeduction(database.pool, {
      id: 'g',
      settledBy: 'T',
      month: '2025-03',
      fen: 5_000,
    });
  });

  it('prepays the year, of a period of its own', async () => {
    const start = await service.settle({ consortium, kind: 'start', period: '2025', close: true });
    expect(amountOf(start, '2025-start.resident.prepayment')).toBe('110.00'); // 1210 ÷ 11
    expect(amountOf(start, '2025-start.resident.member.T.prepayment')).toBe('10.00');
  });

  it('deducts in the month, passes on 90 % and holds the rest', async () => {
    const before = await balances();
    const march = await service.settleMonth({ consortium, month: '2025-03' });
    const of = (key: string) => amountOf(march, `2025-03.resident.${key}`);
    expect(of('audit-deductions')).toBe('50.00');
    expect(of('settlement')).toBe('1150.00');
    expect([of('member.T.passed-on'), of('member.T.held')]).toEqual(['135.00', '15.00']);
    const after = await balances();
    expect(Number(after['reserve:holdback'])).toBe(115);
    expect(Number(after['agency']) - Number(before['agency'])).toBe(-1150);
  });

  it('refuses a release before its month', async () => {
    await expect(
      service.settle({ consortium, kind: 'release', period: '2025-04' }),
    ).rejects.toThrow();
  });

  it('releases by the month’s result, and keeps the cut apart', async () => {
    await service.settleMonth({ consortium, month: '2025-03', close: true });
    const release = await service.settle({ consortium, kind: 'release', period: '2025-03' });
    const of = (key: string) => amountOf(release, `2025-03-release.resident.${key}`);
    expect([of('member.L.released'), of('member.T.released'), of('released-cut')]).toEqual([
      '100.00',
      '7.50',
      '7.50',
    ]);
    const after = await balances();
    expect([after['reserve:holdback'], after['reserve:assessment-cut']]).toEqual([
      undefined,
      '7.50',
    ]);
    const again = await service.settle({ consortium, kind: 'release', period: '2025-03' });
    expect(again.changed).toBe(false);
  });

  it('takes a deduction once: what came too late for its month falls to the next, the year takes the rest', async () => {
    const left = (kind: 'month' | 'year', period: string) =>
      readDeductions(database.pool as never, { consortium, kind, period }, null);
    expect(await left('year', '2025')).toEqual([]);
    await confirmDeduction(database.pool, {
      ...{ id: 'late', settledBy: 'T', month: '2025-03', fen: 700, postedFen: 200 },
    });
    expect((await service.settleMonth({ consortium, month: '2025-03' })).changed).toBe(false);
    const april = await service.settleMonth({ consortium, month: '2025-04' });
    expect(amountOf(april, '2025-04.resident.audit-deductions')).toBe('5.00');
    const again = await service.settleMonth({ consortium, month: '2025-04' });
    expect(again.changed).toBe(false); // its own posting does not stand in its way
    expect(await left('year', '2025')).toEqual([]);
    await confirmDeduction(database.pool, { id: 'dec', settledBy: 'T', month: '2025-12', fen: 9 });
    expect((await left('year', '2025')).map(({ amount }) => amount)).toEqual([9n]);
  });

  it('frees a deduction when its run is taken back', async () => {
    await service.reverse({ consortium, kind: 'month', period: '2025-04', reason: '测试' });
    const { rows } = await database.pool.query(
      `SELECT posted_monthly_fen FROM deduction WHERE deduction_id = 'late'`,
    );
    expect(rows).toEqual([{ posted_monthly_fen: '200' }]);
  });

  it('wants the start and every month before the year', async () => {
    const books = new BookReader(database.pool, site);
    const year = { consortium, kind: 'year', period: '2025' } as const;
    const { unsettled } = await withTransaction(database.pool, (client) =>
      books.read(client, year, { runId: null, before: null }),
    );
    expect(unsettled.slice(0, 3)).toEqual(['month 2025-01', 'month 2025-02', 'month 2025-04']);
    const next = await withTransaction(database.pool, (client) =>
      books.read(client, { ...year, period: '2026' }, { runId: null, before: null }),
    );
    expect(next.unsettled[0]).toBe('start 2026');
  });
});
