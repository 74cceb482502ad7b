import { describe, expect, it } from '@jest/globals';
import { openRawContent, packRawContent } from './raw-content.client.js';
import { parseRawContent, rawContentBytes, rawRowLines, rowsOfLines } from './raw-content.js';

const COLUMNS = ['号', '名'];

describe('raw rows of a slice', () => {
  const rows = [['1', '甲],["乙'], ['2', null], ['', '\\N'], ['第 3 行 \n "'], ['4', 'a\nb\t\\']];
  const content = rawContentBytes(COLUMNS, [
    rawRowLines(rows.slice(0, 2)),
    rawRowLines(rows.slice(2)),
  ]);

  it('come back cell for cell', () => {
    expect(parseRawContent(content)).toEqual({ columns: COLUMNS, rows });
    expect(rowsOfLines(rawRowLines(rows))).toEqual(rows);
  });

  it('come back from their compression', async () => {
    expect(await openRawContent(await packRawContent(content))).toEqual({ columns: COLUMNS, rows });
  });

  it('may be none', () => {
    expect(parseRawContent(rawContentBytes(COLUMNS, []))).toEqual({ columns: COLUMNS, rows: [] });
  });
});
