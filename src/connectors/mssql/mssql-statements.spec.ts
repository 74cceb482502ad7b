import { describe, expect, it } from '@jest/globals';
import { mssqlStream } from './mssql-options.js';
import {
  assertOrderable,
  describeStatement,
  pageStatement,
  totalsStatement,
} from './mssql-statements.js';

const stream = mssqlStream.parse({
  query: "SELECT * FROM 结算 WHERE 状态 <> N'作废';",
  cursor: '结算时间',
  cursorFormat: 'iso',
  key: ['结算号'],
  columns: ['结算号', '总额', '姓名]'],
  amount: '总额',
});
const columns = [
  { name: '结算号', type: 'bigint', collation: null },
  { name: '结算时间', type: 'datetime', collation: null },
  { name: '总额', type: 'money', collation: null },
  { name: '姓名]', type: 'varchar(40)', collation: 'Chinese_PRC_CI_AS' },
];
const window = { from: '2024-01-01', to: '2024-02-01' };
const SOURCE = "FROM (SELECT * FROM 结算 WHERE 状态 <> N'作废'\n) AS source";
const WITHIN =
  "WHERE source.[结算时间] >= CONVERT(datetime, N'20240101', 112) AND source.[结算时间] < CONVERT(datetime, N'20240201', 112)";

describe('statements for SQL Server', () => {
  it('describe the query without running it', () => {
    expect(describeStatement(stream)).toContain(
      "dm_exec_describe_first_result_set(N'SELECT TOP (0) * FROM (SELECT * FROM 结算 WHERE 状态 <> N''作废''\n) AS source', NULL, 0)",
    );
  });

  it('read a page in the order of the columns themselves, not of their texts', () => {
    const { text, arrivals } = pageStatement(stream, columns, { window, after: null, rows: 100 });
    expect(text).toBe(
      `SELECT TOP (100) CONVERT(nvarchar(20), source.[结算号]), CONVERT(nvarchar(24), source.[总额], 2), CONVERT(nvarchar(40), source.[姓名]]]), CONVERT(nvarchar(23), source.[结算时间], 121) ${SOURCE} ${WITHIN} ORDER BY source.[结算时间], source.[结算号]`,
    );
    expect(arrivals).toEqual(['text', 'text', 'text', 'text']);
  });

  it('go on after a row with values of the columns’ own types', () => {
    const after = ['2024-01-05 08:00:00.997', '9007199254740993'];
    const { text } = pageStatement(stream, columns, { window, after, rows: 100 });
    const [moment, no] = [
      "CONVERT(datetime, N'2024-01-05 08:00:00.997', 121)",
      "CONVERT(bigint, N'9007199254740993')",
    ];
    expect(text).toContain(
      `${WITHIN} AND (source.[结算时间] >= ${moment} AND ((source.[结算时间] > ${moment}) OR (source.[结算时间] = ${moment} AND source.[结算号] > ${no}))) ORDER BY`,
    );
  });

  it('count, add up exactly, and hash every value', () => {
    const cells = [
      'CONVERT(nvarchar(20), source.[结算号])',
      'CONVERT(nvarchar(24), source.[总额], 2)',
      'CONVERT(nvarchar(40), source.[姓名]]])',
      'CONVERT(nvarchar(23), source.[结算时间], 121)',
    ].map((text) => `ISNULL(HASHBYTES('MD5', LEFT(${text}, 4000)), 0x00)`);
    const hashes = `CONVERT(nvarchar(40), COALESCE(SUM(CONVERT(decimal(38, 0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', ${cells.join(' + ')}), 1, 7)))), 0))`;
    expect(totalsStatement(stream, columns, window)).toBe(
      `SELECT CONVERT(nvarchar(20), COUNT_BIG(*)), CONVERT(nvarchar(41), COALESCE(SUM(CONVERT(decimal(38, 2), ROUND(CONVERT(decimal(38, 8), source.[总额]), 2))), 0)), ${hashes} ${SOURCE} ${WITHIN}`,
    );
  });

  it('are not made for a column that is not there, a type without text, or an order that does not hold', () => {
    const lacking = { ...stream, columns: ['absent'] };
    const page = { window, after: null, rows: 1 };
    expect(() => pageStatement(lacking, columns, page)).toThrow('absent');
    const spatial = [{ name: '总额', type: 'geography', collation: null }, ...columns];
    expect(() => pageStatement(stream, spatial, page)).toThrow('geography');
    const floating = [{ name: '结算号', type: 'float', collation: null }, ...columns];
    expect(() => assertOrderable(stream, floating)).toThrow('不能作 cursor 或 key');
  });
});
