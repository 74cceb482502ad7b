import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHistories } from '../../src/audit/claim-history.repository.js';
import { personHistory } from '../../src/audit/netting.js';
import { NOTHING_REGISTERED } from '../../src/audit/registers.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import type { IngestService } from '../../src/ingest/ingest.service.js';
import {
  type BookedCase,
  casesOfBooks,
  readCases,
} from '../../src/settlement/dip-cases.repository.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';
import { HOSPITAL, SiteFolder } from './site-folder.js';
import { addClaim, closeMonth, HIS_TABLES, removeClaim, smallHisYaml } from './small-his.js';

const JANUARY = { from: '2024-01-01', to: '2024-02-01' };
const signal = new AbortController().signal;

describe('a change at the source after its month was closed', () => {
  let own: TestDatabase;
  let his: TestDatabase;
  let ingest: IngestService;
  let folder: SiteFolder;

  beforeEach(async () => {
    folder = new SiteFolder();
    [own, his] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
    await his.pool.query(HIS_TABLES);
    folder.institution('hospital', smallHisYaml(his.url));
    ingest = folder.ingest(own.pool);
    await addClaim(his.pool, { no: 'A', at: '2024-01-05 08:00', total: '100.00', fund: '80.00' });
    await addClaim(his.pool, { no: 'B', at: '2024-01-06 08:00', total: '50.00', fund: '40.00' });
    await pull();
    await closeMonth(own.pool, '2024-01');
  });
  afterEach(async () => {
    await own.drop();
    await his.drop();
    folder.remove();
  });

  const pull = () => ingest.pull({ institution: HOSPITAL, window: JANUARY }, signal);
  const rows = async <T>(sql: string): Promise<T[]> => (await own.pool.query(sql)).rows as T[];
  const books = () =>
    rows<Record<string, string>>(
      `SELECT claim_no AS no, period, adjusts, reverses, refund_of AS refund, total_fee_fen AS fen, pooled_fund_paid_fen AS fund
       FROM claim ORDER BY claim_no`,
    );
  const periods = async () =>
    Object.fromEntries(
      (
        await rows<{ period: string; fen: string }>(
          'SELECT period, sum(total_fee_fen) AS fen FROM claim GROUP BY period ORDER BY period',
        )
      ).map(({ period, fen }) => [period, fen]),
    );
  const adjustments = () =>
    rows(`SELECT claim_no AS no, adjustment AS n, reason, former_period AS former, period, total_fee_fen AS fen,
      pooled_fund_paid_fen AS fund FROM claim_adjustment ORDER BY claim_no, adjustment`);
  const frozen = () =>
    rows(`SELECT to_jsonb(c) AS row FROM claim c WHERE period = '2024-01' UNION ALL
      SELECT to_jsonb(l) FROM claim_line l WHERE claim_no IN ('A', 'B') ORDER BY 1`);
  const set = (sql: string) => his.pool.query(sql);

  it('takes back what was booked and books it anew in the next open month', async () => {
    const before = await frozen();
    await set(`UPDATE settlement SET total = 90, fund = 75 WHERE no = 'A';
               UPDATE item SET amount = 90 WHERE no = 'A'`);
    const { state, batches } = await pull();
    expect(state).toBe('complete');
    expect(batches.map(({ landedRows, changedRows }) => [landedRows, changedRows])).toEqual([
      [2, 1],
      [2, 1],
      [2, 0],
    ]);
    expect(await books()).toMatchObject([
      { no: 'A', period: '2024-01', fen: '10000', fund: '8000' },
      { no: 'A~001', period: '2024-02', adjusts: 'A', refund: null, fen: '9000', fund: '7500' },
      { no: 'A~001-', period: '2024-02', reverses: 'A', refund: 'A', fen: '-10000', fund: '-8000' },
      { no: 'B', period: '2024-01' },
    ]);
    expect(await adjustments()).toEqual([
      {
        no: 'A',
        n: 1,
        reason: 'changed',
        former: '2024-01',
        period: '2024-02',
        fen: '-1000',
        fund: '-500',
      },
    ]);
    expect(await frozen()).toEqual(before);
    expect(
      await rows(
        `SELECT claim_no AS no, line_amount_fen AS fen FROM claim_line WHERE claim_no LIKE 'A%' ORDER BY 1`,
      ),
    ).toEqual([
      { no: 'A', fen: '10000' },
      { no: 'A~001', fen: '9000' },
      { no: 'A~001-', fen: '-10000' },
    ]);
    expect(
      await rows(
        `SELECT source_claim_no AS no, total_fee_fen AS fen FROM claim_standing ORDER BY 1`,
      ),
    ).toEqual([
      { no: 'A', fen: '9000' },
      { no: 'B', fen: '5000' },
    ]);
  });

  it('gives one adjustment however often it is pulled, and another when it changes again', async () => {
    const change = (total: number) =>
      set(`UPDATE settlement SET total = ${total}, fund = ${total} WHERE no = 'A'`);
    await change(90);
    await pull();
    const once = await books();
    await folder.ingest(own.pool).pull({ institution: HOSPITAL, window: JANUARY }, signal);
    await set(`UPDATE settlement SET total = 51 WHERE no = 'B'`);
    await pull();
    expect((await books()).slice(0, 3)).toEqual(once.slice(0, 3));
    await change(70);
    await pull();
    expect(await adjustments()).toMatchObject([
      { no: 'A', n: 1, fen: '-1000' },
      { no: 'A', n: 2, fen: '-2000' },
      { no: 'B', n: 1, fen: '100' },
    ]);
    expect(await periods()).toEqual({ '2024-01': '15000', '2024-02': '-2900' });
  });

  it('adjusts the adjustment once its own month is closed as well', async () => {
    await set(`UPDATE settlement SET total = 90, fund = 90 WHERE no = 'A'`);
    await pull();
    await closeMonth(own.pool, '2024-02');
    await set(
      `UPDATE settlement SET total = 95, fund = 95 WHERE no = 'A'; UPDATE item SET code = 'I2' WHERE no = 'A'`,
    );
    await pull();
    expect(await periods()).toEqual({ '2024-01': '15000', '2024-02': '-1000', '2024-03': '500' });
    expect((await books()).map(({ no, period, refund }) => [no, period, refund])).toEqual([
      ['A', '2024-01', null],
      ['A~001', '2024-02', null],
      ['A~001-', '2024-02', 'A'],
      ['A~002', '2024-03', null],
      ['A~002-', '2024-03', 'A~001'],
      ['B', '2024-01', null],
    ]);
    expect(
      await rows(`SELECT institution_item_code AS code FROM claim_line WHERE claim_no = 'A~002'`),
    ).toEqual([{ code: 'I2' }]);
    expect(
      await rows(`SELECT institution_item_code AS code FROM claim_line WHERE claim_no = 'A~001'`),
    ).toEqual([{ code: 'I1' }]);
  });

  it('books a claim anew when only what hangs on it changed', async () => {
    const before = await frozen();
    await set(`UPDATE diagnosis SET code = 'J18.9' WHERE no = 'B'`);
    await pull();
    expect(await adjustments()).toEqual([
      {
        no: 'B',
        n: 1,
        reason: 'changed',
        former: '2024-01',
        period: '2024-02',
        fen: '0',
        fund: '0',
      },
    ]);
    expect(
      await rows(
        `SELECT claim_no AS no, code FROM claim_diagnosis WHERE claim_no LIKE 'B%' ORDER BY 1`,
      ),
    ).toEqual([
      { no: 'B', code: 'J06.9' },
      { no: 'B~001', code: 'J18.9' },
    ]);
    expect(await frozen()).toEqual(before);
    expect(await periods()).toEqual({ '2024-01': '15000', '2024-02': '0' });
  });

  it('takes back a claim that the source deleted, and books it again when it returns', async () => {
    await removeClaim(his.pool, 'B');
    await pull();
    expect(await adjustments()).toMatchObject([
      { no: 'B', n: 1, reason: 'deleted', fen: '-5000', fund: '-4000' },
    ]);
    expect(await rows('SELECT source_claim_no AS no FROM claim_standing')).toEqual([{ no: 'A' }]);
    await pull();
    expect(await adjustments()).toHaveLength(1);
    await addClaim(his.pool, { no: 'B', at: '2024-01-06 08:00', total: '50.00', fund: '40.00' });
    await pull();
    expect(await adjustments()).toMatchObject([{ n: 1 }, { n: 2, reason: 'late', fen: '5000' }]);
    expect(await periods()).toEqual({ '2024-01': '15000', '2024-02': '0' });
    expect(
      await rows(`SELECT count(*)::int AS lines FROM claim_line WHERE claim_no = 'B~002'`),
    ).toEqual([{ lines: 1 }]);
  });

  it('moves the difference between pools', async () => {
    await set(`UPDATE settlement SET pool = 'employee' WHERE no = 'A'`);
    await pull();
    expect(
      await rows(
        `SELECT pool, sum(total_fee_fen)::int AS fen FROM claim WHERE period = '2024-02' GROUP BY pool ORDER BY pool`,
      ),
    ).toEqual([
      { pool: 'employee', fen: 10000 },
      { pool: 'resident', fen: -10000 },
    ]);
  });

  it('is one case of the year, net and under the diagnosis that stands', async () => {
    await set(`UPDATE settlement SET care = 'inpatient' WHERE no = 'A'`);
    await pull();
    await closeMonth(own.pool, '2024-02');
    await set(
      `UPDATE settlement SET total = 90, fund = 70 WHERE no = 'A'; UPDATE diagnosis SET code = 'J18.9' WHERE no = 'A'`,
    );
    await pull();
    const stay = { treatmentArea: 'local', channel: 'direct', cause: 'ordinary' } as const;
    const scope = {
      eras: ['2024-01-01'],
      rows: (['inpatient', 'outpatient'] as const).map((careType) => ({
        ...{ ...stay, era: 1, careType },
        bucket: careType,
      })),
    };
    const question = {
      ...{ consortium: 'test-county', scope, funds: ['pooled'] },
      months: ['2024-01', '2024-02', '2024-03'],
    };
    const cases = await withTransaction(own.pool, async (client) => {
      const all: BookedCase[] = [];
      for await (const some of readCases(client, casesOfBooks(question))) all.push(...some);
      return all;
    });
    expect(cases).toMatchObject([{ cost: 9000n, booked: 7000n, principalDiagnosis: 'J18.9' }]);
  });

  it('is audited as it stands, once: what was taken back does not appear', async () => {
    await set(
      `UPDATE settlement SET total = 90, fund = 70 WHERE no = 'A'; UPDATE item SET amount = 90 WHERE no = 'A'`,
    );
    await removeClaim(his.pool, 'B');
    await pull();
    const seen = async (months: readonly string[]) => {
      const claims: string[] = [];
      await withTransaction(own.pool, async (client) => {
        const request = {
          consortium: 'test-county',
          months,
          lookbackDays: 365,
          whose: { bucket: 0, buckets: 1 },
        };
        for await (const history of readHistories(client, request, signal)) {
          for (const claim of personHistory(history[0]?.personId ?? '', history, NOTHING_REGISTERED)
            .claims)
            claims.push(`${claim.claimNo} ${claim.totalFeeFen} ${claim.lines.length}`);
        }
      });
      return claims.sort();
    };
    expect(await seen(['2024-02'])).toEqual(['A~001 9000 1']);
    expect(await seen(['2024-01'])).toEqual(['A 10000 1', 'B 5000 1']);
  });

  it('leaves frozen months as they are and the rest equal to the source, whatever happens', async () => {
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        no: fc.constantFrom('A', 'B', 'C'),
        yuan: fc.integer({ min: 1, max: 99 }),
      }),
      fc.record({
        kind: fc.constant('code' as const),
        no: fc.constantFrom('A', 'B'),
        yuan: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ kind: fc.constantFrom('drop' as const), no: fc.constantFrom('A', 'B', 'C') }),
      fc.record({ kind: fc.constantFrom('pull' as const, 'pull' as const, 'close' as const) }),
    );
    let closed = 1;
    const close = () => {
      closed += 1;
      return closeMonth(own.pool, `2024-${String(closed).padStart(2, '0')}`);
    };
    const replace = async (no: string, yuan: number) => {
      await removeClaim(his.pool, no);
      await addClaim(his.pool, { no, at: '2024-01-05 08:00', total: `${yuan}.00` });
    };
    const ways: Readonly<Record<string, (no: string, yuan: number) => Promise<unknown>>> = {
      ...{ pull, close, set: replace },
      drop: (no) => removeClaim(his.pool, no),
      code: (no, yuan) =>
        his.pool.query('UPDATE item SET code = $2 WHERE no = $1', [no, `I${yuan}`]),
    };
    const apply = ({ kind, no = '', yuan = 0 }: { kind: string; no?: string; yuan?: number }) =>
      ways[kind]?.(no, yuan);
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 7 }), async (acts) => {
        if (closed > 8) return;
        const months = `2024-${String(closed).padStart(2, '0')}`;
        const before = await rows(
          `SELECT to_jsonb(c) AS row FROM claim c WHERE period <= '${months}' ORDER BY 1`,
        );
        for (const each of acts) await apply(each);
        await pull();
        expect(
          await rows(
            `SELECT to_jsonb(c) AS row FROM claim c WHERE period <= '${months}' ORDER BY 1`,
          ),
        ).toEqual(before);
        const { rows: truth } = await his.pool.query(
          'SELECT no, (total * 100)::bigint::text AS fen FROM settlement ORDER BY no',
        );
        expect(
          await rows(
            `SELECT source_claim_no AS no, total_fee_fen AS fen FROM claim_standing ORDER BY 1`,
          ),
        ).toEqual(truth);
        expect(
          await rows(`SELECT c.source_claim_no AS no, sum(l.line_amount_fen)::text AS fen FROM claim_standing c
          JOIN claim_line l USING (consortium, settled_on, institution, claim_no) GROUP BY 1 ORDER BY 1`),
        ).toEqual(truth);
        const [sums] = await rows<{ books: string; source: string }>(
          `SELECT (SELECT coalesce(sum(total_fee_fen), 0) FROM claim)::text AS books,
             (SELECT coalesce(sum(total_fee_fen), 0) FROM claim_standing)::text AS source`,
        );
        expect(sums?.books).toBe(sums?.source);
      }),
      { numRuns: 8 },
    );
  }, 300_000);
});
