import { describe, expect, it } from '@jest/globals';
import { refusedSelect } from './single-select.js';

describe('a configured query', () => {
  it.each([
    'SELECT a FROM t',
    'select a from t;',
    "SELECT ';' AS a, 'it''s' AS b FROM t -- ; and a remark\n",
    'WITH x AS (SELECT 1 AS a) SELECT a FROM x',
    'SELECT "列;名", `b)`, [c;d] FROM t /* ; */ WHERE (a = 1 OR (b = 2))',
    "SELECT a FROM t WHERE name LIKE 'A\\_%'",
    'SELECT update_time, created, is_deleted FROM t',
  ])('is taken: %s', (query) => {
    expect(refusedSelect(query)).toBeNull();
  });

  it.each([
    ['DELETE FROM t', '须是一条 SELECT'],
    ['SELECT a FROM t; SELECT b FROM t', '不能含分号'],
    ['SELECT 1) AS x UNION SELECT (2', '括号没有配对'],
    ['SELECT (1', '括号没有配对'],
    ["SELECT 'a FROM t", '没有配对'],
    ["SELECT '\\' ) AS s; DROP TABLE t; -- '", '没有配对'],
    ['SELECT /*!50000 a */ FROM t', '没有配对'],
    ['SELECT a FROM t FOR UPDATE', '加锁'],
    ['SELECT a FROM t LOCK IN SHARE MODE', '加锁'],
    ['SELECT a INTO b FROM t', 'INTO'],
    ['WITH gone AS (DELETE FROM t RETURNING a) SELECT a FROM gone', 'DELETE'],
    ['EXEC sp_who', '须是一条 SELECT'],
  ])('is refused: %s', (query, reason) => {
    expect(refusedSelect(query)).toContain(reason);
  });
});
