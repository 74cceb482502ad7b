import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { IngestService } from '../../src/ingest/ingest.service.js';
import { HOSPITAL, SiteFolder } from '../ingest/site-folder.js';
import { describeWhen } from '../support/describe-when.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { createMariaDatabase, hasMariaDb, type MariaDatabase, NO_MARIADB } from './mariadb.js';

/** An old HIS: latin1 columns that hold GBK, days as text, one department cut in the middle of a character. */
const SCHEMA = `
  CREATE TABLE js (jsh bigint PRIMARY KEY, jsrq char(8), cbh varchar(20), xz varchar(20) CHARACTER SET latin1,
    ks varchar(20) CHARACTER SET latin1, zje decimal(12,2), tczf decimal(12,2), xj decimal(12,2), KEY (jsrq)) CHARACTER SET latin1;
  INSERT INTO js VALUES
    (1000000000000000001, '20240105', 'P1', x'BED3C3F1', x'C4DABFC6', 12.30, 10.00, 2.30),
    (1000000000000000002, '20240105', 'P2', x'D6B0B9A4', x'CDE2BFC6', 100.00, 80.00, 20.00),
    (1000000000000000003, '20240106', 'P3', x'BED3C3F1', x'CDE2BF', 55.55, 40.00, 15.55),
    (1000000000000000004, '20240201', 'P4', x'BED3C3F1', NULL, 9.00, 5.00, 4.00)`;

const yaml = (options: string): string => `
institution: ${HOSPITAL}
connector: mysql
options: ${options}
streams:
  claims:
    query: SELECT * FROM js
    cursor: jsrq
    cursorFormat: yyyyMMdd
    key: [jsh]
    charsets: { xz: gbk, ks: gb18030 }
    map:
      claimNo: jsh
      personId: cbh
      pool: { from: xz, values: { 居民: resident, 职工: employee } }
      careType: { constant: outpatient }
      settledAt: { from: jsrq, format: yyyyMMdd }
      department: ks
      totalFee: zje
      eligible: zje
      deductible: { constant: '0' }
      pooledFundPaid: tczf
      fundPaid: tczf
      accountPaid: { constant: '0' }
      cashPaid: xj
`;

describeWhen(hasMariaDb, { name: 'a window of a HIS on MariaDB', reason: NO_MARIADB }, () => {
  let own: TestDatabase;
  let his: MariaDatabase;
  let ingest: IngestService;
  let folder: SiteFolder;
  const pull = () =>
    ingest.pull(
      { institution: HOSPITAL, window: { from: '2024-01-01', to: '2024-02-01' } },
      new AbortController().signal,
    );

  beforeAll(async () => {
    folder = new SiteFolder();
    [own, his] = await Promise.all([createTestDatabase(), createMariaDatabase()]);
    await his.admin.query(SCHEMA);
    folder.institution('hospital', yaml(JSON.stringify(his.options)));
    ingest = folder.ingest(own.pool);
  });
  afterAll(async () => {
    await own.drop();
    await his.drop();
    folder.remove();
  });

  it('lands what can be read, sets the rest aside with its money, and shows that nothing is lost', async () => {
    const { state, batches } = await pull();
    expect(state).toBe('complete');
    expect(batches).toMatchObject([
      {
        sourceRows: 3,
        landedRows: 2,
        quarantinedRows: 1,
        sourceFen: '16785',
        landedFen: '11230',
        quarantinedFen: '5555',
      },
    ]);
    const { rows } = await own.pool.query(
      'SELECT claim_no, pool, department FROM claim ORDER BY 1',
    );
    expect(rows).toEqual([
      { claim_no: '1000000000000000001', pool: 'resident', department: '内科' },
      { claim_no: '1000000000000000002', pool: 'employee', department: '外科' },
    ]);
    const refused = await own.pool.query('SELECT rule, message, amount_fen FROM quarantine_open');
    expect(refused.rows).toMatchObject([{ rule: 'unreadable-row', amount_fen: '5555' }]);
    expect(refused.rows[0].message).toContain('ks');
  });

  it('finds nothing new in the same window', async () => {
    const { batches } = await pull();
    expect(batches).toMatchObject([{ state: 'complete', newRows: 0, changedRows: 0, sameRows: 2 }]);
  });

  it('does not read a faultless window again until a stored byte of it changes', async () => {
    await his.admin.query(`UPDATE js SET ks = x'CDE2BFC6' WHERE jsh = 1000000000000000003`);
    const first = (await pull()).batches[0]?.batchId;
    expect((await pull()).batches[0]?.batchId).toBe(first);
    await his.admin.query(`UPDATE js SET ks = x'C4DABFC6' WHERE jsh = 1000000000000000003`);
    const again = (await pull()).batches[0];
    expect(again).toMatchObject({ state: 'complete', changedRows: 1, sameRows: 2 });
    expect(again?.batchId).not.toBe(first);
  });
});
