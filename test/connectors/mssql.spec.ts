import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mssqlConnector } from '../../src/connectors/mssql/mssql.connector.js';
import { describeWhen } from '../support/describe-when.js';
import {
  type FixtureRow,
  type PreparedSource,
  type SourceFixture,
  sourceContext,
} from './conformance/source-fixture.js';
import { connectorConformance } from './conformance/suite.js';
import { createMssqlDatabase, hasMssql, type MssqlDatabase, NO_MSSQL } from './mssql-server.js';

/** A HIS on SQL Server, read through a login that may only select. */
class MssqlFixture implements SourceFixture {
  private his: MssqlDatabase | null = null;

  async prepare(rows: readonly FixtureRow[]): Promise<PreparedSource> {
    this.his = await createMssqlDatabase();
    const values = rows.map(({ no, settled, name, amount }) => {
      const named = name === null ? 'NULL' : `N'${name}'`;
      return `(${no}, '${settled.replace(' ', 'T')}', ${named}, ${amount})`;
    });
    await this.his.run(
      `CREATE TABLE settlement (no bigint, settled datetime, name nvarchar(40), amount decimal(12,2));
       INSERT INTO settlement VALUES ${values.join(', ')}`,
    );
    return {
      options: { ...this.his.options },
      stream: {
        query: 'SELECT * FROM settlement;',
        cursor: 'settled',
        cursorFormat: 'iso',
        key: ['no'],
        columns: ['no', 'settled', 'name', 'amount'],
        amount: 'amount',
      },
      context: sourceContext('.'),
    };
  }

  lacking(source: PreparedSource): PreparedSource {
    return { ...source, stream: { ...source.stream, columns: ['no', 'absent'] } };
  }

  unreachable(source: PreparedSource): PreparedSource {
    return { ...source, options: { ...source.options, port: '1' } };
  }

  slow(source: PreparedSource): PreparedSource {
    const query = `SELECT settlement.*, (SELECT COUNT_BIG(*) FROM sys.all_columns a CROSS JOIN sys.all_columns b CROSS JOIN sys.all_columns c WHERE a.name + b.name <> c.name) AS waited FROM settlement`;
    const columns = ['no', 'settled', 'name', 'amount', 'waited'];
    return { ...source, stream: { ...source.stream, query, columns } };
  }

  async running(): Promise<number> {
    return (await this.his?.running()) ?? 0;
  }

  async dispose(): Promise<void> {
    await this.his?.drop();
  }
}

describeWhen(hasMssql, { name: 'mssql on SQL Server', reason: NO_MSSQL }, () => {
  connectorConformance('mssql', new MssqlFixture());

  const CELLS: readonly (readonly [definition: string, value: string, text: string])[] = [
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['tinyint', '255', '255'],
    ['bit', '1', '1'],
    [
      'decimal(38,10)',
      '1234567890123456789012345678.0123456789',
      '1234567890123456789012345678.0123456789',
    ],
    ['money', '922337203685477.5807', '922337203685477.5807'],
    ['smallmoney', '12.3', '12.3000'],
    ['float', '12.3', '12.3'],
    ['real', '12.3', '12.3'],
    ['date', "'20240229'", '2024-02-29'],
    ['datetime', "'2024-01-02T23:59:59.997'", '2024-01-02 23:59:59.997'],
    ['datetime2(7)', "'2024-01-02T23:59:59.1234567'", '2024-01-02 23:59:59.1234567'],
    ['smalldatetime', "'2024-01-02T23:59:00'", '2024-01-02 23:59:00'],
    ['datetimeoffset(0)', "'2024-01-02T08:00:00+08:00'", '2024-01-02 08:00:00.0000000'],
    ['varchar(20)', "N'阿莫西林'", '阿莫西林'],
    ['varchar(max)', "REPLICATE(CONVERT(varchar(max), N'检'), 9000)", '检'.repeat(9_000)],
    ['char(4)', "'ab'", 'ab  '],
    ['nvarchar(20)', "N'𠮷'", '𠮷'],
    ['text', "N'床位'", '床位'],
    [
      'uniqueidentifier',
      "'6F9619FF-8B86-D011-B42D-00C04FC964FF'",
      '6F9619FF-8B86-D011-B42D-00C04FC964FF',
    ],
    ['varbinary(8)', '0xB0A2', '0xB0A2'],
    ['xml', "N'<a>1</a>'", '<a>1</a>'],
    ['int', 'NULL', ''],
  ];
  const columns = CELLS.map((_, index) => `c${index}`);
  const window = { from: '2024-01-01', to: '2025-01-01' };
  const { signal } = new AbortController();
  let his: MssqlDatabase;
  beforeAll(async () => {
    his = await createMssqlDatabase();
    const definitions = CELLS.map(([definition], index) => `c${index} ${definition} NULL`);
    await his.run(`
      CREATE TABLE every_type (id int, moment datetime, ${definitions.join(', ')});
      INSERT INTO every_type VALUES (1, '20240101', ${CELLS.map(([, value]) => value).join(', ')});
      CREATE TABLE visits (no varchar(24) NOT NULL, part tinyint NOT NULL, moment datetime NOT NULL);
      WITH n AS (SELECT TOP (500) ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS seq FROM sys.all_columns)
      INSERT INTO visits SELECT N'门诊' + RIGHT(N'000000' + CONVERT(nvarchar(6), seq / 2), 6), seq % 2, DATEADD(hour, seq / 50, '20240301') FROM n`);
  });
  afterAll(() => his.drop());

  const read = async (
    query: string,
    key: readonly string[],
    names: readonly string[],
    pageRows = 1_000,
  ) => {
    const context = sourceContext('.');
    const limits = { ...context.limits, pageRows };
    const session = await mssqlConnector.open(his.options, { ...context, limits });
    const stream = mssqlConnector.stream.parse({
      query,
      key,
      columns: names,
      cursor: 'moment',
      cursorFormat: 'iso',
    });
    const rows: (readonly (string | null)[])[] = [];
    for await (const batch of session.read({ stream, window, batchRows: 3, signal })) {
      rows.push(...batch.rows);
    }
    await session.close();
    return rows;
  };

  it('gives every type as the text the source holds', async () => {
    const [row] = await read('SELECT * FROM every_type', ['id'], columns, 100);
    expect(row?.slice(0, CELLS.length)).toEqual(
      CELLS.map(([, value, text]) => (value === 'NULL' ? null : text)),
    );
  });

  it('pages without skipping or repeating where many rows share a moment', async () => {
    const paged = await read('SELECT * FROM visits', ['no', 'part'], ['no', 'part'], 7);
    expect(paged).toHaveLength(500);
    expect(paged).toEqual(
      await read('SELECT * FROM visits', ['no', 'part'], ['no', 'part'], 1_000),
    );
  });
});
