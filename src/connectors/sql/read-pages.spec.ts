import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawBatch } from '../connector.js';
import { readPages, resumeToken, totalsOf } from './read-pages.js';

/** A source of so many rows that counts what it is asked for. */
function source(size: number, batchRows: number) {
  const asked: number[] = [];
  const page = async function* (after: string | undefined, rows: number): AsyncGenerator<RawBatch> {
    asked.push(rows);
    const start = after === undefined ? 0 : Number(after);
    const end = Math.min(size, start + rows);
    for (let from = start; from < end; from += batchRows) {
      const to = Math.min(end, from + batchRows);
      const numbers = Array.from({ length: to - from }, (_, index) => [String(from + index)]);
      yield { columns: ['n'], rows: numbers, cursor: String(to) };
    }
  };
  return { asked, page };
}

async function numbersOf(batches: AsyncIterable<RawBatch>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { rows } of batches) found.push(...rows.map(([text]) => Number(text)));
  return found;
}

describe('a window read in pages', () => {
  it('gives every row once, whatever the sizes', async () => {
    const sizes = fc.record({
      size: fc.nat(60),
      batchRows: fc.integer({ min: 1, max: 9 }),
      pageRows: fc.integer({ min: 1, max: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ size, batchRows, pageRows }) => {
        const { page } = source(size, batchRows);
        const limits = { windowRows: 100, pageRows };
        const found = await numbersOf(readPages({ limits, after: undefined, page }));
        expect(found).toEqual(Array.from({ length: size }, (_, index) => index));
      }),
    );
  });

  it.each([
    [10, 10, null],
    [11, 10, 'source.row_budget'],
  ])('of %d rows with a budget of %d', async (size, windowRows, code) => {
    const { page, asked } = source(size, 4);
    const reading = numbersOf(
      readPages({ limits: { windowRows, pageRows: 100 }, after: undefined, page }),
    );
    if (code === null) expect(await reading).toHaveLength(size);
    else await expect(reading).rejects.toMatchObject({ code });
    expect(asked).toEqual([11]); // never more than shows that the budget is passed
  });
});

describe('a resume token', () => {
  it('holds cursor and key', () => {
    expect(resumeToken(['a', null, 'c'], [2, 0])).toBe('["c","a"]');
  });

  it.each([[[null, 'b']], [undefined]])('is not made of what is missing: %j', (row) => {
    expect(() => resumeToken(row, [0])).toThrow('为空');
  });
});

describe('totals of the source', () => {
  it.each([
    ['2', '12.30', 1230n],
    ['0', '0', 0n],
    ['3', '-0.05', -5n],
    ['3', null, null],
  ])('%s rows, %s yuan', (rows, sum, amountFen) => {
    expect(totalsOf([rows, sum])).toEqual({ rows: Number(rows), amountFen });
  });

  it('are not a guess', () => {
    expect(() => totalsOf(['1', '1e20'])).toThrow('1e20');
  });
});
