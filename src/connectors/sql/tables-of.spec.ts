import { describe, expect, it } from '@jest/globals';
import { bareName, tablesOf } from './tables-of.js';

describe('tables of a query', () => {
  it.each([
    ['SELECT * FROM settlement', ['settlement']],
    [
      'SELECT * FROM dbo.setlinfo AS a\nJOIN [dbo].[fee detail] b ON 1 = 1',
      ['dbo.setlinfo', '[dbo].[fee detail]'],
    ],
    ['SELECT 1 FROM (SELECT * FROM "FYXM" UNION ALL SELECT * FROM "FYYP") x', ['"FYXM"', '"FYYP"']],
    [
      'WITH t AS (SELECT * FROM 明细) SELECT * FROM t JOIN 明细 USING (a) -- from nothing',
      ['明细'],
    ],
  ])('%s', (query, tables) => expect(tablesOf(query)).toEqual(tables));

  it('have a bare name', () => {
    expect(['dbo.setlinfo', '[dbo].[fee detail]', '"FYXM"'].map(bareName)).toEqual([
      'setlinfo',
      'fee detail',
      'FYXM',
    ]);
  });
});
