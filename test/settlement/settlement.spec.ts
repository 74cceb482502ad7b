import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { monthsOf } from '../../src/kernel/period.js';
import { PolicyGapError } from '../../src/policy/errors.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { ClosedPeriodError, SettlementInputError } from '../../src/settlement/errors.js';
import {
  type SettlementOutcome,
  SettlementService,
} from '../../src/settlement/settlement.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, confirmDeduction, landClaims, makeSite } from './site.js';

/** Settlement on the books: SY-01, SY-02, SY-07, SY-09, SY-14, SY-20. */

const consortium = CONSORTIUM;
let database: TestDatabase;
const sites: Site[] = [];

function serviceOn(without: readonly string[] = []): SettlementService {
  const site = makeSite(without);
  sites.push(site);
  return new SettlementService(
    database.pool,
    site,
    new BookReader(database.pool, site),
    new JournalService(database.pool),
  );
}

function amountOf({ result }: SettlementOutcome, id: string): string | undefined {
  return result.figures.find((figure) => figure.id === `sanya.${id}`)?.amount;
}

beforeAll(async () => {
  database = await createTestDatabase();
  await landClaims(database.pool, [
    { claimNo: 'o1', on: '2024-01-05', pooled: 100_000, critical: 5 },
    { claimNo: 'o2', on: '2024-01-06', institution: 'C', pooled: 20_005 },
    { claimNo: 'o2r', on: '2024-01-07', institution: 'C', pooled: -5, refundOf: 'o2' },
    { claimNo: 'ch', on: '2024-01-31', careType: 'chronic', pooled: 30_000 },
    { claimNo: 'td', on: '2024-01-31', institution: 'T', careType: 'two-disease', pooled: 10_000 },
    { claimNo: 'fp', on: '2024-01-31', careType: 'family-planning', pooled: 40_000 },
    { claimNo: 'manual', on: '2024-01-31', channel: 'manual', pooled: 99_999 },
    { claimNo: 'before', on: '2023-12-31', period: '2024-01', pooled: 77_777 },
    {
      claimNo: 'i1',
      on: '2024-02-01',
      careType: 'inpatient',
      pooled: 500_000,
      total: 600_000,
      diagnosis: 'J18.900',
    },
    {
      claimNo: 'i2',
      on: '2024-02-02',
      institution: 'T',
      careType: 'inpatient',
      pooled: 300_000,
      total: 400_000,
      diagnosis: 'J18.900',
    },
    {
      claimNo: 'i3',
      on: '2024-02-03',
      careType: 'inpatient',
      pooled: 40_000,
      total: 50_000,
      diagnosis: 'Z00.000',
    },
    {
      claimNo: 'i4',
      on: '2024-02-03',
      careType: 'inpatient',
      pooled: 40_000,
      total: 50_000,
      diagnosis: 'J18.900',
    },
    {
      claimNo: 'i4r',
      on: '2024-02-04',
      careType: 'inpatient',
      pooled: -40_000,
      total: -50_000,
      refundOf: 'i4',
    },
    { claimNo: 'e1', on: '2024-02-05', pool: 'employee', pooled: 50_000 },
  ]);
});

afterAll(async () => {
  for (const { siteDir } of sites) rmSync(siteDir, { recursive: true, force: true });
  await database.drop();
});

