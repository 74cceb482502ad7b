import { describe, expect, it } from '@jest/globals';
import { mysqlStream } from './mysql-options.js';
import { pageStatement, totalsStatement } from './mysql-statements.js';

const stream = mysqlStream.parse({
  query: 'SELECT * FROM js;',
  cursor: 'jssj',
  cursorFormat: 'yyyyMMdd',
  key: ['js`h', 'xh'],
  columns: ['xh', 'zje'],
  amount: 'zje',
});
const window = { from: '2024-01-01', to: '2024-02-01' };
const SOURCE = 'FROM (SELECT * FROM js\n) AS source';
const WITHIN = "WHERE `jssj` >= '20240101' AND `jssj` < '20240201'";

describe('statements for MySQL', () => {
  it('read a page, the columns that only order last', () => {
    expect(pageStatement(stream, { window, after: null, rows: 10, buffered: false })).toBe(
      `SELECT \`xh\`, \`zje\`, \`jssj\`, \`js\`\`h\` ${SOURCE} ${WITHIN} ORDER BY \`jssj\`, \`js\`\`h\`, \`xh\` LIMIT 10`,
    );
  });

  it('go on strictly after a row, entering by the cursor', () => {
    const after = ["_utf8mb4 x'3230'", '7', '2'];
    const text = pageStatement(stream, { window, after, rows: 10, buffered: true });
    expect(text).toMatch(/^SELECT SQL_BUFFER_RESULT /);
    expect(text).toContain(
      "(`jssj` >= _utf8mb4 x'3230' AND ((`jssj` > _utf8mb4 x'3230') OR (`jssj` = _utf8mb4 x'3230' AND `js``h` > 7) OR (`jssj` = _utf8mb4 x'3230' AND `js``h` = 7 AND `xh` > 2)))",
    );
  });

  it('take only literals and days that this connector can have written', () => {
    const page = { window, after: ['1 OR 1=1'], rows: 10, buffered: false };
    expect(() => pageStatement(stream, page)).toThrow(RangeError);
    expect(() => totalsStatement(stream, { from: "' OR ''='", to: '2024-01-01' })).toThrow(
      RangeError,
    );
  });

  it('count, add up exactly, and hash what is stored', () => {
    const cells = ['xh', 'zje', 'jssj', 'js``h'].map(
      (column) => `COALESCE(HEX(CAST(\`${column}\` AS BINARY)), 'N')`,
    );
    const hashes = `COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS('|', ${cells.join(', ')})), 15), 16, 10) AS UNSIGNED)), 0)`;
    expect(totalsStatement(stream, window)).toBe(
      `SELECT COUNT(*), CAST(COALESCE(SUM(ROUND(CAST(\`zje\` AS DECIMAL(38, 8)), 2)), 0) AS DECIMAL(38, 2)), ${hashes} ${SOURCE} ${WITHIN}`,
    );
  });
});
