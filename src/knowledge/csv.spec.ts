import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCsv, parseCsv, splitLine } from './csv.js';

describe('one line of CSV', () => {
  it.each<[string, string[] | null]>([
    ['a,b', ['a', 'b']],
    ['a,,', ['a', '', '']],
    ['', ['']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    ['a,""', ['a', '']],
    ['"open,b', null],
    ['a"b,c', null],
    ['"a"b,c', null],
  ])('%j', (line, cells) => expect(splitLine(line)).toEqual(cells));
});

describe('a table', () => {
  it('reads what was written', () => {
    const cell = fc.string().map((text) => text.replaceAll(/[\n\r]/g, ' '));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const read = parseCsv(formatCsv(['first', 'second'], rows), 'x.csv');
        expect(read.map((row) => [row['first'], row['second']])).toEqual(rows);
      }),
    );
  });

  it.each<[string, RegExp]>([
    ['a,b\n1,2\n1,2,3\n', /x\.csv 第 3 行/],
    ['a,b\n"1,2\n', /x\.csv 第 2 行/],
    ['', /x\.csv 第 1 行/],
  ])('refuses %j by line', (text, message) =>
    expect(() => parseCsv(text, 'x.csv')).toThrow(message),
  );
});
