import { describe, expect, it } from '@jest/globals';
import { CellTexts } from './cell-texts.js';
import { LineCells } from './line-cells.js';

describe('the texts of a column', () => {
  it('are those of the cells, however many there are and however often they come', () => {
    const codes = Array.from({ length: 30_000 }, (_, index) => `X${(index * 7919) % 20_011}`);
    const others = ['Ã©', 'é', '\\N', '', '结算', 'a code longer than is remembered'];
    const given = [...codes, ...others, ...codes.slice(0, 100), ...others.toReversed()];
    const cells = new LineCells(1);
    const texts = new CellTexts(0);
    expect(cells.open(Buffer.from(given.map((text) => `${text}\n`).join('')))).toBe(true);
    const read = given.map(() => {
      cells.next();
      return texts.text(cells);
    });
    expect(read).toEqual(given.map((text) => (text === '\\N' ? null : text)));
  });
});
