import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readClaimsInPersonOrder } from '../../src/claims/claim.repository.js';
import type { ClaimRecord } from '../../src/claims/claim-record.js';
import type { IngestService } from '../../src/ingest/ingest.service.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';
import { HOSPITAL, optionsOf, SiteFolder } from './site-folder.js';

/** A HIS with Chinese names, money as double precision, reversals by a status column and quantity as a product. */
const SCHEMA = `
  CREATE TABLE 结算 (结算号 bigint, 原结算号 bigint, 状态 text, 参保号 text, 身份证 text, 性别 text, 险种 text, 类别 text,
    结算时间 timestamp, 入院 text, 出院 text, 总额 double precision, 统筹 double precision, 现金 double precision);
  CREATE TABLE 明细 (结算号 bigint, 结算时间 timestamp, 序号 int, 项目 text, 名称 text, 付数 numeric, 数次 numeric,
    单价 numeric, 金额 double precision, 状态 text);
  INSERT INTO 结算 VALUES
    (1000000000000000001, null, '1', 'P1', '460200199001011234', '男', '390', '门诊', '2024-01-05 08:00', null, null, 12.300000000000001, 10, 2.3),
    (1000000000000000002, null, '1', 'P2', null, '女', '310', '住院', '2024-01-06 09:30', '20240101', '20240106', 100, 80, 20),
    (1000000000000000003, 1000000000000000001, '2', 'P1', null, '男', '390', '门诊', '2024-01-07 08:00', null, null, 12.3, 10, 2.3),
    (1000000000000000004, null, '1', 'P3', null, '女', '390', '住院', '2024-01-08 08:00', '20240230', '20240306', 55.55, 40, 15.55),
    (1000000000000000005, null, '1', 'P3', null, '女', '390', '门诊', '2024-01-09 08:00', null, null, -5, -5, 0),
    (1000000000000000006, null, '1', 'P3', null, '女', '510', '门诊', '2024-01-10 08:00', null, null, 7, 5, 2),
    (1000000000000000007, null, '1', 'P4', null, '女', '390', '门诊', '2024-02-01 00:00', null, null, 9, 5, 4);
  INSERT INTO 明细 VALUES
    (1000000000000000001, '2024-01-05 08:00', 1, 'L1', '挂号', 1, 1, 2.3, 2.3, '1'),
    (1000000000000000001, '2024-01-05 08:00', 2, 'L2', '草药', 5, 2, 1, 10, '1'),
    (1000000000000000002, '2024-01-06 09:30', 1, 'L3', '床位', 1, 2, 50, 99.00, '1'),
    (1000000000000000002, '2024-01-06 09:30', 2, 'L9', '无对照', 1, 2, 50, 100, '1'),
    (1000000000000000003, '2024-01-07 08:00', 1, 'L1', '挂号', 1, 1, 2.3, 2.3, '2');`;

const yaml = (options: string): string => `
institution: ${HOSPITAL}
connector: postgres
options: ${options}
catalogue: { items: tables/items.csv }
streams:
  claims:
    query: SELECT *, CASE WHEN 状态 = '2' THEN -总额 ELSE 总额 END AS 带符号 FROM 结算
    cursor: 结算时间
    key: [结算号]
    amount: 带符号
    reversal: { column: 状态, is: ['2'], refundOf: 原结算号 }
    map:
      claimNo: 结算号
      personId: 参保号
      certificate: 身份证
      sex: { from: 性别, values: { 男: male, 女: female } }
      pool: { from: 险种, values: { '310': employee, '390': resident } }
      careType: { from: 类别, values: { 门诊: outpatient, 住院: inpatient } }
      settledAt: 结算时间
      admittedAt: { from: 入院, format: yyyyMMdd }
      dischargedAt: { from: 出院, format: yyyyMMdd }
      totalFee: { from: 总额, as: yuan-from-double }
      eligible: { from: 总额, as: yuan-from-double }
      deductible: { constant: '0' }
      pooledFundPaid: { from: 统筹, as: yuan-from-double }
      fundPaid: { from: 统筹, as: yuan-from-double }
      accountPaid: { constant: '0' }
      cashPaid: { from: 现金, as: yuan-from-double }
    expect: [fundPaid + cashPaid = totalFee, admittedAt <= dischargedAt]
  lines:
    query: SELECT *, CASE WHEN 状态 = '2' THEN -金额 ELSE 金额 END AS 带符号 FROM 明细
    cursor: 结算时间
    key: [结算号, 序号]
    amount: 带符号
    reversal: { column: 状态, is: ['2'] }
    map:
      claimNo: 结算号
      settledAt: 结算时间
      lineNo: 序号
      chargedAt: { from: 结算时间, format: iso }
      institutionItemCode: 项目
      itemName: 名称
      itemKind: { constant: service }
      quantity: { product: [付数, 数次] }
      unitPrice: 单价
      lineAmount: { from: 金额, as: yuan-from-double }
      eligibleAmount: { from: 金额, as: yuan-from-double }
`;

