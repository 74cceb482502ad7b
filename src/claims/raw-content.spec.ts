import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { openRawContent, packRawContent } from './raw-content.client.js';
import { parseRawContent, rawContentText, rawRowsLine } from './raw-content.js';

const COLUMNS = ['号', '名'];

describe('raw rows of a slice', () => {
  const lines = [
    rawRowsLine([
      ['1', '甲],["乙'],
      ['2', null],
    ]),
    JSON.stringify(['第 3 行 \\n "']),
    rawRowsLine([['4', 'a\nb\t\\N']]),
  ];
  const rows = [['1', '甲],["乙'], ['2', null], ['第 3 行 \\n "'], ['4', 'a\nb\t\\N']];

  it('come back cell for cell, whether written one by one or many at once', () => {
    expect(parseRawContent(rawContentText(COLUMNS, lines))).toEqual({ columns: COLUMNS, rows });
  });

  it('come back from either compression', async () => {
    const text = rawContentText(COLUMNS, lines);
    expect(await openRawContent(await packRawContent(text))).toEqual({ columns: COLUMNS, rows });
    expect(await openRawContent(gzipSync(text))).toEqual({ columns: COLUMNS, rows });
  });

  it('may be none', () => {
    expect(parseRawContent(rawContentText(COLUMNS, []))).toEqual({ columns: COLUMNS, rows: [] });
  });
});