describe('a month', () => {
  it('books what is in scope and prepays 90 %, split to the fen', async () => {
    const january = await serviceOn().settleMonth({ consortium, month: '2024-01' });
    expect(january.changed).toBe(true);
    expect(amountOf(january, '2024-01.resident.booked')).toBe('1600.05'); // 1000.05 + 200.00 + 300 + 100
    expect(amountOf(january, '2024-01.resident.prepayment')).toBe('1440.05'); // 1440.045 half up
    expect(amountOf(january, '2024-01.resident.member.L.prepayment')).toBe('1170.05');
    expect(amountOf(january, '2024-01.resident.member.T.prepayment')).toBe('270.00');
    expect(amountOf(january, '2024-01.employee.prepayment')).toBe('0.00');
  });

  it('changes nothing when run again, and says so', async () => {
    const again = await serviceOn().settleMonth({ consortium, month: '2024-01' });
    expect(again).toMatchObject({ changed: false, version: 1 });
    const { rows } = await database.pool.query('SELECT count(*) AS runs FROM settlement_run');
    expect(rows).toEqual([{ runs: '1' }]);
  });

  it('writes nothing on a dry run', async () => {
    const dry = await serviceOn().settleMonth({ consortium, month: '2024-02', dryRun: true });
    expect(dry).toMatchObject({ changed: true, runId: null });
    expect(amountOf(dry, '2024-02.resident.booked')).toBe('8400.00');
  });

  it('makes a new version of an open month, and none of a closed one', async () => {
    await serviceOn().settleMonth({ consortium, month: '2024-03' });
    await landClaims(database.pool, [{ claimNo: 'm1', on: '2024-03-01', pooled: 10_000 }]);
    const second = await serviceOn().settleMonth({ consortium, month: '2024-03', close: true });
    expect(second).toMatchObject({ changed: true, version: 2, closed: true });
    await landClaims(database.pool, [{ claimNo: 'm2', on: '2024-03-02', pooled: 10_000 }]);
    await expect(serviceOn().settleMonth({ consortium, month: '2024-03' })).rejects.toThrow(
      ClosedPeriodError,
    );
    await database.pool.query(`UPDATE claim SET period = '2024-04' WHERE claim_no = 'm2'`);
    expect(
      await serviceOn().settleMonth({ consortium, month: '2024-03', close: true }),
    ).toMatchObject({
      changed: false,
      closed: true,
    });
  });

  it('halts on a care type that the scope does not know', async () => {
    await landClaims(database.pool, [
      { claimNo: 'odd', on: '2024-05-01', careType: 'unheard-of', pooled: 1 },
    ]);
    await expect(serviceOn().settleMonth({ consortium, month: '2024-05' })).rejects.toThrow(
      SettlementInputError,
    );
    await database.pool.query(`DELETE FROM claim WHERE claim_no = 'odd'`);
  });
});

