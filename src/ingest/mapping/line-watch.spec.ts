import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineWatch } from './line-watch.js';

const repeats = (rows: readonly (readonly [string, string])[]): boolean[] => {
  const watch = new LineWatch();
  return rows.map(([claim, line]) => watch.isRepeat(claim, line));
};

describe('a watch over the lines of a slice', () => {
  it.each<[string, [string, string][], boolean[]]>([
    [
      'in the order of texts',
      [
        ['a', '1'],
        ['a', '10'],
        ['a', '2'],
      ],
      [false, false, false],
    ],
    [
      'a number again',
      [
        ['a', '1'],
        ['a', '2'],
        ['a', '1'],
      ],
      [false, false, true],
    ],
    [
      'a number written otherwise is another line',
      [
        ['a', '1'],
        ['a', '01'],
      ],
      [false, false],
    ],
    [
      'the same number of another claim',
      [
        ['a', '1'],
        ['b', '1'],
      ],
      [false, false],
    ],
    [
      'a claim met again',
      [
        ['a', '1'],
        ['b', '1'],
        ['a', '1'],
        ['a', '2'],
      ],
      [false, false, true, false],
    ],
    [
      'long numbers falling',
      [
        ['a', '2000'],
        ['a', '1000'],
        ['a', '2000'],
      ],
      [false, false, true],
    ],
  ])('%s', (_, rows, expected) => {
    expect(repeats(rows)).toEqual(expected);
  });

  it('says what a set of all keys would say', () => {
    const line = fc.oneof(
      fc.nat(12).map(String),
      fc.constantFrom('0', '00', '007', '1000', '999', 'x', 'xy', ''),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), line), { maxLength: 60 }),
        (rows) => {
          const seen = new Set<string>();
          const expected = rows.map(([claim, each]) => {
            const key = `${claim} ${each}`;
            const repeat = seen.has(key);
            seen.add(key);
            return repeat;
          });
          expect(repeats(rows)).toEqual(expected);
        },
      ),
    );
  });
});