const JANUARY = { from: '2024-01-01', to: '2024-02-01' };
const signal = new AbortController().signal;

describe('a window of a PostgreSQL HIS', () => {
  let own: TestDatabase;
  let his: TestDatabase;
  let ingest: IngestService;
  const folder = new SiteFolder();

  beforeAll(async () => {
    [own, his] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
    await his.pool.query(SCHEMA);
    folder.institution('hospital', yaml(optionsOf(his.url)));
    folder.write(
      'site/tables/items.csv',
      'local,national,valid_from,valid_to,proposed_by,approved_by\nL1,N1,2020-01-01,,王,李\nL2,N2old,2020-01-01,2024-01-05,王,李\nL2,N2,2024-01-05,,王,李\nL3,N3,2024-02-01,,王,李\n',
    );
    ingest = folder.ingest(own.pool);
  });
  afterAll(async () => {
    await own.drop();
    await his.drop();
    folder.remove();
  });

  it('lands what is good, quarantines the rest, and shows that nothing is lost', async () => {
    const result = await ingest.pull({ institution: HOSPITAL, window: JANUARY }, signal);
    expect(result.state).toBe('complete');
    expect(result.batches).toMatchObject([
      {
        stream: 'claims',
        sourceRows: 6,
        landedRows: 3,
        quarantinedRows: 3,
        sourceFen: '15755',
        landedFen: '10000',
        quarantinedFen: '5755',
        newRows: 3,
      },
      {
        stream: 'lines',
        sourceRows: 5,
        landedRows: 4,
        quarantinedRows: 1,
        sourceFen: '20900',
        landedFen: '11000',
        newRows: 4,
      },
    ]);
    const { rows } = await own.pool.query(
      'SELECT stream, rule, field, amount_fen, message FROM quarantine_open ORDER BY stream, natural_key NULLS FIRST, quarantine_id',
    );
    expect(rows.map(({ rule, field, amount_fen }) => [rule, field, amount_fen])).toEqual([
      ['no-such-date', 'admittedAt', '5555'],
      ['negative-without-refund', 'totalFee', '-500'],
      ['unknown-value', 'pool', '700'],
      ['quantity-price-amount', 'lineAmount', '9900'],
    ]);
    expect(rows[0].message).toContain('20240230');
  });

  it('keeps the reversal as a negative claim that names what it takes back', async () => {
    const { rows } = await own.pool.query(
      `SELECT claim_no, refund_of, total_fee_fen, cash_paid_fen, period, version FROM claim ORDER BY claim_no`,
    );
    expect(rows).toEqual([
      {
        claim_no: '1000000000000000001',
        refund_of: null,
        total_fee_fen: '1230',
        cash_paid_fen: '230',
        period: '2024-01',
        version: 1,
      },
      {
        claim_no: '1000000000000000002',
        refund_of: null,
        total_fee_fen: '10000',
        cash_paid_fen: '2000',
        period: '2024-01',
        version: 1,
      },
      {
        claim_no: '1000000000000000003',
        refund_of: '1000000000000000001',
        total_fee_fen: '-1230',
        cash_paid_fen: '-230',
        period: '2024-01',
        version: 1,
      },
    ]);
  });

  it('translates item codes by the day of the charge and leaves the unknown ones to the worklist', async () => {
    const { rows } = await own.pool.query(
      'SELECT institution_item_code, item_code, quantity, line_amount_fen FROM claim_line ORDER BY claim_no, line_no',
    );
    expect(rows).toEqual([
      { institution_item_code: 'L1', item_code: 'N1', quantity: '1.0000', line_amount_fen: '230' },
      {
        institution_item_code: 'L2',
        item_code: 'N2',
        quantity: '10.0000',
        line_amount_fen: '1000',
      },
      {
        institution_item_code: 'L9',
        item_code: null,
        quantity: '2.0000',
        line_amount_fen: '10000',
      },
      {
        institution_item_code: 'L1',
        item_code: 'N1',
        quantity: '-1.0000',
        line_amount_fen: '-230',
      },
    ]);
    const unmapped = await own.pool.query('SELECT kind, local_code, amount_fen FROM unmapped_code');
    expect(unmapped.rows).toEqual([{ kind: 'item', local_code: 'L9', amount_fen: '10000' }]);
  });

  it('changes nothing when the same feed comes twice', async () => {
    const again = await ingest.pull({ institution: HOSPITAL, window: JANUARY }, signal);
    const once = await folder
      .ingest(own.pool)
      .pull({ institution: HOSPITAL, window: JANUARY }, signal);
    expect(again.digest).toBe(once.digest);
    expect(
      again.batches.map(({ newRows, changedRows, sameRows }) => [newRows, changedRows, sameRows]),
    ).toEqual([
      [0, 0, 3],
      [0, 0, 4],
    ]);
    const { rows } = await own.pool.query('SELECT count(*) FROM quarantine');
    expect(rows[0].count).toBe('4');
    const blobs = await own.pool.query('SELECT count(*) FROM raw_blob');
    expect(blobs.rows[0].count).toBe('2');
  });

  it('takes a correction as a new version and resolves the quarantine', async () => {
    await his.pool.query(`
      UPDATE 结算 SET 入院 = '20240301' WHERE 结算号 = 1000000000000000004;
      UPDATE 结算 SET 总额 = 101, 统筹 = 81 WHERE 结算号 = 1000000000000000002`);
    const { batches } = await ingest.pull(
      { institution: HOSPITAL, window: JANUARY, streams: ['claims'] },
      signal,
    );
    expect(batches[0]).toMatchObject({
      newRows: 1,
      changedRows: 1,
      sameRows: 2,
      quarantinedRows: 2,
    });
    const { rows } = await own.pool.query(
      `SELECT state, count(*) FROM quarantine WHERE stream = 'claims' GROUP BY state ORDER BY state`,
    );
    expect(rows).toEqual([
      { state: 'open', count: '2' },
      { state: 'resolved', count: '1' },
    ]);
  });

  it('books a late claim in the next open month and never touches a closed one', async () => {
    await own.pool.query(
      `INSERT INTO settlement_period VALUES ('test-county', '2024-01', now(), 1)`,
    );
    await his.pool.query(`
      INSERT INTO 结算 VALUES (1000000000000000008, null, '1', 'P9', null, '女', '390', '门诊', '2024-01-31 08:00', null, null, 3, 2, 1);
      UPDATE 结算 SET 总额 = 102, 统筹 = 82 WHERE 结算号 = 1000000000000000002`);
    const { batches, state } = await ingest.pull(
      { institution: HOSPITAL, window: JANUARY, streams: ['claims'] },
      signal,
    );
    expect(state).toBe('complete');
    expect(batches[0]).toMatchObject({ newRows: 1, changedRows: 1, quarantinedRows: 2 });
    const { rows } = await own.pool.query(
      `SELECT claim_no, period, total_fee_fen FROM claim WHERE claim_no IN ('1000000000000000002', '1000000000000000008') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { claim_no: '1000000000000000002', period: '2024-01', total_fee_fen: '10100' },
      { claim_no: '1000000000000000008', period: '2024-02', total_fee_fen: '300' },
    ]);
  });

  it('quarantines a person whose number and certificate disagree', async () => {
    await his.pool.query(`
      INSERT INTO 结算 VALUES (1000000000000000010, null, '1', 'P1', '460200199001019999', '男', '390', '门诊', '2024-02-02 08:00', null, null, 3, 2, 1),
        (1000000000000000011, null, '1', null, '460200199001011234', '男', '390', '门诊', '2024-02-03 08:00', null, null, 3, 2, 1)`);
    const { batches } = await ingest.pull(
      {
        institution: HOSPITAL,
        window: { from: '2024-02-01', to: '2024-03-01' },
        streams: ['claims'],
      },
      signal,
    );
    expect(batches[0]).toMatchObject({
      state: 'complete',
      sourceRows: 3,
      landedRows: 2,
      quarantinedRows: 1,
    });
    const { rows } = await own.pool.query(
      `SELECT person_id FROM claim WHERE claim_no = '1000000000000000011'`,
    );
    expect(rows).toEqual([{ person_id: 'P1' }]);
    const conflicts = await own.pool.query('SELECT person_id, state FROM person_conflict');
    expect(conflicts.rows).toEqual([{ person_id: 'P1', state: 'open' }]);
  });

  it('says that there is no data, as its own state', async () => {
    const result = await ingest.pull(
      { institution: HOSPITAL, window: { from: '2024-05-01', to: '2024-06-01' } },
      signal,
    );
    expect(result.state).toBe('empty');
  });

  it('reads a window again only when a value in it changed, be it changed back', async () => {
    const window = { from: '2024-06-01', to: '2024-07-01' };
    const pull = async () => {
      const { batches } = await ingest.pull(
        { institution: HOSPITAL, window, streams: ['claims'] },
        signal,
      );
      const { batchId, newRows, changedRows, sameRows } = batches[0] ?? {};
      return { batchId, counts: [newRows, changedRows, sameRows] };
    };
    const careIs = (text: string) =>
      his.pool.query('UPDATE 结算 SET 类别 = $1 WHERE 结算号 = 1000000000000000021', [text]);
    await his.pool.query(`INSERT INTO 结算 VALUES
      (1000000000000000021, null, '1', 'P9', null, '女', '390', '门诊', '2024-06-05 08:00', null, null, 9, 5, 4)`);
    const first = await pull();
    expect(first.counts).toEqual([1, 0, 0]);
    expect(await pull()).toEqual({ batchId: first.batchId, counts: [0, 0, 1] });
    await careIs('住院');
    expect((await pull()).counts).toEqual([0, 1, 0]);
    await careIs('门诊');
    const last = await pull();
    expect(last.counts).toEqual([0, 1, 0]);
    expect(last.batchId).not.toBe(first.batchId);
  });

  it('rejects a source that lost a column, naming it', async () => {
    await his.pool.query('ALTER TABLE 结算 RENAME 险种 TO 险种类型');
    const { state, batches } = await ingest.pull(
      { institution: HOSPITAL, window: JANUARY, streams: ['claims'] },
      signal,
    );
    expect(state).toBe('rejected');
    expect(batches[0]?.message).toContain('险种');
  });

  it('hands the claims to engines person by person with all that hangs on them', async () => {
    const claims: ClaimRecord[] = [];
    const selection = { consortium: 'test-county', months: ['2024-01', '2024-02'] };
    for await (const batch of readClaimsInPersonOrder(own.pool, selection)) claims.push(...batch);
    expect(claims.map(({ personId, lines }) => [personId, lines.length])).toEqual([
      ['P1', 2],
      ['P1', 1],
      ['P1', 0],
      ['P2', 1],
      ['P2', 1], // taken back
      ['P2', 1], // booked anew
      ['P3', 0],
      ['P4', 0],
      ['P9', 0],
    ]);
    expect(claims[0]?.lines[1]).toMatchObject({
      lineNo: '2',
      chargedAt: '2024-01-05T08:00:00',
      quantity: '10.0000',
    });
  });
});