describe('a year', () => {
  it('lists every gap before anything else', async () => {
    const bare = serviceOn(['overlays/sample.yaml', 'records.yaml']);
    const halted = bare.settleYear({ consortium, year: '2024' }).catch((error: unknown) => error);
    const error = (await halted) as PolicyGapError;
    expect(error).toBeInstanceOf(PolicyGapError);
    expect(error.gaps.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'dip.rules',
        'overspend.base',
        'overspend.ceiling',
        'overspend.reasonable_test',
        'surplus.retention',
        'assessment.grade',
        'resident.budget.base',
        'employee.budget.growth_rates',
      ]),
    );
  });

  it('halts while the rule package is missing', async () => {
    await expect(
      serviceOn(['dip/sample-dip.yaml']).settleYear({ consortium, year: '2024' }),
    ).rejects.toThrow('sample-dip');
  });

  it('waits for every month', async () => {
    await expect(serviceOn().settleYear({ consortium, year: '2024' })).rejects.toThrow(
      '2024-02、2024-04',
    );
  });

  it('clears the year from the books', async () => {
    const service = serviceOn();
    for (const month of monthsOf('2024')) await service.settleMonth({ consortium, month });
    await confirmDeduction(database.pool, {
      id: 'd1',
      settledBy: 'T',
      month: '2024-02',
      fen: 1_234,
      postedFen: 234,
    });
    await confirmDeduction(database.pool, {
      id: 'd2',
      settledBy: 'L',
      month: '2025-01',
      fen: 9_999,
    });
    const year = await service.settleYear({ consortium, year: '2024' });
    const of = (key: string): string | undefined => amountOf(year, `2024.resident.${key}`);
    expect(of('budget')).toBe('10500.00');
    expect(of('other')).toBe('500.00'); // 400 family planning + 100 from the agency
    // 10500 − outpatient (1000.05 + 200 + 100 + 100) − chronic 300 − two-disease 100 − other 500
    expect(of('dip-pool')).toBe('8199.95');
    expect(of('points')).toBe('1900'); // 1000 × 1 + 1000 × 0.9; refunded and zero-score cases have none
    expect(of('member.T.pool-share')).toBe('3694.71'); // (8199.95 − 400) × 900 ÷ 1900
    expect(of('member.L.pool-share')).toBe('4505.24');
    expect(of('overspend')).toBe('200.05'); // 8400 − 8199.95
    expect(of('overspend-borne')).toBe('100.03'); // good: half of it, 100.025 half up
    expect(of('payable')).toBe('10100.03'); // 1400.05 + 300 + 100 + 8199.95 + 100.03
    expect(of('deposit-withheld')).toBe('51.00'); // 10200.05 × 5 % × 10 %
    expect(of('audit-deductions')).toBe('10.00');
    expect(of('prepaid')).toBe('9180.05');
    expect(of('final')).toBe('858.98');
  });

  it('balances every voucher, members against the group', async () => {
    const { rows } = await database.pool.query(
      `SELECT count(*) FILTER (WHERE total <> 0) AS open, count(*) > 4 AS many
       FROM (SELECT sum(amount_fen) AS total FROM posting GROUP BY run_id, voucher) v`,
    );
    expect(rows).toEqual([{ open: '0', many: true }]);
    await expect(
      database.pool.query(`UPDATE posting SET amount_fen = amount_fen + 1 WHERE account = 'lead'`),
    ).rejects.toThrow('does not sum to zero');
  });

  it('gives the same digests again', async () => {
    const again = await serviceOn().settleYear({ consortium, year: '2024', close: true });
    expect(again).toMatchObject({ changed: false, closed: true });
  });

  it('stands in the journal', async () => {
    const { rows } = await database.pool.query(
      `SELECT kind, subject FROM journal_entry WHERE subject IN ('year:2024', 'month:2024-03') ORDER BY seq`,
    );
    expect(rows).toEqual([
      { kind: 'posting', subject: 'month:2024-03' },
      { kind: 'posting', subject: 'month:2024-03' },
      { kind: 'period', subject: 'month:2024-03' },
      { kind: 'posting', subject: 'year:2024' },
      { kind: 'period', subject: 'year:2024' },
    ]);
  });
});

describe('explain', () => {
  it('goes from the final amount to the raw row', async () => {
    const explained = await serviceOn().explain({
      consortium,
      figureId: 'sanya.2024.resident.final',
      limit: 2,
    });
    expect(explained.figure.formula).toContain('累计预付金额');
    expect(explained.figure.trace.map(({ label }) => label)).toContain('总额预算');
    expect(explained.figure.sample).toBe(true);
    expect(explained.claims?.rows.map(({ claimNo }) => claimNo)).toEqual(['i1', 'i2']);
    expect(explained.claims?.rows[0]).toMatchObject({
      raw: { no: 'i1', pooled: '500000', person: '4602**********1234' },
      dipGroup: 'J18',
      person: '4602**********1234',
    });
  });

  it('adds up to the figure', async () => {
    const explained = await serviceOn().explain({
      consortium,
      figureId: 'sanya.2024.resident.inpatient',
    });
    expect(explained.claims?.booked).toBe(explained.figure.amount);
    expect(explained.claims?.total).toBe(5);
  });

  it('names the deductions taken', async () => {
    const explained = await serviceOn().explain({
      consortium,
      figureId: 'sanya.2024.resident.audit-deductions',
    });
    expect(explained.deductions).toEqual([
      { deductionId: 'd1', institution: 'T', amount: '10.00' },
    ]);
  });
});
