import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { fen, subtract, sum, yuan, ZERO_FEN } from '../../src/kernel/money.js';
import { monthsOf } from '../../src/kernel/period.js';
import { PolicyGapError } from '../../src/policy/errors.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { ComparisonService, type RunComparison } from '../../src/settlement/comparison.service.js';
import { CAUSES, type Cause } from '../../src/settlement/run-diff.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import type { PartyDifference } from '../../src/settlement/what-if.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, confirmDeduction, landClaims, makeSite } from './site.js';

/** Runs compared: every fen of a change has a cause; what another policy would have given, with the books untouched. */

const consortium = CONSORTIUM;
const YEAR = { consortium, kind: 'year', period: '2024' } as const;
let database: TestDatabase;
let site: Site;
let service: SettlementService;
let comparison: ComparisonService;

beforeAll(async () => {
  database = await createTestDatabase();
  site = makeSite();
  const { pool } = database;
  const books = new BookReader(pool, site);
  service = new SettlementService(pool, site, books, new JournalService(pool));
  comparison = new ComparisonService(pool, site, books);
  await landClaims(pool, [
    { claimNo: 'o1', on: '2024-01-05', pooled: 100_000 },
    { claimNo: 'o2', on: '2024-01-06', institution: 'T', pooled: 20_005 },
    inpatient('i1', 'L', 500_000),
    inpatient('i2', 'T', 300_000),
  ]);
  for (const month of monthsOf('2024')) await service.settleMonth({ consortium, month });
  await service.settle(YEAR);
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

function inpatient(claimNo: string, institution: 'L' | 'T', pooled: number) {
  const diagnosis = { careType: 'inpatient', total: 600_000, diagnosis: 'J18.900' } as const;
  return { claimNo, on: '2024-02-01', institution, pooled, ...diagnosis };
}

function edit(name: string, from: string, to: string): void {
  writeFileSync(join(site.siteDir, name), (originals[name] ?? '').replace(from, to));
}

/** Site files as they first were. */
const originals: Record<string, string> = {};

/** The causes of a figure's change that are not zero, and the proof that they add up to it. */
function causesOf({ changes }: RunComparison, key: string): Partial<Record<Cause, string>> {
  const found = changes.find((change) => change.key === key);
  if (found === undefined || found.causes === null) return {};
  const { causes } = found;
  const total = sum(CAUSES.map((cause) => yuan(causes[cause])));
  expect(total).toBe(subtract(yuan(found.after ?? '0'), yuan(found.before ?? '0')));
  return Object.fromEntries(
    CAUSES.flatMap((cause) => (causes[cause] === '0.00' ? [] : [[cause, causes[cause]]])),
  );
}

const versions = (first: number, second: number) =>
  comparison.diff(consortium, [`2024@${first}`, `2024@${second}`]);

describe('two runs of a year', () => {
  beforeAll(() => {
    for (const name of ['records.yaml', 'overlays/sample.yaml', 'dip/sample-dip.yaml'])
      originals[name] = readFileSync(join(site.siteDir, name), 'utf8');
  });

  it('differ by late data', async () => {
    await landClaims(database.pool, [{ claimNo: 'late', on: '2024-01-07', pooled: 10_000 }]);
    await service.settleMonth({ consortium, month: '2024-01' });
    await service.settle(YEAR);
    const found = await versions(1, 2);
    expect(causesOf(found, 'resident.outpatient')).toEqual({ 'late-data': '100.00' });
    expect(causesOf(found, 'resident.prepaid')).toEqual({ 'late-data': '90.00' });
    expect(causesOf(found, 'resident.budget')).toEqual({});
    expect(Object.keys(causesOf(found, 'resident.final'))).toEqual(['late-data']);
  });

  it('differ by what people decided', async () => {
    await confirmDeduction(database.pool, {
      id: 'd',
      settledBy: 'T',
      month: '2024-02',
      fen: 1_234,
    });
    edit('records.yaml', 'grade: good', 'grade: excellent');
    await service.settle(YEAR);
    const found = await versions(2, 3);
    expect(causesOf(found, 'resident.audit-deductions')).toEqual({ decision: '12.34' });
    expect(Object.keys(causesOf(found, 'resident.final'))).toEqual(['decision']);
  });

  it('differ by a parameter', async () => {
    edit('overlays/sample.yaml', 'good: 1, pass', 'good: 0.5, pass');
    edit('records.yaml', 'grade: good', 'grade: good'); // back to good
    await service.settle(YEAR);
    const found = await versions(3, 4);
    const causes = causesOf(found, 'resident.surplus-retained');
    expect(Object.keys(causes)).toEqual(['parameter']);
    expect(Object.keys(causesOf(found, 'resident.final'))).toEqual(['decision', 'parameter']);
  });

  it('differ by the rules', async () => {
    edit('dip/sample-dip.yaml', 'primary: 0.9', 'primary: 0.8');
    await service.settle(YEAR);
    const found = await versions(4, 5);
    expect(found.changes.find(({ key }) => key === 'resident.points')?.causes).toBeNull();
    for (const { key } of found.changes)
      expect(Object.keys(causesOf(found, key)).filter((cause) => cause !== 'rule')).toEqual([]);
    expect(causesOf(found, 'resident.member.T.pool-share')['rule']).toBeDefined();
  });

  it('add up over several causes at once', async () => {
    const found = await versions(1, 5);
    expect(found.changes.length).toBeGreaterThan(10);
    for (const { key } of found.changes) causesOf(found, key);
  });

  it('must be of one period', async () => {
    await expect(comparison.diff(consortium, ['2024', '2024-01'])).rejects.toThrow('同一期间');
    await expect(comparison.diff(consortium, ['2024', '2024@99'])).rejects.toThrow('没有这次结算');
    await expect(comparison.diff(consortium, ['2024', 'x'])).rejects.toThrow('不认识的结算');
  });
});

describe('what if', () => {
  const ask = (set: Readonly<Record<string, string | Record<string, string>>>) =>
    comparison.whatIf({
      ...{ consortium, run: '2024', overlays: [] },
      settings: Object.entries(set).map(([parameter, value]) => ({ parameter, value })),
    });
  const of = (differences: readonly PartyDifference[], account: string) =>
    differences.find((each) => each.pool === 'resident' && each.account === account);

  it('the deposit had been 10 %', async () => {
    const found = await ask({ 'deposit.rate': '0.10' });
    expect(found.facts).toBe('stored');
    const before = await comparison.whatIf({ consortium, run: '2024', overlays: [], settings: [] });
    expect(before.differences.every(({ difference }) => difference === '0.00')).toBe(true);
    const agency = yuan(of(found.differences, 'agency')?.difference ?? '');
    const members = found.differences
      .filter(({ pool, account }) => pool === 'resident' && account.startsWith('member:'))
      .map(({ difference }) => yuan(difference));
    expect(agency < 0n).toBe(true);
    expect(sum(members)).toBe(agency);
  });

  it('a reading or one grade of several had been another', async () => {
    const literal = await ask({ 'deposit.forfeit': 'excellent-all' });
    expect(literal.result.figures.some(({ sample }) => sample === true)).toBe(true);
    const shared = await ask({ 'deposit.forfeit': { good: '0' } });
    const withheld = shared.result.figures.find(({ id }) => id.endsWith('deposit-withheld'));
    expect(withheld?.amount).toBe('0.00');
  });

  it('other claims had been in scope: the books are read anew', async () => {
    const found = await ask({ 'scope.dual_channel': 'outpatient' });
    expect(found.facts).toBe('books');
    const again = await ask({ 'scope.dual_channel': 'excluded' });
    expect(again.facts).toBe('stored');
  });

  it('refuses what the region does not know, and lists what another region leaves open', async () => {
    await expect(ask({ 'no.such': '1' })).rejects.toThrow('没有参数 no.such');
    await expect(ask({ 'deposit.rate': '5' })).rejects.toThrow('0 到 1');
    const hunan = { consortium, run: '2024', region: 'hunan', settings: [], overlays: [] };
    await expect(comparison.whatIf(hunan)).rejects.toThrow(PolicyGapError);
  });

  it('writes nothing', async () => {
    const count = async () =>
      (
        await database.pool.query(
          'SELECT (SELECT count(*) FROM settlement_run) AS runs, (SELECT sum(abs(amount_fen)) FROM posting) AS fen',
        )
      ).rows[0];
    const before = await count();
    await ask({ 'deposit.rate': '0.20', 'scope.dual_channel': 'outpatient' });
    expect(await count()).toEqual(before);
    expect(before.fen).not.toBe(String(fen(ZERO_FEN)));
  });
});
