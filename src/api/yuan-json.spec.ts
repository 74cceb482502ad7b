import { describe, expect, it } from '@jest/globals';
import { inYuan } from './yuan-json.js';

describe('inYuan', () => {
  it('turns amounts into yuan, at any depth, and leaves the rest', () => {
    expect(
      inYuan({
        rows: '12',
        amountFen: '-120050',
        landed: { fen: 5n, rows: '1' },
        items: [{ readFen: null, text: '100' }],
        often: '7',
        count: 9n,
      }),
    ).toEqual({
      rows: '12',
      amountYuan: '-1200.50',
      landed: { yuan: '0.05', rows: '1' },
      items: [{ readYuan: null, text: '100' }],
      often: '7',
      count: '9',
    });
  });
});
