import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawBatch, SourceSession } from '../../src/connectors/connector.js';
import { mysqlConnector } from '../../src/connectors/mysql/mysql.connector.js';
import type { MysqlStream } from '../../src/connectors/mysql/mysql-options.js';
import { describeWhen } from '../support/describe-when.js';
import { sourceContext } from './conformance/source-fixture.js';
import { createMariaDatabase, hasMariaDb, type MariaDatabase, NO_MARIADB } from './mariadb.js';

const { signal } = new AbortController();
const ALL = { from: '2024-01-01', to: '2025-01-01' };
/** A moment inside the window for tables that have none. */
const WITHIN = "CAST('2024-06-01' AS DATETIME) AS moment";

function streamOf(settings: Readonly<Record<string, unknown>>): MysqlStream {
  return mysqlConnector.stream.parse({ cursor: 'moment', cursorFormat: 'iso', ...settings });
}

async function collect(batches: AsyncIterable<RawBatch>): Promise<readonly RawBatch[]> {
  const found: RawBatch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

describeWhen(hasMariaDb, { name: 'mysql source', reason: NO_MARIADB }, () => {
  let his: MariaDatabase;
  let session: SourceSession<MysqlStream>;
  const open = (limits: Readonly<Record<string, number>> = {}, options = his.options) => {
    const context = sourceContext('.');
    return mysqlConnector.open(options, { ...context, limits: { ...context.limits, ...limits } });
  };
  const read = async (stream: MysqlStream, from = session, batchRows = 100) =>
    collect(from.read({ stream, window: ALL, batchRows, signal }));

  beforeAll(async () => {
    his = await createMariaDatabase();
    session = await open();
  });
  afterAll(async () => {
    await session.close();
    await his.drop();
  });

  it('gives every type as the text the source holds', async () => {
    const cells: readonly (readonly [definition: string, value: string, text: string])[] = [
      ['bigint', '-9223372036854775808', '-9223372036854775808'],
      ['bigint unsigned', '18446744073709551615', '18446744073709551615'],
      ['int(6) zerofill', '42', '000042'],
      ['bit(20)', "b'10000000000000000001'", '524289'],
      [
        'decimal(38,10)',
        '1234567890123456789012345678.0123456789',
        '1234567890123456789012345678.0123456789',
      ],
      ['decimal(12,2)', '12.30', '12.30'],
      ['double', '0.1e0 + 0.2e0', '0.30000000000000004'],
      ['double', '0.1', '0.1'],
      ['date', "'2024-02-29'", '2024-02-29'],
      ['datetime(6)', "'2024-01-02 23:59:59.123456'", '2024-01-02 23:59:59.123456'],
      ['datetime', "'0000-00-00'", '0000-00-00 00:00:00'],
      ['timestamp', "'2024-01-02 00:00:00'", '2024-01-02 08:00:00'],
      ['time', "'-01:02:03'", '-01:02:03'],
      ['year', '2024', '2024'],
      ['char(10)', "'ab '", 'ab'],
      ['varchar(20) character set gbk', "'阿莫西林'", '阿莫西林'],
      ['varchar(20) character set utf8mb4', "'𠮷'", '𠮷'],
      ['varchar(20) character set utf16', "'床位'", '床位'],
      ['varchar(20) character set latin1', "'café €'", 'café €'],
      ['varchar(20) collate utf8mb4_unicode_ci', "''", ''],
      ['longtext', "repeat('检', 70000)", '检'.repeat(70_000)],
      ['json', `'{"a": 1.50}'`, '{"a": 1.50}'],
      ["enum('男','女')", "'女'", '女'],
      ['varbinary(10)', "x'6162'", 'ab'],
      ['int', 'NULL', ''],
    ];
    const definitions = cells.map(([definition], index) => `c${index} ${definition} NULL`);
    await his.admin.query(`
      SET time_zone = '+00:00', sql_mode = '';
      CREATE TABLE every_type (id int, moment datetime, ${definitions.join(', ')});
      INSERT INTO every_type VALUES (1, '2024-01-01', ${cells.map(([, value]) => value).join(', ')})`);
    const columns = cells.map((_, index) => `c${index}`);
    const stream = streamOf({ query: 'SELECT * FROM every_type', key: ['id'], columns });
    const [batch] = await read(stream);
    const found = batch?.rows[0]?.slice(0, cells.length);
    expect(found).toEqual(cells.map(([, value, text]) => (value === 'NULL' ? null : text)));
  });

  it('reads GBK bytes in a latin1 column, also where they are the key', async () => {
    // 阿莫西林 · 挂号 · a character of four bytes · plain
    const names = ['B0A2C4AACEF7C1D6', 'B9D2BAC5', '95328236', '41'];
    await his.admin.query(`
      CREATE TABLE old_his (name varchar(20) character set latin1, moment datetime, fee decimal(10,2));
      INSERT INTO old_his VALUES ${names.map((hex) => `(x'${hex}', '2024-01-01', 1.00)`).join(', ')}`);
    const stream = streamOf({
      query: 'SELECT * FROM old_his',
      key: ['name'],
      columns: ['name', 'fee'],
      charsets: { name: 'gb18030' },
    });
    const small = await open({ pageRows: 1 });
    const rows = (await read(stream, small)).flatMap((batch) => batch.rows);
    await small.close();
    const texts = rows.map(([name]) => name);
    const expected = names.map((hex) => new TextDecoder('gb18030').decode(Buffer.from(hex, 'hex')));
    expect([...texts].sort()).toEqual([...expected].sort());
    expect(texts).toContain('阿莫西林');
  });

  it('sets a row aside whose bytes are not text, with what it counts for', async () => {
    await his.admin.query(`
      CREATE TABLE broken (id int, name varchar(20) character set latin1, moment datetime, fee decimal(10,2));
      INSERT INTO broken VALUES (1, x'B0A2', '2024-01-01', 1.00), (2, x'B0', '2024-01-01', -2.50), (3, x'B9D2', '2024-01-01', 4.00)`);
    const stream = streamOf({
      query: 'SELECT * FROM broken',
      key: ['id'],
      columns: ['id', 'name', 'fee'],
      amount: 'fee',
      charsets: { name: 'gbk' },
    });
    const [batch] = await read(stream);
    expect(batch?.rows.map(([id]) => id)).toEqual(['1', '3']);
    expect(batch?.unreadable).toEqual([
      {
        position: 2,
        reason: '列 name 的字节不合其编码',
        raw: '2,\\xb0,-2.50,2024-01-01 00:00:00',
        amountFen: -250n,
      },
    ]);
    const totals = await session.controlTotals({ stream, window: ALL, signal });
    expect(totals).toMatchObject({ rows: 3, amountFen: 250n });
  });

  it('pages without skipping or repeating where many rows share a moment', async () => {
    await his.admin.query(`
      CREATE TABLE visits (no varchar(24) character set gbk, part tinyint, moment datetime, PRIMARY KEY (no, part));
      INSERT INTO visits SELECT CONCAT('门诊', LPAD(seq DIV 2, 6, '0')), seq MOD 2, '2024-03-01' + INTERVAL seq DIV 50 HOUR FROM seq_1_to_500`);
    const stream = streamOf({
      query: 'SELECT * FROM visits',
      key: ['no', 'part'],
      columns: ['no', 'part'],
    });
    const whole = (await read(stream)).flatMap((batch) => batch.rows);
    const small = await open({ pageRows: 7 });
    const paged = (await read(stream, small, 3)).flatMap((batch) => batch.rows);
    await small.close();
    expect(whole).toHaveLength(500);
    expect(paged).toEqual(whole);
  });

  it('sees one state of the source through all pages of a read', async () => {
    await his.admin.query(`
      CREATE TABLE moving (id int PRIMARY KEY, moment datetime);
      INSERT INTO moving SELECT seq, '2024-01-01' FROM seq_1_to_9`);
    const stream = streamOf({ query: 'SELECT * FROM moving', key: ['id'], columns: ['id'] });
    const small = await open({ pageRows: 3 });
    let rows = 0;
    for await (const batch of small.read({ stream, window: ALL, batchRows: 3, signal })) {
      if (rows === 0) await his.admin.query('DELETE FROM moving WHERE id > 3');
      rows += batch.rows.length;
    }
    await small.close();
    expect(rows).toBe(9);
  });

  it.each([
    ['a key without a value', 'SELECT NULL AS id, %', '为空'],
    ['a floating key', 'SELECT 0.5e0 AS id, %', 'id'],
  ])('refuses %s, for reading could not go on after it', async (_, query, message) => {
    const stream = streamOf({ query: query.replace('%', WITHIN), key: ['id'], columns: ['id'] });
    await expect(read(stream)).rejects.toMatchObject({
      code: 'source.rejected',
      message: expect.stringContaining(message),
    });
  });

  it('holds the server back while nobody takes rows', async () => {
    const stream = streamOf({
      query: `SELECT seq, REPEAT('x', 2000) AS filler, ${WITHIN} FROM seq_1_to_40000`,
      key: ['seq'],
      columns: ['seq', 'filler'],
    });
    for await (const batch of session.read({ stream, window: ALL, batchRows: 500, signal })) {
      expect(batch.rows).toHaveLength(500);
      const before = process.memoryUsage().rss;
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
      expect(await his.running()).toBe(1); // the server waits for us: 80 MB do not fit between
      break;
    }
    expect(await his.running()).toBe(0);
    expect((await session.controlTotals({ stream, window: ALL, signal })).rows).toBe(40_000);
  });

  it('tells of a login that may write, and of columns that lose digits', async () => {
    await his.admin.query(`
      CREATE TABLE floats (id int, moment datetime, price float);
      GRANT INSERT, UPDATE ON floats TO ${his.options.user}@'%'`);
    const writer = await open();
    const stream = streamOf({
      query: 'SELECT * FROM floats',
      key: ['id'],
      columns: ['id', 'price', 'gone'],
    });
    const findings = await writer.probe({ lines: stream }, signal);
    const inspection = await writer.inspect?.(stream, signal);
    await writer.close();
    expect(findings.map(({ check, ok }) => [check, ok])).toEqual([
      ['版本', true],
      ['传输加密', true],
      ['字符集', true],
      ['会话只读', true],
      ['账号只读', false],
      ['试写被拒绝', false],
    ]);
    expect(findings[4]?.detail).toContain('INSERT');
    expect(findings[5]?.detail).toContain('INSERT');
    expect(inspection?.columns.map(({ name }) => name)).not.toContain('gone');
    expect(inspection?.findings).toMatchObject([{ check: '列类型', ok: false }]);
  });

  it('does not let a session write even where the login may', async () => {
    await his.admin.query(`
      CREATE TABLE ledger (id int, moment datetime);
      INSERT INTO ledger VALUES (1, '2024-01-01')`);
    const { hostname, port } = new URL(process.env['MARIADB_URL'] ?? '');
    const root = { ...his.options, host: hostname, port, user: 'root', password: '' };
    const admin = await open({}, root);
    const [, , , session, login] = await admin.probe({}, signal);
    await admin.close();
    expect(session).toMatchObject({ check: '会话只读', ok: true });
    expect(login).toMatchObject({ check: '账号只读', ok: false });
    const [tables] = await his.admin.query("SHOW TABLES LIKE 'heyi%'");
    expect(tables).toEqual([]);
  });
});

describe('the mysql stream', () => {
  it('does not take a second statement', () => {
    const given = { query: 'SELECT 1; DROP TABLE t', key: ['a'], columns: ['a'] };
    expect(() => streamOf(given)).toThrow('分号');
  });
});
